"""A click looks at the outside once more: what has changed, who came first, and a thousand at once."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from bot.approvals.objection import Act, Click, Objection, Why
from bot.approvals.policy import RiskClass
from bot.errors import Unanswered
from tests.approvals.conftest import Office


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
