"""Alone, under a P0 that somebody else has seen: what breaks the glass, for how long, and what mends it."""

from dataclasses import replace

from bot.approvals.objection import Why
from bot.approvals.policy import RiskClass
from tests.approvals.conftest import Office


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


async def test_nobody_opens_the_emergency_that_lets_them_act_alone(office):
    p0(office.store, office.clock.now(), by="UANA")
    approval = office.requests.ask(office.work.plan(), "UANA")
    ana = {"user": "UANA", "roles": ("operator",), "glass": True, "reason": "it burns"}
    assert await office.clicks(approval, **ana) is Why.NO_GLASS
    office.store.events.append("incident/1", "incident.acknowledged", "UBEN", {}, office.clock.now())
    assert await office.clicks(approval, **ana) == "granted"
    await office.settled()
