"""The manifest against Slack's own files, and against what the bot does."""

import json
import re

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.docs import usage_hint
from bot.registry import load
from bot.start.scopes import EVENTS, SCOPES

# In Slack's documentation of scopes, but named by no method (docs.slack.dev/reference/scopes).
UNLISTED = {"commands", "app_mentions:read", "chat:write.public", "chat:write.customize"}
# The scope without which an event is not delivered (docs.slack.dev/reference/events).
EVENT_NEEDS = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "app_home_opened": None,
    "reaction_added": "reactions:read",
}


@pytest.fixture(scope="module")
def manifest(root):
    return yaml.safe_load((root / "manifest.yml").read_text())


@pytest.fixture(scope="module")
def called(modules) -> set[str]:
    """Every Web API method that the product names in its code."""
    method = re.compile(
        r"(?:apps|auth|bookmarks|chat|conversations|files|pins|reactions|team|usergroups|users|views)(?:\.[a-zA-Z]+){1,2}"
    )
    return {text for m in modules for text in m.strings() if method.fullmatch(text)}


def test_it_is_valid(manifest, reference):
    """Held against Slack's schema for manifests, the first definition, for errors one can read."""
    schema = json.loads((reference / "slack" / "manifest.schema.json").read_text())
    found = [f"{list(error.path)}: {error.message}" for error in Draft7Validator(schema).iter_errors(manifest)]
    assert found == []


def test_scopes_and_events_exist(manifest, reference):
    """The schema does not notice a misspelt one; Slack does, when somebody installs the app."""
    scopes = set(json.loads((reference / "slack" / "scopes.json").read_text())) | UNLISTED
    events = set(json.loads((reference / "slack" / "event_names.json").read_text()))
    asked = manifest["oauth_config"]["scopes"]
    assert set(asked["bot"]) | set(asked["bot_optional"]) <= scopes
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) <= events


def test_it_asks_for_what_is_declared(manifest):
    """No more and no less; what is optional stands with the optional ones."""
    asked = manifest["oauth_config"]["scopes"]
    assert asked["bot"] == [scope.name for scope in SCOPES if not scope.optional]
    assert asked["bot_optional"] == [scope.name for scope in SCOPES if scope.optional]
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == [name for name, _ in EVENTS]
    assert {EVENT_NEEDS[name] for name, _ in EVENTS} - {None} <= {*asked["bot"], *asked["bot_optional"]}


def test_the_methods_called_need_no_scope_that_is_not_asked_for(called, manifest, reference):
    """Each method of the code is known, and one of the scopes it takes is in the manifest."""
    asked = manifest["oauth_config"]["scopes"]
    granted = {*asked["bot"], *asked["bot_optional"]}
    assert {"chat.postMessage", "users.info"} <= called
    for name in sorted(called):
        known = json.loads((reference / "slack" / "methods" / f"{name}.json").read_text())
        needed = set((known.get("scope") or {}).get("bot", []))
        assert not needed or needed & granted or name in UNGRANTED, f"{name} needs one of {needed}"


UNGRANTED = {
    # Named among what may be repeated; called for no feature yet.
    "conversations.info",
    "team.info",
}


def test_the_command_line_is_offered_as_it_is(manifest):
    """The hint is generated; ids instead of names arrive only with should_escape."""
    (command,) = manifest["features"]["slash_commands"]
    assert command["command"] == "/aikeys"
    assert command["should_escape"] is True
    assert command["usage_hint"] == usage_hint(load())
    assert len(command["usage_hint"]) <= 1000


def test_no_public_address_and_no_rotation(manifest):
    """Socket Mode; and no twelve-hour tokens, which cannot be switched off again."""
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["token_rotation_enabled"] is False
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False
