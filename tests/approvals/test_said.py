"""What an objection says, to the second and to the word; which comes first where several hold."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.approvals.objection import Act, Objection, Why, World, frozen, objection, to_type
from store.operations import Freeze
from tests.approvals.conftest import NOON, voted
from tests.approvals.test_objection import ANA_FREEZES, APPROVER, BOTH, OPERATOR, PINNED, approval, click, running

NOW = NOON + timedelta(minutes=1)
END = NOON + timedelta(minutes=30)
AGAIN = "Ask again: /aikeys deploy health"


def against(asked=None, clicked=None, now=NOW, **world) -> Objection | None:
    return objection(asked or approval(), clicked or click(), now, World(**world))


def said(asked=None, clicked=None, now=NOW, **world) -> tuple[Why, str, str, str]:
    found = against(asked, clicked, now, **world)
    assert found is not None
    return found.why, found.what, found.because, found.do


def test_how_long_it_can_be_given():
    assert against(now=END - timedelta(microseconds=1)) is None
    expired = against(now=END)
    assert expired is not None
    assert (expired.because, expired.do, expired.at) == (
        "It could be given for 30 minutes, until {at}.", AGAIN, (END,),
    )  # fmt: skip
    slewed = NOON - timedelta(minutes=1)
    assert against(now=slewed) is None, "a clock that is put right"
    assert said(now=slewed - timedelta(microseconds=1)) == (
        Why.EXPIRED, "Nobody knows how old this request is.",
        "My clock was put back: it was made at 12:00 UTC, which has not come yet.", AGAIN,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "because", "who", "at"),
    [
        ({"state": "denied", "decided_by": "UBEN", "decided_at": NOON}, "It was denied by {who}, {at}.", "UBEN", True),
        ({"state": "expired", "decided_by": "bot", "decided_at": NOON}, "It was expired, {at}.", "", True),
        ({"state": "granted", "decided_by": "UBEN"}, "It was granted by {who}.", "UBEN", False),
        ({"state": "withdrawn"}, "It was withdrawn.", "", False),
    ],
)
def test_who_decided_and_when(changes, because, who, at):
    found = against(approval(**changes))
    assert found is not None
    assert (found.because, found.who, found.at) == (because, who, (NOON,) if at else ())


def test_of_people():
    two = approval(needed=3, votes=voted("UBEN", "UCY"))
    assert said(two)[2] == "It needs 1 more, from other people."
    assert said(needed=2) == (
        Why.RULES, "The rules have changed since this was asked for.", "It waits for 1; today it takes 2 people.",
        AGAIN,
    )  # fmt: skip
    assert against(approval(needed=2), needed=2) is None
    assert against(approval(needed=2), needed=1) is None
    lost = against(approval(needed=2, votes=voted("UCY")), needed=2, lost="UCY")
    assert lost is not None
    assert (lost.why, lost.who, lost.do) == (Why.RULES, "UCY", AGAIN)
    assert said(clicked=click(roles={"viewer", "operator"}))[1:3] == (
        "You cannot approve this.", "That takes an approver; here you are operator, viewer.",
    )  # fmt: skip
    assert said(clicked=click(act=Act.DENY, roles=()))[1:3] == (
        "You cannot deny this.", "That takes an approver; here you are nobody.",
    )  # fmt: skip
    assert against(clicked=click("UANA"), alone=True) is None
    assert said(clicked=click("UANA"), alone=False)[0] is Why.OWN_REQUEST


def test_of_the_moment():
    locked = against(lock=running("needs-human"))
    assert locked is not None
    assert (locked.who, locked.because) == ("UCAROL", "“Deploy <other>” of {who} needs a human.")
    until = Freeze("UANA", NOON, NOW + timedelta(microseconds=1), "audit")
    cold = against(freeze=until)
    assert cold is not None
    assert (cold.why, cold.who, cold.at) == (Why.FROZEN, "UANA", (until.until,))
    assert cold.because == "{who} froze them until {at}: audit"
    assert against(freeze=replace(until, until=NOW)) is None
    back = approval(command="restore", line="restore")
    needs = against(back, freeze=until)
    assert needs is not None
    assert (needs.why, needs.who, needs.at) == (Why.NO_REASON, "UANA", (until.until,))
    assert needs.do.endswith('/aikeys restore --reason "…"')
    for command in ("rollback", "rollback migration", "restore"):
        assert frozen(until, command, command, "it burns", NOW) is None
    assert frozen(None, "deploy", "deploy", "", NOW) is None
    assert frozen(until, "deploy", "deploy", "it burns", NOW) is not None


def test_of_the_name():
    lossy = approval(
        plan={"pinned": PINNED, "risk_class": "data-loss"}, where={"target": {"ref": "r", "name": "AIKeys"}}
    )
    assert to_type(lossy) == "AIKeys"
    assert to_type(replace(lossy, where={})) == to_type(replace(lossy, where={"target": None})) == "unknown"
    assert to_type(approval()) == ""
    assert said(lossy)[1] == "The project's name is not typed."
    assert said(lossy, click(typed=" "))[1] == "The project's name is not typed."
    assert said(lossy, click(typed="aikeys"))[1:] == (
        "That is not the project's name.", "Data is lost for good by this: a click is too quick for it.",
        "Type it as it is: AIKeys",
    )  # fmt: skip
    assert against(approval(), click(typed="AIKeys")) is None, "where nothing was asked for it does not matter"


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        (["a"], "Changed since it was shown: a."),
        (["a", "b", "c"], "Changed since it was shown: a, b, c."),
        (["a", "b", "c", "d"], "Changed since it was shown: a, b, c and 1 more."),
    ],
)
def test_of_the_plan(changed, because):
    found = against(fresh=PINNED | dict.fromkeys(changed, 1))
    assert found is not None
    assert (found.why, found.because, found.fields) == (Why.CHANGED, because, tuple(changed))


def test_which_comes_first():
    """What holds for good before what holds for now; the plan, which costs a look at the outside, last."""
    asked, clicked = approval(votes=voted("UBEN")), click("UBEN", roles=())
    found: list[Why] = []
    world = World(PINNED | {"commit": "def"}, running(), ANA_FREEZES, draining=True, needed=2, lost="UCY")
    while (one := objection(asked, clicked, NOW, world)) is not None and len(found) < 20:
        found.append(one.why)
        match one.why:
            case Why.ROLE:
                clicked = click("UANA")
            case Why.OWN_REQUEST:
                clicked = click("UBEN")
            case Why.RULES:
                world = replace(world, needed=1, lost="UCY" if world.needed == 2 else "")
            case Why.VOTED:
                asked = replace(asked, votes=())
            case Why.DRAINING:
                world = replace(world, draining=False)
            case Why.LOCKED:
                world = replace(world, lock=None)
            case Why.FROZEN:
                world = replace(world, freeze=None)
            case _:
                world = replace(world, fresh=PINNED)
    assert found == [
        Why.ROLE, Why.OWN_REQUEST, Why.RULES, Why.RULES, Why.VOTED, Why.DRAINING, Why.LOCKED, Why.FROZEN, Why.CHANGED,
    ]  # fmt: skip


def test_under_the_glass_only_the_moment_and_the_plan_speak_against_it():
    glass = click("UANA", roles=OPERATOR, glass=True, reason="it burns")
    assert against(approval(needed=2), glass, incident="incident/1", needed=9, lost="UCY") is None
    assert said(clicked=replace(glass, roles=APPROVER), incident="incident/1")[0] is Why.ROLE
    assert said(clicked=replace(glass, reason=""))[0] is Why.NO_GLASS
    assert said(clicked=glass, incident="incident/1", draining=True)[0] is Why.DRAINING
    assert against(clicked=click("UBEN", Act.DENY, BOTH), fresh={}, draining=True) is None
