"""What a method is: its name, tier, scopes and function."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.slack.backend import Backend
from playground.slack.channels import Channel
from playground.slack.errors import SlackError
from playground.slack.wire import Args

Answer = dict[str, Any]
Run = Callable[["Call"], Answer]


@dataclass
class Call:
    """One call: the workspace, the arguments, and the warnings its answer will carry."""

    backend: Backend
    args: Args
    warnings: list[str] = field(default_factory=list)

    def need(self, *scopes: str) -> None:
        """Any one of *scopes*, or missing_scope with what is needed and provided."""
        granted = self.backend.app.scopes
        if not granted.intersection(scopes):
            raise SlackError("missing_scope", needed=",".join(scopes[:1]), provided=",".join(sorted(granted)))

    def channel(self, name: str = "channel", *, member: bool = False, by_name: bool = False) -> Channel:
        """The channel argument. Raises channel_not_found (also for a private one the bot is not in), not_in_channel."""
        state = self.backend.state
        given = self.args.required(name)
        found = state.channels.get(given)
        if found is None and by_name:
            found = state.channel(given)
        if found is None or ((found.is_private or found.is_im) and not found.bot_member):
            raise SlackError("channel_not_found")
        if member and not found.bot_member:
            raise SlackError("not_in_channel")
        return found


@dataclass(frozen=True)
class Method:
    """`tier` None is Slack's “special”. `scopes`: any one of them is enough; more are asked for inside `run`."""

    name: str
    run: Run
    tier: Literal[1, 2, 3, 4] | None
    scopes: tuple[str, ...]
    token: Literal["bot", "app", "none"]
    takes_json: bool


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    tier: Literal[1, 2, 3, 4] | None,
    scopes: tuple[str, ...] = (),
    token: Literal["bot", "app", "none"] = "bot",
    takes_json: bool = True,
) -> Callable[[Run], Run]:
    """Register a function as a method."""

    def register(run: Run) -> Run:
        METHODS[name] = Method(name, run, tier, scopes, token, takes_json)
        return run

    return register
