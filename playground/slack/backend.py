"""The parts of the workspace that its doors share."""

from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING

from bot.clock import Clock
from playground.slack.app import AppManifest
from playground.slack.faults import Faults
from playground.slack.feed import Feed
from playground.slack.journal import Journal
from playground.slack.limits import Limits
from playground.slack.sockets import Sockets
from playground.slack.state import State
from playground.slack.timers import Tasks
from playground.slack.triggers import Triggers
from playground.slack.views import Views

if TYPE_CHECKING:
    from playground.slack.events import Events
    from playground.slack.files import Files
    from playground.slack.hooks import Hooks


@dataclass
class Tokens:
    """The made-up secrets of the installation.

    `refusal` is what calls with the bot token answer once it is set: token_revoked, account_inactive, token_expired.
    """

    bot: str = field(default_factory=lambda: f"xoxb-1000000000-2000000000-{token_hex(12)}")
    app: str = field(default_factory=lambda: f"xapp-1-A0AIKEYS-3000000000-{token_hex(32)}")
    verification: str = field(default_factory=lambda: token_hex(12))
    refusal: str | None = None


@dataclass
class Backend:
    """One of each. `base` is the workspace's address without a slash at the end, known once it listens."""

    clock: Clock
    app: AppManifest
    tokens: Tokens
    feed: Feed
    journal: Journal
    state: State
    limits: Limits
    triggers: Triggers
    views: Views
    sockets: Sockets
    faults: Faults
    tasks: Tasks
    hooks: "Hooks" = field(init=False)
    files: "Files" = field(init=False)
    events: "Events" = field(init=False)
    base: str = ""
    failures: list[dict[str, str]] = field(default_factory=list)

    def failed(self, user: str, channel: str, text: str) -> None:
        """What Slack says in grey to one person, and keeps nowhere."""
        self.failures.append({"user": user, "channel": channel, "text": text})
        event = {"type": "failed", "channel": channel, "text": text}
        self.feed.publish(event, lambda each: each == user)
