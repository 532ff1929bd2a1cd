"""Everything that can speak against a click, as a table; and that nothing else does."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.approvals.objection import Act, Click, Why, World, objection
from bot.views.objections import in_words, objected
from store.approvals import DECISIONS, Approval
from store.operations import Freeze, Operation
from tests.approvals.conftest import NOON, voted
from tests.problems import problems

APPROVER = frozenset({"viewer", "approver"})
OPERATOR = frozenset({"viewer", "operator"})
BOTH = APPROVER | OPERATOR
PINNED = {"commit": "abc", "live": {"version": 7, "sha": "s"}, "verify_jwt": False}


def approval(**changes) -> Approval:
    facts: dict[str, Any] = {
        "subject": "approval/7",
        "number": 7,
        "thing": "function/health",
        "command": "deploy",
        "line": "deploy health",
        "title": "Deploy health",
        "requested_by": "UANA",
        "requested_at": NOON,
        "expires_at": NOON + timedelta(minutes=30),
        "needed": 1,
        "alone": False,
        "digest": "d" * 64,
        "plan": {"pinned": PINNED},
        "where": {},
        "reason": "",
        "votes": (),
        "state": "pending",
    }
    return Approval(**(facts | changes))


def running(state: str = "running") -> Operation:
    return Operation(
        subject="operation/3",
        number=3,
        project="p",
        command="deploy",
        title="Deploy <other>",
        started_by="UCAROL",
        started_at=NOON,
        approval="approval/3",
        data={},
        where={},
        steps=("a",),
        attempts=(),
        state=state,
        since=NOON,
    )


ANA_FREEZES = Freeze("UANA", NOON, NOON + timedelta(hours=1), "board meeting {who}")


def click(user: str = "UBEN", act: Act = Act.APPROVE, roles=APPROVER, **more) -> Click:
    return Click(user, act, frozenset(roles), **more)


LOST = {"plan": {"pinned": PINNED, "risk_class": "data-loss"}, "needed": 2}
NAMED = {"where": {"target": {"ref": "a" * 20, "name": "AIKeys"}}}

CASES = {
    "data is lost, nothing typed": (approval(**LOST, **NAMED), click(), World(), Why.NO_NAME),
    "data is lost, the ref typed": (approval(**LOST, **NAMED), click(typed="a" * 20), World(), Why.NO_NAME),
    "data is lost, the name typed": (approval(**LOST, **NAMED), click(typed=" AIKeys\n"), World(fresh=PINNED), None),
    "data is lost, of a plan that names no project": (approval(**LOST), click(typed=""), World(), Why.NO_NAME),
    "data is lost, under glass": (
        approval(**LOST, **NAMED),
        click("UANA", roles=OPERATOR, glass=True, reason="fire"),
        World(incident="incident/1"),
        Why.NO_NAME,
    ),
    "data is lost, under glass, typed": (
        approval(**LOST, **NAMED),
        click("UANA", roles=OPERATOR, glass=True, reason="fire", typed="AIKeys"),
        World(incident="incident/1"),
        None,
    ),
    "data is lost, locked": (approval(**LOST, **NAMED), click(), World(lock=running()), Why.LOCKED),
    "an approver approves": (approval(), click(), World(), None),
    "the plan is still true": (approval(), click(), World(fresh=PINNED), None),
    "decided": (approval(state="granted", decided_by="UCAROL", decided_at=NOON), click(), World(), Why.DECIDED),
    "withdrawn": (approval(state="withdrawn", decided_by="UANA"), click(), World(), Why.DECIDED),
    "the requester": (approval(), click("UANA"), World(), Why.OWN_REQUEST),
    "the requester of a team of one": (approval(alone=True), click("UANA"), World(alone=True), None),
    "a viewer": (approval(), click(roles={"viewer"}), World(), Why.ROLE),
    "an operator": (approval(), click(roles=OPERATOR), World(), Why.ROLE),
    "nobody": (approval(), click(roles=()), World(), Why.ROLE),
    "a second time": (approval(needed=2, votes=voted("UBEN")), click(), World(), Why.VOTED),
    "the second of two": (approval(needed=2, votes=voted("UCAROL")), click(), World(), None),
    "locked": (approval(), click(), World(lock=running()), Why.LOCKED),
    "locked by what needs a human": (approval(), click(), World(lock=running("needs-human")), Why.LOCKED),
    "draining": (approval(), click(), World(draining=True), Why.DRAINING),
    "frozen": (approval(), click(), World(freeze=ANA_FREEZES), Why.FROZEN),
    "the way back, no reason": (approval(command="rollback"), click(), World(freeze=ANA_FREEZES), Why.NO_REASON),
    "the way back": (approval(command="rollback"), click(reason="it burns"), World(freeze=ANA_FREEZES), None),
    "the way back, asked with a reason": (
        approval(command="restore", reason="it burns"),
        click(),
        World(freeze=ANA_FREEZES),
        None,
    ),
    "the freeze is over": (
        approval(),
        click(),
        World(freeze=Freeze("UANA", NOON, NOON, "board meeting")),
        None,
    ),
    "the commit moved": (approval(), click(), World(fresh=PINNED | {"commit": "def"}), Why.CHANGED),
    "the live version moved": (
        approval(),
        click(),
        World(fresh=PINNED | {"live": {"version": 8, "sha": "s"}}),
        Why.CHANGED,
    ),
    "verify_jwt flipped": (approval(), click(), World(fresh=PINNED | {"verify_jwt": True}), Why.CHANGED),
    "glass, no P0": (approval(), click("UANA", roles=OPERATOR, glass=True, reason="fire"), World(), Why.NO_GLASS),
    "glass, no reason": (
        approval(),
        click("UANA", roles=OPERATOR, glass=True, reason=" "),
        World(incident="incident/1"),
        Why.NO_REASON,
    ),
    "glass by a viewer": (
        approval(),
        click(roles={"viewer"}, glass=True, reason="fire"),
        World(incident="incident/1"),
        Why.ROLE,
    ),
    "glass": (
        approval(needed=2),
        click("UANA", roles=OPERATOR, glass=True, reason="fire"),
        World(incident="incident/1"),
        None,
    ),
    "glass does not open a lock": (
        approval(),
        click("UANA", roles=OPERATOR, glass=True, reason="fire"),
        World(incident="incident/1", lock=running()),
        Why.LOCKED,
    ),
    "glass does not make a plan true": (
        approval(),
        click("UANA", roles=OPERATOR, glass=True, reason="fire"),
        World(incident="incident/1", fresh={}),
        Why.CHANGED,
    ),
    "denied by an approver": (approval(), click(act=Act.DENY), World(), None),
    "denied by an operator": (approval(), click(act=Act.DENY, roles=OPERATOR), World(), Why.ROLE),
    "denied by who asked": (approval(), click("UANA", Act.DENY), World(), Why.OWN_REQUEST),
    "denied while locked, frozen and stopping": (
        approval(),
        click(act=Act.DENY),
        World(lock=running(), freeze=ANA_FREEZES, draining=True),
        None,
    ),
    "withdrawn by who asked": (approval(), click("UANA", Act.WITHDRAW, ()), World(), None),
    "withdrawn by another": (approval(), click(act=Act.WITHDRAW, roles=BOTH), World(), Why.NOT_YOURS),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_table(case):
    asked, clicked, world, why = case
    found = objection(asked, clicked, NOON + timedelta(minutes=1), world)
    assert (found.why if found else None) == why
    if found is not None:
        assert not problems(objected(found))


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("seconds", [0, 1, 3600 * 24 * 30, -32 * 60, -3600 * 3])  # the last two: the clock was put back
def test_expired_for_everybody_and_everything(act, seconds):
    """Also while its timer has not fired yet: the bot may have been away."""
    found = objection(approval(), click("UANA", act, BOTH), approval().expires_at + timedelta(seconds=seconds), World())
    assert found is not None
    assert found.why is Why.EXPIRED


@pytest.mark.parametrize("state", DECISIONS)
@pytest.mark.parametrize("act", Act)
def test_decided_for_everybody_and_everything(act, state):
    for user in ("UANA", "UBEN"):
        found = objection(approval(state=state, decided_by="UBEN"), click(user, act, BOTH), NOON, World())
        assert found is not None
        assert found.why is (Why.EXPIRED if state == "expired" else Why.DECIDED)


def test_says_who_decided_and_pings_nobody_else():
    found = objection(approval(state="denied", decided_by="UCAROL", decided_at=NOON), click(), NOON, World())
    assert found is not None
    assert "denied by <@UCAROL>, <!date^" in objected(found).text, "in the reader's own time"
    assert "denied by UCAROL, 23 Nov 12:00 UTC" in in_words(found), "a modal shows no markup"
    frozen = objection(approval(), click(), NOON, World(freeze=ANA_FREEZES))
    assert frozen is not None
    locked = objection(approval(), click(), NOON, World(lock=running()))
    assert locked is not None
    assert "&lt;other&gt;" in objected(locked).text


def test_names_the_fields_that_changed():
    fresh = {"commit": "def", "live": {"version": 8, "sha": "t"}, "verify_jwt": True, "new": 1}
    found = objection(approval(), click(), NOON, World(fresh=fresh))
    assert found is not None
    assert found.fields == ("commit", "live.sha", "live.version", "new", "verify_jwt")
    assert "commit, live.sha, live.version and 2 more" in found.because


acts = st.sampled_from(Act)
worlds = st.builds(
    World,
    fresh=st.sampled_from([None, PINNED, {}]),
    lock=st.sampled_from([None, running()]),
    freeze=st.sampled_from([None, ANA_FREEZES]),
    draining=st.booleans(),
    alone=st.booleans(),
    incident=st.sampled_from([None, "incident/1"]),
)
clicks = st.builds(
    Click,
    user=st.sampled_from(["UANA", "UBEN"]),
    act=acts,
    roles=st.frozensets(st.sampled_from(["viewer", "operator", "approver"])),
    reason=st.sampled_from(["", "fire"]),
    glass=st.booleans(),
)


@given(clicks, worlds, st.integers(0, 60), st.sampled_from(["pending", *DECISIONS]))
def test_never_let_through_what_may_not_be(clicked, world, minutes, state):
    """Whatever else is so: what is approved is pending, in time, true, by another person or with broken glass."""
    now = NOON + timedelta(minutes=minutes)
    if objection(approval(state=state), clicked, now, world) is not None:
        return
    assert state == "pending"
    assert minutes < 30
    if clicked.act is Act.APPROVE:
        assert world.fresh in (None, PINNED)
        assert world.lock is None
        assert world.freeze is None
        assert not world.draining
        if clicked.glass:
            assert world.incident
            assert clicked.reason
            assert "operator" in clicked.roles
        else:
            assert "approver" in clicked.roles
            assert clicked.user != "UANA" or world.alone
