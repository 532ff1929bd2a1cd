"""The playground's tables, written from the facts, against Slack's own files."""

import json

from playground.slack.methods import table

TIERS = {"t1": 1, "t2": 2, "t3": 3, "t4": 4, "t5": None}


def methods(reference):
    for name, ours in sorted(table.METHODS.items()):
        path = reference / "slack" / "methods" / f"{name}.json"
        if path.is_file():
            yield name, ours, json.loads(path.read_text())


def test_tiers_are_slacks(reference):
    """A limit that the playground does not enforce is met in production first."""
    wrong = {
        name: (ours.tier, theirs["rate_limits"])
        for name, ours, theirs in methods(reference)
        if theirs.get("rate_limits") in TIERS and ours.tier != TIERS[theirs["rate_limits"]]
    }
    assert wrong == {}


def test_scopes_are_slacks(reference):
    """What the playground asks for is what Slack asks for."""
    wrong = {
        name: (ours.scopes, theirs["scope"]["bot"])
        for name, ours, theirs in methods(reference)
        if ours.scopes
        and (theirs.get("scope") or {}).get("bot")
        and not set(ours.scopes) <= set(theirs["scope"]["bot"])
    }
    assert wrong == {}


def test_most_methods_are_held_against_something(reference):
    """A check that finds nothing to check is no check."""
    assert len(list(methods(reference))) >= 20
