"""The policy as it is written down: numbers, and when the glass may be broken."""

from datetime import timedelta

import pytest

from bot.approvals import policy
from bot.approvals.policy import RiskClass, breakable, broken, needed, needed_today, says_something, to_type
from store.events import Event
from tests.approvals.conftest import NOON


def test_every_class_has_its_number_and_losing_data_takes_two():
    assert set(policy.APPROVERS) == set(RiskClass)
    assert needed(RiskClass.REVERSIBLE) == 1
    assert needed(RiskClass.DATA_LOSS) == 2
    assert all(needed(one, alone=True) == 1 for one in RiskClass)
    assert timedelta(minutes=30) == policy.EXPIRY
    assert timedelta(minutes=10) == policy.BREAK_GLASS


@pytest.mark.parametrize(
    ("risk_class", "people"),
    [("reversible", 1), ("credential", 1), ("schema", 1), ("data-loss", 2), ("of another version", 2), ("", 2)],
)
def test_a_class_that_nobody_knows_takes_the_most(risk_class, people):
    assert needed_today(risk_class) == people
    assert needed_today("data-loss", alone=True) == 1


@pytest.mark.parametrize(
    ("risk_class", "target", "typed"),
    [
        ("data-loss", {"ref": "abc", "name": "AIKeys"}, "AIKeys"),
        ("data-loss", {"ref": "abc", "name": ""}, "abc"),
        ("data-loss", {"ref": "abc"}, "abc"),
        ("data-loss", {}, "unknown"),
        ("schema", {"name": "AIKeys"}, ""),
    ],
)
def test_what_is_typed_before_data_is_lost(risk_class, target, typed):
    assert to_type(risk_class, target) == typed


@pytest.mark.parametrize(
    ("reason", "says"), [("x", True), ("7", True), ("", False), (" .", False), ("\u115f\u1160\u3164\uffa0", False)]
)
def test_what_cannot_be_seen_is_no_reason(reason, says):
    assert says_something(reason) is says


def story(*told) -> list[Event]:
    """What happened to an incident: kind, actor, and data if any."""
    return [
        Event(at, NOON, "incident/1", f"incident.{kind}", actor, data[0] if data else {}, None, None, False, "")
        for at, (kind, actor, *data) in enumerate(told)
    ]


HEARSAY = ("opened", "bot", {"about": {"hearsay": True}})


@pytest.mark.parametrize(
    ("told", "user", "may"),
    [
        ([HEARSAY], "UANA", False),
        ([HEARSAY, ("acknowledged", "UBEN")], "UANA", True),
        ([HEARSAY, ("acknowledged", "UBEN")], "UBEN", False),
        ([HEARSAY, ("acknowledged", "UBEN")], "", True),
        ([HEARSAY, ("acknowledged", "bot")], "UANA", False),
        ([HEARSAY, ("seen", "bot")], "UANA", True),  # then it saw for itself
        ([HEARSAY, ("seen", "UBEN")], "UANA", False),
        ([HEARSAY, ("noted", "bot")], "UANA", False),
        ([HEARSAY, ("resolved", "bot"), ("reopened", "bot")], "UANA", True),
        ([("opened", "bot", {"about": {"hearsay": False}})], "UANA", True),
        ([("opened", "bot"), ("seen", "bot", {"about": {"hearsay": True}})], "UANA", True),
        # The last who has declared it counts, and what was said since.
        ([("opened", "bot"), ("severity", "UANA"), ("acknowledged", "UBEN"), ("reopened", "UCY")], "UANA", False),
        ([("opened", "bot"), ("severity", "UANA"), ("severity", "UBEN"), ("acknowledged", "UBEN")], "UCY", False),
        ([("opened", "bot"), ("severity", "bot")], "UANA", True),
    ],
)
def test_what_strangers_say_and_what_somebody_declares(told, user, may):
    assert breakable("P0", story(*told), user) is may


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
    assert glass is None or (glass.incident, glass.user, glass.until) == (
        "incident/1", user, noon + timedelta(minutes=10)
    )  # fmt: skip


def test_a_redacted_reason_holds_no_longer(store, noon):
    event = store.events.append("incident/1", policy.BROKEN, "UANA", {}, noon, text="my password is hunter2")
    store.events.redact(event.id, "UANA", "UBEN", noon)
    assert broken("UANA", "incident/1", store.events.of("incident/1"), noon) is None
