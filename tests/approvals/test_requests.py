"""From the request to the decision, with a real outside: asked, approved, overtaken, expired."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.approvals.objection import Act, Click, Why
from bot.approvals.policy import RiskClass
from store.errors import TooLate
from tests.approvals.conftest import Office
from tests.running import KEY
from tests.store.harness import commits
from tests.wait import eventually


async def test_asked_approved_done(office, outside):
    approval = office.requests.ask(office.work.plan(), "UANA", where={"channel": "C1"}, reason="a fix")
    assert await office.clicks(approval) == "granted"
    await office.settled()

    granted = office.store.approvals.get(approval.subject)
    operation = office.store.operations.of(granted.operation)
    assert (operation.state, operation.approval, operation.started_by) == ("done", approval.subject, "UANA")
    assert (granted.decided_by, granted.reason, granted.where) == ("UBEN", "a fix", {"channel": "C1"})
    assert outside.done == {"1/deploy": 1, "1/verify": 1}
    assert [one.state for one in office.shown] == ["pending", "granted"]
    assert office.store.timers.waiting() == []


async def test_the_wrong_people(office, outside):
    approval = office.requests.ask(office.work.plan(), "UANA")
    assert await office.clicks(approval, "UANA", roles=("operator", "approver")) is Why.OWN_REQUEST
    assert await office.clicks(approval, "UCAROL", roles=("viewer",)) is Why.ROLE
    assert await office.clicks(approval, "UCAROL", Act.WITHDRAW) is Why.NOT_YOURS
    assert outside.asked["none/plan"] == 0, "nobody bothers the outside for a click that is refused anyway"
    assert office.store.approvals.get(approval.subject).state == "pending"


@pytest.mark.parametrize(("user", "act", "state"), [("UBEN", Act.DENY, "denied"), ("UANA", Act.WITHDRAW, "withdrawn")])
async def test_denied_and_withdrawn(office, outside, user, act, state):
    approval = office.requests.ask(office.work.plan(), "UANA")
    with commits(office.store) as made:
        assert await office.clicks(approval, user, act, reason="not today") == state
    assert made == [[f"approval.{state}"]], "with its timer and its card"
    assert office.store.approvals.get(approval.subject).decision == "not today"
    assert await office.clicks(approval) is Why.DECIDED
    assert not outside.done


async def test_two_are_needed_where_data_may_be_lost(office, outside):
    where = {"channel": "C1", "target": {"ref": "a" * 20, "name": "AIKeys"}}
    approval = office.requests.ask(office.work.plan(risk_class=RiskClass.DATA_LOSS), "UANA", where=where)
    assert await office.clicks(approval, "UBEN", typed="") is Why.NO_NAME
    assert await office.clicks(approval, "UBEN", typed="aikeys") is Why.NO_NAME
    assert outside.asked["none/plan"] == 0
    assert await office.clicks(approval, "UBEN", typed=" AIKeys ") == "pending"
    assert not outside.done
    assert await office.clicks(approval, "UBEN", typed="AIKeys") is Why.VOTED
    assert await office.clicks(approval, "UCAROL", typed="AIKeys") == "granted"
    await office.settled()
    assert outside.done == {"1/deploy": 1, "1/verify": 1}


async def test_locked_by_another_operation(office, outside):
    outside.mood["deploy"] = ["slow"]
    first = office.requests.ask(office.work.plan("function/a"), "UANA")
    second = office.requests.ask(office.work.plan("function/b"), "UANA")
    assert await office.clicks(first) == "granted"
    assert await office.clicks(second) is Why.LOCKED
    await office.settled()
    assert await office.clicks(second) == "granted"


async def test_frozen_and_the_way_back(office):
    now = office.clock.now()
    office.store.operations.freeze("UCAROL", "audit", now + timedelta(hours=2), now)
    approval = office.requests.ask(office.work.plan(), "UANA")
    assert await office.clicks(approval) is Why.FROZEN
    back = office.requests.ask(replace(office.work.plan("function/b"), command="rollback"), "UANA")
    assert await office.clicks(back) is Why.NO_REASON


async def test_on_the_word_of_an_edited_memory_nothing_begins_and_it_is_told(office, outside):
    told = []
    office.requests.edited = lambda *words: told.append(words)
    approval = office.requests.ask(office.work.plan(), "UANA")
    office.store.db.execute("UPDATE approvals SET thing = 'function/other'")
    assert await office.clicks(approval) is Why.EDITED
    ((subject, why),) = told
    assert subject == approval.subject
    assert "thing is function/other" in why
    assert not outside.done
    assert office.store.approvals.get(approval.subject).votes == ()


async def test_another_one_than_a_moment_ago_is_not_signed(office):
    plan = office.work.plan(risk_class=RiskClass.DATA_LOSS)
    target = {"ref": "a" * 20, "name": "AIKeys"}
    before = office.requests.ask(plan, "UANA", where={"channel": "C1", "target": target})
    assert await office.clicks(before, "UBEN", typed="AIKeys") == "pending"
    with pytest.raises(TooLate):
        office.requests._approve(before, Click("UCAROL", Act.APPROVE, frozenset()))
    assert [one.user for one in office.store.approvals.get(before.subject).votes] == ["UBEN"]


async def test_superseded_visibly(office):
    older = office.requests.ask(office.work.plan(), "UANA")
    newer = office.requests.ask(office.work.plan(), "UBEN")
    assert [(one.subject, one.state) for one in office.shown] == [
        (older.subject, "pending"),
        (older.subject, "superseded"),
        (newer.subject, "pending"),
    ]
    assert await office.clicks(older, "UCAROL") is Why.DECIDED
    assert [one.subject for one in office.store.timers.waiting()] == [newer.subject]


async def test_expires_by_itself(office):
    approval = office.requests.ask(office.work.plan(), "UANA")
    await office.clock.passes(minutes=29)
    await office.fires()
    assert office.store.approvals.get(approval.subject).state == "pending"
    await office.clock.passes(minutes=1)
    await office.fires()
    assert office.store.approvals.get(approval.subject).state == "expired"
    assert office.shown[-1].state == "expired"
    assert await office.clicks(approval) is Why.EXPIRED


async def test_expires_after_downtime_and_never_is_given_late(store, work, clock):
    approval = Office(store, work, clock).requests.ask(work.plan(), "UANA")
    await clock.passes(hours=5)
    office = Office(store, work, clock)
    assert await office.clicks(approval) is Why.EXPIRED, "before the timer has had its turn"
    await office.fires()
    assert store.approvals.get(approval.subject).state == "expired"


async def test_a_restart_with_pending_approvals(store, work, clock):
    """They go on."""
    approval = Office(store, work, clock).requests.ask(work.plan(), "UANA")
    office = Office(store, work, clock)
    assert await office.clicks(approval) == "granted"
    await office.settled()


async def test_stopping_nothing_is_started(office, outside):
    approval = office.requests.ask(office.work.plan(), "UANA")
    office.engine.draining = True
    assert await office.clicks(approval) is Why.DRAINING
    assert not outside.done


async def test_a_team_of_one(store, work, clock):
    office = Office(store, work, clock, alone=True)
    where = {"channel": "C1", "target": {"ref": "a" * 20, "name": "AIKeys"}}
    approval = office.requests.ask(work.plan(risk_class=RiskClass.DATA_LOSS), "UANA", where=where)
    assert (approval.alone, approval.needed) == (True, 1)
    assert await office.clicks(approval, "UANA", typed="") is Why.NO_NAME, "alone is no reason to be quick"
    assert await office.clicks(approval, "UANA", typed="AIKeys") == "granted"
    await office.settled()


async def test_what_the_bot_asked_for_is_taken_back_when_it_is_overtaken(office):
    own = office.requests.ask(office.work.plan(), "bot", reason="it is worse")
    anas = office.requests.ask(office.work.plan("function/b"), "UANA")
    for one in (own, anas):
        office.requests.overtaken(one.thing, "It was deployed meanwhile.")
    assert office.store.approvals.get(own.subject).state == "withdrawn"
    assert office.store.approvals.get(anas.subject).state == "pending"
    assert [one.subject for one in office.store.timers.waiting()] == [anas.subject]


async def test_an_approval_that_never_was(office):
    with pytest.raises(KeyError):
        await office.requests.click("approval/99", Click("UBEN", Act.APPROVE, frozenset({"approver"})))


async def test_a_card_that_cannot_be_written_is_a_request_that_was_not_made(store, work, clock):
    """The request and its letters commit together, or neither."""
    office = Office(store, work, clock)

    def broken(_):
        raise ValueError("no such block")

    office.requests._show = broken
    with pytest.raises(ValueError, match="no such block"):
        office.requests.ask(work.plan(), "UANA")
    assert store.approvals.pending() == []
    assert store.timers.waiting() == []


async def test_a_card_that_breaks_off_halfway_stops_no_decision_and_leaves_no_half(office):
    def half(approval):
        office.store.events.append("card/1", "letter.begun", "bot", {}, approval.requested_at)
        raise ValueError("no such block")

    approval = office.requests.ask(office.work.plan(), "UANA")
    office.requests._show = half
    assert await office.clicks(approval, act=Act.DENY) == "denied"
    assert office.store.events.of("card/1") == []


async def test_the_cards_of_all_that_wait_are_redrawn_in_one_commit(office):
    for thing in ("function/a", "function/b"):
        office.requests.ask(office.work.plan(thing), "UANA")
    with commits(office.store) as made:
        office.requests.redraw_waiting()
    assert (made, len(office.shown)) == ([[]], 4)


async def test_the_timeline_stays_whole(office):
    from store.audit import verify

    approval = office.requests.ask(office.work.plan(), "UANA")
    await office.clicks(approval)
    await eventually(lambda: not office.store.operations.running())
    assert verify(office.store.db, KEY).ok
