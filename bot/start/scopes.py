"""The Slack scopes the bot asks for, each with its reason: `manifest.yml` and the checks at start are made from here.

Scope names: docs.slack.dev/reference/scopes. What a later feature needs is added with that feature.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """A bot scope. *why* completes “so that the bot can”; *lost* is what one loses without an optional one."""

    name: str
    why: str
    lost: str = ""

    @property
    def optional(self) -> bool:
        """True where the bot works without it and says what is lost."""
        return bool(self.lost)


SCOPES = (
    Scope("app_mentions:read", "be asked by @aikeys inside threads, where slash commands do not work"),
    Scope("chat:write", "answer, and edit its answers"),
    Scope("chat:write.public", "answer in public channels without being invited first"),
    Scope("commands", "be asked by /aikeys"),
    Scope("im:history", "be asked in a direct message"),
    Scope("users:read", "tell members from guests and outsiders before it answers"),
    Scope(
        "channels:read",
        "see whether a channel is shared with another workspace before it shows logs there",
        "logs are shown in direct messages only",
    ),
    Scope(
        "groups:read",
        "see the same of private channels",
        "in a private ops or incident channel logs are shown in direct messages only",
    ),
    Scope(
        "channels:history",
        "look for its own post when Slack broke off without saying whether it took it",
        "after a broken connection an answer in a public channel may appear twice",
    ),
    Scope(
        "groups:history",
        "do the same in private channels it was invited to",
        "after a broken connection an answer in a private channel may appear twice",
    ),
    Scope(
        "files:write",
        "put long texts into a thread as a file: the diff of a deploy, log lines",
        "long texts are cut, and a sentence says so",
    ),
    Scope(
        "reactions:read",
        "take a message into an incident's timeline when somebody pins it with an emoji",
        "messages cannot be put into a timeline by emoji",
    ),
    Scope(
        "channels:manage",
        "open a channel for a P0, name it, and ask the right people in",
        "a P0 has no channel of its own",
    ),
    Scope(
        "groups:write",
        "do the same in private, where a P0 is about security",
        "a P0 about security has no channel of its own",
    ),
    Scope(
        "pins:write",
        "pin the card in that channel",
        "the card of a P0 is not pinned",
    ),
    Scope(
        "usergroups:read",
        "give roles to user groups and follow their membership",
        "roles can be given to people only, not to user groups",
    ),
)

EVENTS = (
    ("app_home_opened", "the Home tab shows the project and what you may ask"),
    ("app_mention", "@aikeys health, in threads too"),
    ("message.im", "health, in a direct message"),
    ("reaction_added", "a 📌 puts a message into an incident's timeline"),
)


def missing(granted: frozenset[str]) -> tuple[list[Scope], list[Scope]]:
    """Return the required and the optional scopes that are not in *granted*."""
    lacking = [scope for scope in SCOPES if scope.name not in granted]
    return [scope for scope in lacking if not scope.optional], [scope for scope in lacking if scope.optional]
