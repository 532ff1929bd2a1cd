"""From the request to the decision, with a real outside: asked, approved, raced for, overtaken, expired."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.approvals.objection import Act, Click, Objection, Why
from bot.approvals.policy import RiskClass
from bot.errors import Unanswered
from tests.approvals.conftest import KEY, Office
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
    assert await office.clicks(approval, user, act, reason="not today") == state
    assert office.store.approvals.get(approval.subject).decision == "not today"
    assert await office.clicks(approval) is Why.DECIDED
    assert not outside.done


async def test_the_ref_moved_between_plan_and_click(office, outside):
    approval = office.requests.ask(office.work.plan(), "UANA")
    office.work.commit = "def"
    found = await office.requests.click(approval.subject, Click("UBEN", Act.APPROVE, frozenset({"approver"})))
    assert isinstance(found, Objection)
    assert (found.why, found.fields) == (Why.CHANGED, ("commit",))
    assert office.store.approvals.get(approval.subject).state == "pending"
    assert not outside.done


async def test_the_plan_cannot_be_made_again(store, work, clock, outside):
    """Then nothing is decided, and it can be clicked again."""

    async def away(_):
        raise Unanswered("Supabase does not answer.")

    office = Office(store, work, clock)
    office.procedures["deploy"] = replace(work.procedure(), remake=away)
    approval = office.requests.ask(work.plan(), "UANA")
    with pytest.raises(Unanswered):
        await office.clicks(approval)
    assert store.approvals.get(approval.subject).state == "pending"


async def test_settled_while_the_outside_was_asked(store, work, clock):
    """Denied during the re-check: the check after it sees that."""
    office = Office(store, work, clock)
    asked, go = asyncio.Event(), asyncio.Event()

    async def slow(approval):
        asked.set()
        await go.wait()
        return work.plan(approval.thing)

    office.procedures["deploy"] = replace(work.procedure(), remake=slow)
    approval = office.requests.ask(work.plan(), "UANA")
    ben = asyncio.create_task(office.clicks(approval))
    await asked.wait()
    assert await office.clicks(approval, "UCAROL", Act.DENY) == "denied"
    go.set()
    assert await ben is Why.DECIDED
    assert store.operations.recent() == []


async def test_a_crowd_costs_two_looks(office, outside):
    """The first click's, and one that all share who clicked meanwhile; the outside has a limit to its patience."""
    approval = office.requests.ask(office.work.plan(), "UANA")
    office.work.commit = "def"
    answers = await asyncio.gather(*(office.clicks(approval, f"U{n}") for n in range(200)))
    assert set(answers) == {Why.CHANGED}
    assert outside.asked["none/plan"] == 2


async def test_nobody_is_judged_by_what_was_seen_before_their_click(store, work, clock):
    """Ben's look is under way when a commit is pushed, then Carol clicks: she is told, though he was not."""
    office = Office(store, work, clock)
    seen, go = asyncio.Event(), asyncio.Event()

    async def slow(approval):
        plan = work.plan(approval.thing, RiskClass.DATA_LOSS)
        seen.set()
        await go.wait()
        return plan

    office.procedures["deploy"] = replace(work.procedure(), remake=slow)
    approval = office.requests.ask(work.plan(risk_class=RiskClass.DATA_LOSS), "UANA")
    ben = asyncio.create_task(office.clicks(approval))
    await seen.wait()
    work.commit = "def"
    carol = asyncio.create_task(office.clicks(approval, "UCAROL"))
    await asyncio.sleep(0)
    go.set()
    assert (await ben, await carol) == ("pending", Why.CHANGED)


@pytest.mark.parametrize("late", [Act.APPROVE, Act.DENY])
async def test_a_thousand_clicks_at_once(store, work, clock, outside, late):
    """By fifty people: one decision, one operation at most, an answer for everybody."""
    office = Office(store, work, clock)
    for number in range(5):
        approval = office.requests.ask(work.plan(f"function/f{number}"), "UANA")
        acts = [Act.APPROVE] * 6 + [late] * 3 + [Act.WITHDRAW if late is Act.DENY else Act.APPROVE]
        answers = await asyncio.gather(
            *(office.clicks(approval, f"U{n % 50}" if n % 10 < 9 else "UANA", acts[n % 10]) for n in range(200))
        )
        await office.settled()
        decided = [one for one in answers if not isinstance(one, Why)]
        assert len(decided) == 1, Counter(answers)
        assert set(answers) - set(decided) <= {Why.DECIDED, Why.LOCKED, Why.OWN_REQUEST}
        assert (decided == ["granted"]) == (late is Act.APPROVE)
        decisions = [one for one in store.events.of(approval.subject) if one.kind.split(".")[1] in (*decided,)]
        assert len(decisions) == 1
    assert sum(outside.done.values()) == (10 if late is Act.APPROVE else 0)
    assert all(count == 1 for count in outside.done.values())


async def test_two_are_needed_where_data_may_be_lost(office, outside):
    approval = office.requests.ask(office.work.plan(risk_class=RiskClass.DATA_LOSS), "UANA")
    assert await office.clicks(approval, "UBEN") == "pending"
    assert not outside.done
    assert await office.clicks(approval, "UBEN") is Why.VOTED
    assert await office.clicks(approval, "UCAROL") == "granted"
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
    approval = office.requests.ask(work.plan(risk_class=RiskClass.DATA_LOSS), "UANA")
    assert (approval.alone, approval.needed) == (True, 1)
    assert await office.clicks(approval, "UANA") == "granted"
    await office.settled()


def p0(store, at, by="bot"):
    facts = {"severity": "P0", "title": "down", "dedup_key": "k"}
    return store.events.append("incident/1", "incident.opened", by, facts, at)


async def test_break_glass(office, outside):
    """Alone, under a P0 that a detector opened, with a reason; ten minutes long; until another person has signed."""
    ana = {"user": "UANA", "roles": ("operator",), "glass": True}
    approval = office.requests.ask(office.work.plan(risk_class=RiskClass.DATA_LOSS), "UANA")
    assert await office.clicks(approval, **ana, reason="it burns") is Why.NO_GLASS
    p0(office.store, office.clock.now())
    assert await office.clicks(approval, **ana) is Why.NO_REASON
    assert await office.clicks(approval, **ana, reason="it burns") == "granted"
    await office.settled()
    granted = office.store.approvals.get(approval.subject)
    assert (granted.glass, granted.decision, granted.votes) == ("incident/1", "it burns", ())

    await office.clock.passes(minutes=9)
    second = office.requests.ask(office.work.plan("function/b"), "UANA")
    assert await office.clicks(second, **ana) == "granted", "the reason still holds"
    await office.settled()
    assert office.store.approvals.get(second.subject).decision == "it burns"

    third = office.requests.ask(office.work.plan("function/c"), "UANA")
    ben = ana | {"user": "UBEN"}
    assert await office.clicks(third, **ben) is Why.NO_REASON, "broken for Ana, not for Ben"
    await office.clock.passes(minutes=1)
    assert await office.clicks(third, **ana) is Why.NO_REASON, "ten minutes from the reason, however often it was used"
    assert [one.of for one in office.store.reviews.open()] == [approval.subject, second.subject]
    broken = [one for one in office.store.events.of("incident/1") if one.kind == "glass.broken"]
    assert [(one.actor, one.text) for one in broken] == [("UANA", "it burns")]


async def test_a_signed_review_does_not_mend_the_glass_and_the_end_of_the_incident_does(office):
    ana = {"user": "UANA", "roles": ("operator",), "glass": True}
    p0(office.store, office.clock.now())
    first = office.requests.ask(office.work.plan(), "UANA")
    assert await office.clicks(first, **ana, reason="it burns") == "granted"
    await office.settled()
    (review,) = office.store.reviews.open()
    office.store.reviews.sign(review, "UBEN", office.clock.now(), "rightly so")
    second = office.requests.ask(office.work.plan("function/b"), "UANA")
    assert await office.clicks(second, **ana) == "granted"
    await office.settled()
    office.store.incidents.resolve("incident/1", "bot", office.clock.now())
    third = office.requests.ask(office.work.plan("function/c"), "UANA")
    assert await office.clicks(third, **ana) is Why.NO_GLASS


async def test_it_is_over_while_the_plan_is_made_again(store, work, clock):
    """The incident ends during the re-check: then it is no vote either."""

    async def ends(approval):
        store.incidents.resolve("incident/1", "bot", clock.now())
        return work.plan(approval.thing)

    p0(store, clock.now())
    office = Office(store, work, clock)
    office.procedures["deploy"] = replace(work.procedure(), remake=ends)
    approval = office.requests.ask(work.plan(), "UANA")
    ben = {"user": "UBEN", "roles": ("operator",), "glass": True, "reason": "it burns"}
    assert await office.clicks(approval, **ben) is Why.NO_GLASS
    assert store.approvals.get(approval.subject).votes == ()


async def test_cards_follow_the_glass(office):
    """What waits is drawn anew when an incident opens and when it ends, and not in between."""
    approval = office.requests.ask(office.work.plan(), "UANA")
    await office.requests.round()
    office.shown.clear()
    await office.requests.round()
    assert office.shown == []
    p0(office.store, office.clock.now())
    for _ in range(2):
        await office.requests.round()
    assert [one.subject for one in office.shown] == [approval.subject]
    office.store.incidents.resolve("incident/1", "bot", office.clock.now())
    for _ in range(2):
        await office.requests.round()
    assert len(office.shown) == 2


async def test_what_the_bot_asked_for_is_taken_back_when_it_is_overtaken(office):
    own = office.requests.ask(office.work.plan(), "bot", reason="it is worse")
    anas = office.requests.ask(office.work.plan("function/b"), "UANA")
    for one in (own, anas):
        office.requests.overtaken(one.thing, "It was deployed meanwhile.")
    assert office.store.approvals.get(own.subject).state == "withdrawn"
    assert office.store.approvals.get(anas.subject).state == "pending"
    assert [one.subject for one in office.store.timers.waiting()] == [anas.subject]


async def test_nobody_opens_the_emergency_that_lets_them_act_alone(office):
    p0(office.store, office.clock.now(), by="UANA")
    approval = office.requests.ask(office.work.plan(), "UANA")
    ana = {"user": "UANA", "roles": ("operator",), "glass": True, "reason": "it burns"}
    assert await office.clicks(approval, **ana) is Why.NO_GLASS
    office.store.events.append("incident/1", "incident.acknowledged", "UBEN", {}, office.clock.now())
    assert await office.clicks(approval, **ana) == "granted"
    await office.settled()


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


async def test_the_timeline_stays_whole(office):
    from store.audit import verify

    approval = office.requests.ask(office.work.plan(), "UANA")
    await office.clicks(approval)
    await eventually(lambda: not office.store.operations.running())
    assert verify(office.store.db, KEY).ok
