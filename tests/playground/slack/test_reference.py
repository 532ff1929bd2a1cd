"""The method table against Slack's own reference, where `REFERENCE_DATA` names a folder that holds it."""

import json
import os
import re
from pathlib import Path

import pytest

import playground.slack
from playground.slack.methods import METHODS

DATA = Path(os.environ.get("REFERENCE_DATA", "")) / "slack"
HERE = Path(playground.slack.__file__).parent
pytestmark = pytest.mark.skipif(
    not os.environ.get("REFERENCE_DATA"), reason="REFERENCE_DATA names no folder with Slack's reference"
)
# Answers that the reference does not list, each seen from Slack itself.
SEEN = {
    "cannot_reply_to_message",
    "invalid_thread_ts",  # with “[ERROR] 0 is not a valid thread_ts”
    "invalid_json",
    "json_not_object",
    "expired_url",
    "used_url",
    "unknown_method",
}


def reference(name):
    path = DATA / "methods" / f"{name}.json"
    return json.loads(path.read_text())


@pytest.mark.parametrize("name", sorted(METHODS))
def test_tier_scopes_and_json_are_slacks(name):
    known, ours = reference(name), METHODS[name]
    rate = known.get("rate_limits")
    assert ours.tier == {"t1": 1, "t2": 2, "t3": 3, "t4": 4}.get(rate or "")
    granted = set(known["scope"].get("bot", []))
    assert set(ours.scopes) <= granted
    assert bool(ours.scopes) == bool(granted)
    assert ours.takes_json == bool(known.get("json_input_supported"))


def test_every_code_is_one_of_slacks():
    common = json.loads((DATA / "common_errors.json").read_text())["errors"].keys()
    listed = set(common) | SEEN | {"invalid_arguments", "invalid_metadata_format"}
    for path in (DATA / "methods").glob("*.json"):
        listed |= json.loads(path.read_text()).get("errors", {}).keys()
    raised = set()
    for path in HERE.rglob("*.py"):
        raised |= set(re.findall(r'SlackError\(\s*"(\w+)"', path.read_text()))
    assert len(raised) > 40
    assert raised <= listed, raised - listed


def test_the_default_scopes_exist():
    known = json.loads((DATA / "scopes.json").read_text())
    names = set(known if isinstance(known, list) else known.keys())
    more = {"commands", "app_mentions:read", "chat:write.public"}
    ours = {*playground.slack.app.REQUIRED, *playground.slack.app.OPTIONAL}
    assert ours <= names | more, ours - names - more
