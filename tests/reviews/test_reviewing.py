"""Three years by the clock: each review falls due once, a skipped one is asked for again and escalated."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.approvals.objection import Objection, Why
from bot.clockwork.timers import Timers
from bot.reviews.evidence import NEW, Evidence, since
from bot.reviews.kinds import KINDS, Step, step
from bot.reviews.objection import objection
from bot.reviews.reviewing import Reviewing
from playground.clock import ManualClock
from store.audit import verify
from store.errors import TooLate
from store.reviews import Review
from tests.running import KEY

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
OPERATOR = frozenset({"viewer", "operator"})


class Office:
    """Reviews, timers and a clock over one store, as the bot has them; *told* is what the cards were told."""

    def __init__(self, store, clock, zone="Europe/Madrid") -> None:
        self.store = store
        self.clock = clock
        self.told: list[Review] = []
        self.timers = Timers(store, clock)
        self.reviewing = Reviewing(
            store, clock, self.timers, self._gather, self.told.append, zone=ZoneInfo(zone), lead="ULEAD"
        )
        self.reviewing.schedule()

    async def _gather(self, kind, now):
        return Evidence(f"{kind} on {now:%d %b}", ("a line",))

    async def turn(self):
        """What the rounds do within a minute."""
        await self.timers.round()
        await self.timers.idle()
        await self.reviewing.round()

    async def days(self, count, sign=False):
        """Each day at half past nine, UTC; where *sign*, somebody signs what is open."""
        for _ in range(count):
            await self.clock.passes(days=1)
            await self.turn()
            if sign:
                for one in self.store.reviews.open():
                    self.reviewing.sign(one.subject, "UBEN", OPERATOR, "looked")


def seen(store, kind) -> Counter[str]:
    events = store.events.page(limit=100_000)
    return Counter(one.subject.split("/")[1] for one in events if one.kind == kind)


@pytest.fixture
def clock():
    return ManualClock(BEGIN + timedelta(hours=9, minutes=30))


THREE_YEARS = {"slow-queries": 157, "admins": 36, "secrets": 36, "policies": 12, "runbook": 12, "audit": 3}


async def test_three_years_of_a_team_that_signs(store, clock):
    office = Office(store, clock)
    await office.days(1096, sign=True)
    assert seen(store, "review.due") == THREE_YEARS
    assert seen(store, "review.signed") == THREE_YEARS
    assert not seen(store, "review.reminded")
    assert not seen(store, "review.missed")
    assert len(store.timers.waiting()) == len(KINDS)
    assert verify(store.db, KEY).ok


async def test_a_year_of_a_team_that_does_not(store, clock):
    """Each is asked for again, then the lead is told; the next one ends the last, on the record."""
    office = Office(store, clock)
    await office.days(365)
    due = seen(store, "review.due")
    assert due == {"slow-queries": 52, "admins": 12, "secrets": 12, "policies": 4, "runbook": 4, "audit": 1}
    assert seen(store, "review.escalated") == due - Counter(["admins"]), "the last of them fell due today"
    assert seen(store, "review.missed") == {kind: count - 1 for kind, count in due.items() if count > 1}
    assert len(store.reviews.open()) == len(KINDS)
    audit = next(one for one in store.reviews.open() if one.kind == "audit")
    assert audit.reminders > 40, "weekly, until somebody signs"
    last = store.reviews.open("admins")[0]
    assert last.data["missed"] == "2026-12"


async def test_every_day_a_restart(store, clock):
    for _ in range(120):
        office = Office(store, clock)
        await office.days(1, sign=True)
    assert seen(store, "review.due") == {
        "slow-queries": 17,
        "admins": 4,
        "secrets": 4,
        "policies": 2,
        "runbook": 2,
        "audit": 1,
    }
    assert len(store.timers.waiting()) == len(KINDS)


async def test_away_for_a_quarter(store, clock):
    """One of each that fell due meanwhile, which says what passed; and one step at a time."""
    await Office(store, clock).days(10, sign=True)
    await clock.passes(days=90)
    office = Office(store, clock)
    await office.turn()
    (weekly,) = store.reviews.open("slow-queries")
    assert weekly.data["passed"][0] == "2026-W03"
    assert len(weekly.data["passed"]) == 12
    assert seen(store, "review.due")["slow-queries"] == 2
    assert not seen(store, "review.reminded")
    assert not seen(store, "review.escalated")


async def test_a_new_bot_asks_for_nothing_that_fell_due_before_it(store, clock):
    await clock.passes(days=200)
    await Office(store, clock).turn()
    assert store.reviews.open() == []


async def test_the_time_zone_is_changed(store, clock):
    """Timers move; the same period is not asked for twice."""
    office = Office(store, clock, "Pacific/Auckland")
    before = {one.subject: one.due for one in store.timers.waiting()}
    await clock.passes(days=4, hours=-12)  # Monday, nine o'clock in Auckland and Sunday evening in Madrid
    await office.turn()
    (first,) = store.reviews.open()
    office = Office(store, clock, "America/New_York")
    after = {one.subject: one.due for one in store.timers.waiting()}
    assert all(after[kind] != before[kind] for kind in KINDS)
    await office.days(1)
    assert store.reviews.open() == [first]


async def test_two_sign_at_once_and_one_is_told(store, clock):
    office = Office(store, clock)
    await office.days(5)
    subject = store.reviews.open()[0].subject
    first = office.reviewing.sign(subject, "UBEN", OPERATOR, "looked")
    second = office.reviewing.sign(subject, "UCAROL", OPERATOR, "me too")
    assert isinstance(first, Review)
    assert isinstance(second, Objection)
    assert (second.why, second.who) == (Why.DECIDED, "UBEN")
    assert isinstance(await office.reviewing.look(subject, "UCAROL"), Objection)
    with pytest.raises(KeyError):
        office.reviewing.sign("review/admins/1999-01", "UBEN", OPERATOR, "looked")


async def test_looked_at_again(store, clock):
    office = Office(store, clock)
    await office.days(5)
    subject = store.reviews.open()[0].subject
    await clock.passes(days=1)
    assert await office.reviewing.look(subject, "UBEN") is None
    assert store.reviews.get(subject).looked_at == clock.now()
    assert office.told[-1].data["summary"] == f"slow-queries on {clock.now():%d %b}"


async def test_who_only_may_look_cannot_fill_the_record(store, clock):
    """A crowd of clicks is one look a minute: each is a row that nobody can take away again."""
    office = Office(store, clock)
    await office.days(5)
    subject = store.reviews.open()[0].subject
    await clock.passes(seconds=1)
    rows = len(store.events.of(subject))
    answers = [await office.reviewing.look(subject, "UZOE") for _ in range(5)]
    assert [answer is None for answer in answers] == [True, False, False, False, False]
    await asyncio.gather(*(office.reviewing.look(subject, "UZOE") for _ in range(5)))
    assert len(store.events.of(subject)) == rows + 1
    await clock.passes(minutes=1)
    await asyncio.gather(*(office.reviewing.look(subject, "UZOE") for _ in range(5)))
    assert len(store.events.of(subject)) == rows + 2


async def test_a_card_that_cannot_be_drawn_stops_nothing(store, clock):
    office = Office(store, clock)

    def broken(_):
        raise ValueError("no such block")

    office.reviewing._show = broken
    await office.days(6)
    assert [one.kind for one in store.reviews.open()] == ["slow-queries"]
    assert seen(store, "review.reminded") == {"slow-queries": 1}
    assert isinstance(office.reviewing.sign(store.reviews.open()[0].subject, "UBEN", OPERATOR, "looked"), Review)


def review(**changes) -> Review:
    facts: dict[str, Any] = {
        "subject": "review/glass/7", "kind": "glass", "of": "approval/7", "not_by": "UANA", "incident": "incident/1",
        "due_at": BEGIN, "looked_at": BEGIN, "evidence": "it burns", "data": {}, "asked_at": BEGIN, "reminders": 0,
        "escalated_at": None, "state": "open",
    }  # fmt: skip
    return Review(**(facts | changes))


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("one", "days", "what"),
    [
        (review(), 0.9, None),
        (review(), 1, Step.REMIND),
        (review(reminders=1), 1.5, None),
        (review(reminders=1), 2, Step.ESCALATE),
        (review(), 30, Step.ESCALATE),  # the bot was away: one step, not two
        (review(reminders=1, escalated_at=BEGIN + 2 * DAY, asked_at=BEGIN + 2 * DAY), 8.9, None),
        (review(reminders=1, escalated_at=BEGIN + 2 * DAY, asked_at=BEGIN + 2 * DAY), 9, Step.REMIND),
        (review(state="signed"), 30, None),
        (review(kind="admins"), 2, None),
        (review(kind="admins"), 3, Step.REMIND),
        (review(kind="from-another-version"), 1, Step.REMIND),
        (review(), -5, None),  # the clock was put back
    ],
)
def test_what_time_makes_of_it(one, days, what):
    assert step(one, BEGIN + days * DAY) is what


@pytest.mark.parametrize(
    ("one", "user", "roles", "note", "why"),
    [
        (review(), "UBEN", {"viewer", "approver"}, "fine", None),
        (review(), "UBEN", {"viewer", "operator"}, None, None),
        (review(), "UBEN", {"viewer", "operator"}, " ", Why.NO_REASON),
        (review(), "UANA", {"viewer", "operator"}, "fine", Why.OWN_REQUEST),
        (review(), "UZOE", {"viewer"}, "fine", Why.ROLE),
        (review(), "UGUS", set(), "fine", Why.ROLE),
        (review(state="signed", by="UBEN", at=BEGIN), "UCAROL", {"operator"}, "fine", Why.DECIDED),
        (review(state="missed"), "UCAROL", {"operator"}, "fine", Why.EXPIRED),
        (review(kind="admins", not_by=""), "UANA", {"operator"}, "fine", None),
    ],
)
def test_what_speaks_against_a_signature(one, user, roles, note, why):
    found = objection(one, user, frozenset(roles), note)
    assert (found.why if found else None) is why


def test_what_is_new_since_the_last_time():
    before = since([], ["ana", "ben"])
    assert before == [f"{NEW}ana", f"{NEW}ben"]
    assert since(before, ["ben", "cy"]) == [f"{NEW}cy", "no longer there: ana", "ben"]
    assert since(["no longer there: ana", "ben"], ["ben"]) == ["ben"]


def test_once_a_period_is_the_schemas_word(store):
    store.reviews.due("admins", "2026-11", BEGIN)
    with pytest.raises(TooLate):
        store.reviews.due("admins", "2026-11", BEGIN)
    review = store.reviews.get("review/admins/2026-11")
    store.reviews.escalate(review, BEGIN, "ULEAD")
    with pytest.raises(TooLate):
        store.reviews.escalate(review, BEGIN, "ULEAD")
    store.reviews.miss(review, BEGIN)
    for act in (store.reviews.remind, store.reviews.miss):
        with pytest.raises(TooLate):
            act(review, BEGIN)
    with pytest.raises(TooLate):
        store.reviews.sign(review, "UBEN", BEGIN, "late")
