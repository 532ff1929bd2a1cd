"""The policy as it is written down: numbers, and when the glass may be broken."""

from datetime import timedelta

import pytest

from bot.approvals import policy
from bot.approvals.policy import RiskClass, breakable, needed


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
    ],
)
def test_the_glass(store, noon, severity, story, may):
    """Nobody declares the emergency that lets them act alone."""
    events = [store.events.append("test/1", "said", actor, {"of": kind}, noon) for kind, actor in story]
    made = [
        type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"kind": one.data["of"]}) for one in events
    ]
    assert breakable(severity, made) is may
