"""What a stolen token could do: no scope is held that nothing uses, and the app token asks for sockets alone."""

import re
from pathlib import Path

import pytest

from bot.start.scopes import EVENTS, SCOPES

ROOT = Path(__file__).parents[2]
# What each is needed for: a method of the Web API that takes it, or an event that is not delivered without it
# (docs.slack.dev/reference/methods, …/events).
USES = {
    "app_mentions:read": "app_mention",
    "chat:write": "chat.postMessage",
    "chat:write.public": "chat.postMessage",
    "commands": "/aikeys",
    "im:history": "message.im",
    "users:read": "users.info",
    "channels:read": "conversations.info",
    "groups:read": "conversations.info",
    "channels:history": "conversations.replies",
    "groups:history": "conversations.replies",
    "files:write": "files.getUploadURLExternal",
    "reactions:read": "reaction_added",
    "channels:manage": "conversations.create",
    "groups:write": "conversations.create",
    "pins:write": "pins.add",
    "usergroups:read": "usergroups.users.list",
}
# With these a stolen token reads people's addresses, speaks under other names, or reads what the bot was never told.
NEVER = {
    "users:read.email", "chat:write.customize", "search:read", "files:read", "im:read", "mpim:history", "mpim:read",
    "admin", "im:write", "links:read", "channels:join", "users:write", "usergroups:write", "reactions:write",
    "team:read",
}  # fmt: skip


@pytest.fixture(scope="module")
def code() -> dict[str, str]:
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "bot").rglob("*.py")}


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.name)
def test_each_scope_is_used(scope, code):
    """By a call that is in the code, or by an event that the bot hears."""
    use = USES[scope.name]
    calling = [path for path, text in code.items() if f'"{use}"' in text and path != "bot/start/scopes.py"]
    calls = any(re.search(rf'(?:call|send|_ask)\(\s*(?:[\w.]+,\s*)?"{re.escape(use)}"', code[path]) for path in calling)
    assert use in dict(EVENTS) or use == "/aikeys" or calls, f"nothing needs {scope.name}"


def test_what_would_be_worst_in_other_hands_is_not_asked_for():
    assert not NEVER & {scope.name for scope in SCOPES}
    assert {scope.name for scope in SCOPES} == USES.keys()


def test_the_app_token_is_asked_for_sockets_alone(code):
    """It goes with one method, and into no message, no row and no header of another call."""
    for path, text in code.items():
        for line in text.splitlines():
            if "app_token=" in line and "slack_app_token" not in line:
                assert "apps_connections_open(" in line or '"apps.connections.open"' in line, f"{path}: {line.strip()}"
