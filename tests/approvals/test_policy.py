"""The policy as it is written down: numbers, and when the glass may be broken."""

from datetime import timedelta

import pytest

from bot.approvals import policy
from bot.approvals.policy import RiskClass, breakable, broken, needed


def test_every_class_has_its_number_and_losing_data_takes_two():
    assert set(policy.APPROVERS) == set(RiskClass)
    assert needed(RiskClass.REVERSIBLE) == 1
    assert needed(RiskClass.DATA_LOSS) == 2
    assert all(needed(one, alone=True) == 1 for one in RiskClass)
    assert timedelta(minutes=30) == policy.EXPIRY
    assert timedelta(minutes=10) == policy.BREAK_GLASS


@pytest.mark.parametrize(
    ("severity", "story", "may"),
    [
        ("P0", [("incident.opened", "bot")], True),
        ("P1", [("incident.opened", "bot")], False),
        ("P0", [("incident.opened", "UANA")], False),
        ("P0", [("incident.opened", "UANA"), ("incident.acknowledged", "UANA")], False),
        ("P0", [("incident.opened", "UANA"), ("incident.acknowledged", "bot")], False),
        ("P0", [("incident.opened", "UANA"), ("incident.acknowledged", "UBEN")], True),
        ("P0", [("incident.opened", "UANA"), ("incident.noted", "UBEN")], False),
        ("P0", [("incident.acknowledged", "UBEN")], False),
        ("P0", [], False),
        # Who made a P1 a P0, or opened one again, has declared it: what others said of the lesser one is about that.
        ("P0", [("incident.opened", "bot"), ("incident.severity", "UANA")], False),
        ("P0", [("incident.opened", "bot"), ("incident.acknowledged", "UBEN"), ("incident.severity", "UANA")], False),
        ("P0", [("incident.opened", "bot"), ("incident.severity", "UANA"), ("incident.acknowledged", "UANA")], False),
        ("P0", [("incident.opened", "bot"), ("incident.severity", "UANA"), ("incident.acknowledged", "UBEN")], True),
        ("P0", [("incident.opened", "bot"), ("incident.resolved", "bot"), ("incident.reopened", "UANA")], False),
        ("P0", [("incident.opened", "bot"), ("incident.resolved", "bot"), ("incident.reopened", "bot")], True),
    ],
)
def test_the_glass(store, noon, severity, story, may):
    """Nobody declares the emergency that lets them act alone."""
    events = [store.events.append("test/1", "said", actor, {"of": kind}, noon) for kind, actor in story]
    made = [
        type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"kind": one.data["of"]}) for one in events
    ]
    assert breakable(severity, made) is may


@pytest.mark.parametrize(
    ("user", "after", "reason"),
    [
        ("UANA", timedelta(), "second"),
        ("UANA", timedelta(minutes=9, seconds=59), "second"),
        ("UANA", timedelta(minutes=10), None),
        ("UANA", timedelta(seconds=-1), None),  # the clock was put back: how long ago, nobody knows
        ("UBEN", timedelta(), None),
    ],
)
def test_how_long_it_stays_broken(store, noon, user, after, reason):
    """Ten minutes from the newest reason, for the one who gave it."""
    for minutes, text in ((-5, "first"), (0, "second")):
        store.events.append("incident/1", policy.BROKEN, "UANA", {}, noon + timedelta(minutes=minutes), text=text)
    glass = broken(user, "incident/1", store.events.of("incident/1"), noon + after)
    assert (glass.reason if glass else None) == reason


def test_a_redacted_reason_holds_no_longer(store, noon):
    event = store.events.append("incident/1", policy.BROKEN, "UANA", {}, noon, text="my password is hunter2")
    store.events.redact(event.id, "UANA", "UBEN", noon)
    assert broken("UANA", "incident/1", store.events.of("incident/1"), noon) is None
