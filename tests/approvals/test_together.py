"""Requests: what is decided together is written together or not at all, and who hears of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.approvals.objection import Act, Click, Objection, Why
from bot.approvals.policy import RiskClass
from bot.approvals.requests import Requests, Settled
from bot.clockwork.timers import Timers
from bot.operations.engine import Engine
from playground.clock import ManualClock
from tests.approvals.breaking import PROJECT, Outside

APPROVER = frozenset({"viewer", "approver"})


class Room:
    """Requests over a store, with an outside that answers from memory; *shown*: what the cards were told."""

    def __init__(self, store, *, project=PROJECT, alone=False) -> None:
        self.store, self.clock, self.outside = store, ManualClock(), Outside()
        self.shown: list[tuple[str, str]] = []
        self.timers = Timers(store, self.clock)
        procedures = dict.fromkeys(("deploy", "rollback"), self.outside.procedure())
        self.engine = Engine(store, self.clock, procedures, lambda _: None)
        self.requests = Requests(
            store, self.clock, self.timers, self.engine, procedures, self._show, project=project, alone=alone
        )

    def _show(self, approval) -> None:
        assert self.store.connection.in_transaction
        self.shown.append((approval.subject, approval.state))

    def asks(self, thing="function/a", risk=RiskClass.REVERSIBLE, by="UANA", **more):
        return self.requests.ask(self.outside.plan(thing, risk), by, **more)

    async def clicks(self, approval, user="UBEN", act=Act.APPROVE, **more):
        return await self.requests.click(approval.subject, Click(user, act, APPROVER, typed="unknown", **more))


@pytest.fixture
async def room(store):
    one = Room(store)
    yield one
    await one.engine.close(0)


def waiting(store):
    return [(one.kind, one.subject, one.due) for one in store.timers.waiting()]


async def test_asked_with_its_timer_its_card_and_what_else_belongs_to_it(room, store):
    also: list[object] = []
    kept = {"channel": "C1"}
    one = room.asks(where=kept, reason="a fix", also=lambda it: also.append((it.subject, list(room.shown))))
    assert (one.requested_by, one.where, one.reason) == ("UANA", kept, "a fix")
    assert (one.needed, one.alone) == (1, False)
    assert one.expires_at == room.clock.now() + timedelta(minutes=30)
    assert waiting(store) == [("approval.expires", one.subject, one.expires_at)]
    assert also == [(one.subject, [(one.subject, "pending")])]
    assert room.asks("function/b", RiskClass.DATA_LOSS).needed == 2

    def fails(_):
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"):
        room.asks("function/a", also=fails)
    assert store.approvals.get(one.subject).state == "pending", "the older one is not superseded by what was not asked"
    assert len(waiting(store)) == 2


async def test_a_grant_is_all_of_it(room, store):
    one = room.asks(risk=RiskClass.DATA_LOSS)
    first = await room.clicks(one, reason=" looks well ", roles_age="5 minutes")
    assert isinstance(first, Settled)
    assert (first.operation, [each.roles_age for each in first.approval.votes]) == (None, ["5 minutes"])
    assert room.shown[-1] == (one.subject, "pending")
    assert len(waiting(store)) == 1
    second = await room.clicks(one, "UCY", reason=" at last ", roles_age="1 h")
    assert isinstance(second, Settled)
    assert second.operation is not None
    granted = second.approval
    assert (granted.decided_by, granted.decision, granted.roles_age, granted.glass) == ("UCY", "at last", "1 h", "")
    assert (granted.operation, second.operation.approval) == (second.operation.subject, one.subject)
    assert (second.operation.started_by, waiting(store)) == ("UANA", [])
    assert room.shown[-1] == (one.subject, "granted")
    await room.clock.passes(seconds=5)
    assert store.operations.of(granted.operation).state == "done"


async def test_what_raced_leaves_no_vote(store):
    """Another project's name: the lock is not seen, and the row that starts it is refused."""
    room = Room(store, project="another")
    first, second = room.asks("function/a"), room.asks("function/b")
    room.outside.moods.append("hangs before")
    assert isinstance(await room.clicks(first), Settled)
    found = await room.clicks(second)
    assert isinstance(found, Objection)
    assert (found.why, found.what) == (Why.DECIDED, "Somebody was faster.")
    assert store.approvals.get(second.subject) == second
    assert len(store.operations.recent()) == 1
    await room.engine.close(0)


@pytest.mark.parametrize(("act", "user", "state"), [(Act.DENY, "UBEN", "denied"), (Act.WITHDRAW, "UANA", "withdrawn")])
async def test_an_end_without_an_operation(room, store, act, user, state):
    one = room.asks()
    found = await room.clicks(one, user, act, reason=" not today ")
    assert isinstance(found, Settled)
    assert (found.approval.state, found.approval.decision, found.operation) == (state, "not today", None)
    assert (room.shown[-1], waiting(store)) == ((one.subject, state), [])
    late = await room.clicks(one)
    assert isinstance(late, Objection)
    assert late.why is Why.DECIDED
    assert store.operations.recent() == []


async def test_it_expires_once_and_the_bot_says_so(room, store):
    one, two = room.asks("function/a"), room.asks("function/b")
    await room.clicks(two, act=Act.DENY)
    room.timers.set("approval.expires", two.subject, two.expires_at)
    await room.clock.passes(minutes=30)
    await room.timers.round()
    await room.timers.idle()
    ended = store.approvals.get(one.subject)
    assert (ended.state, ended.decided_by, room.shown[-1]) == ("expired", "bot", (one.subject, "expired"))
    assert (store.approvals.get(two.subject).state, waiting(store)) == ("denied", [])


async def test_who_has_voted_and_may_not_any_more(room):
    one = room.asks(risk=RiskClass.DATA_LOSS)
    assert isinstance(await room.clicks(one), Settled)

    async def anew(click):
        return replace(click, roles=frozenset({"viewer"}) if click.user == "UBEN" else APPROVER)

    room.requests.anew = anew
    found = await room.clicks(one, "UCY")
    assert isinstance(found, Objection)
    assert (found.why, found.who) == (Why.RULES, "UBEN")
    room.requests.anew = lambda click: anew(replace(click, user="UBEN"))
    found = await room.clicks(one, "UDEE")
    assert isinstance(found, Objection)
    assert found.why is Why.ROLE, "who clicks is asked about anew as well"


async def test_a_team_of_one_that_has_grown(store):
    one = Room(store, alone=True).asks(risk=RiskClass.DATA_LOSS)
    assert (one.needed, one.alone) == (1, True)
    grown = Room(store)
    for user, why in (("UANA", Why.OWN_REQUEST), ("UBEN", Why.RULES)):
        found = grown.requests.objection(one.subject, Click(user, Act.APPROVE, APPROVER, typed="unknown"))
        assert found is not None
        assert found.why is why
    with pytest.raises(KeyError):
        grown.requests.objection("approval/9", Click("UBEN", Act.DENY, APPROVER))


async def test_drawn_anew(room, store):
    one, two = room.asks("function/a"), room.asks("function/b", by="bot")
    room.shown.clear()
    room.requests.redraw(one.subject)
    room.requests.redraw("operation/1")
    assert room.shown == [(one.subject, "pending")]
    room.requests.overtaken("function/a", "why")
    room.requests.overtaken("function/9", "why")
    room.requests.overtaken("function/b", "It was deployed meanwhile.")
    gone = store.approvals.get(two.subject)
    assert (gone.state, gone.decided_by, gone.decision) == ("withdrawn", "bot", "It was deployed meanwhile.")
    assert room.shown[1:] == [(two.subject, "withdrawn")]


async def test_the_glass_that_is_broken_is_the_one_that_counts(room, store):
    for key in ("a", "b"):
        store.incidents.open("P0", key, key, room.clock.now())
    assert room.requests.incident("UANA") == "incident/1", "the oldest"
    store.events.append("incident/2", "glass.broken", "UANA", {}, room.clock.now(), text="it burns")
    assert (room.requests.incident("UANA"), room.requests.incident("UBEN")) == ("incident/2", "incident/1")
    one = room.asks()
    click = Click("UANA", Act.APPROVE, frozenset({"operator"}), glass=True)
    granted = await room.requests.click(one.subject, click)
    assert isinstance(granted, Settled)
    assert (granted.approval.glass, granted.approval.decision) == ("incident/2", "it burns")
    assert len(store.events.of("incident/2")) == 2, "broken once for one reason"
    await room.clock.passes(seconds=5)
    two = await room.requests.click(room.asks().subject, replace(click, reason=" it floods "))
    assert isinstance(two, Settled)
    assert (two.approval.decision, len(store.events.of("incident/2"))) == ("it floods", 3)
    await room.clock.jumps(seconds=600)
    assert room.requests.incident("UANA") == "incident/1"
    for number in (1, 2):
        store.incidents.resolve(f"incident/{number}", "bot", room.clock.now())
    assert room.requests.incident("UANA") is None
