"""The app as it is installed: what its manifest says it may do."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

# docs.slack.dev: the scopes of the methods the bot calls; the second list is what a workspace may refuse.
REQUIRED = (
    "commands",
    "chat:write",
    "chat:write.public",
    "channels:read",
    "channels:manage",
    "channels:join",
    "users:read",
    "usergroups:read",
    "app_mentions:read",
    "im:write",
    "im:history",
)
OPTIONAL = (
    "pins:write",
    "bookmarks:write",
    "reactions:write",
    "reactions:read",
    "files:write",
    "users:read.email",
    "team:read",
    "groups:write",
    "channels:history",
    "groups:history",
    "links:read",
    "links:write",
)
EVENTS = ("app_home_opened", "app_mention", "message.im", "reaction_added")


@dataclass(frozen=True)
class Command:
    """A slash command. `should_escape` turns @names, #channels and URLs into Slack's `<…>` forms."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = True


@dataclass(frozen=True)
class Shortcut:
    """A global or a message shortcut."""

    name: str
    type: Literal["global", "message"]
    callback_id: str
    description: str = ""


@dataclass
class AppManifest:
    """What of manifest.yml changes how Slack treats the app. `scopes` may be changed while the workspace runs."""

    name: str = "AIKeys"
    bot_name: str = "aikeys"
    commands: list[Command] = field(
        default_factory=lambda: [Command("/aikeys", "The operations runbook of AIKeys Wallet", "health | help")]
    )
    shortcuts: list[Shortcut] = field(default_factory=list)
    scopes: set[str] = field(default_factory=lambda: {*REQUIRED, *OPTIONAL})
    events: set[str] = field(default_factory=lambda: set(EVENTS))
    home_tab: bool = True
    messages_tab: bool = True
    socket_mode: bool = True


def from_mapping(manifest: dict[str, Any]) -> AppManifest:
    """Read a parsed manifest; every optional scope counts as granted. Raises KeyError on a shapeless one."""
    features = manifest.get("features", {})
    settings = manifest.get("settings", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    home = features.get("app_home", {})
    return AppManifest(
        name=manifest["display_information"]["name"],
        bot_name=features.get("bot_user", {}).get("display_name", "bot"),
        commands=[
            Command(
                each["command"],
                each.get("description", ""),
                each.get("usage_hint", ""),
                each.get("should_escape", False),
            )
            for each in features.get("slash_commands", [])
        ],
        shortcuts=[
            Shortcut(each["name"], each["type"], each["callback_id"], each.get("description", ""))
            for each in features.get("shortcuts", [])
        ],
        scopes={*scopes.get("bot", []), *scopes.get("bot_optional", [])},
        events=set(settings.get("event_subscriptions", {}).get("bot_events", [])),
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", False),
        socket_mode=settings.get("socket_mode_enabled", False),
    )


def from_file(path: Path) -> AppManifest:
    """Read manifest.yml. Raises OSError where there is none, ImportError where PyYAML is not installed."""
    return from_mapping(_parsed(path.read_text(encoding="utf-8")))


@cache  # a workspace a test: the same text each time, and PyYAML takes 12 ms for it
def _parsed(text: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - only development has it; the default manifest needs none

    parsed: dict[str, Any] = yaml.safe_load(text)
    return parsed
