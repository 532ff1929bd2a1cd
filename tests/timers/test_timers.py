"""Durable timers: once, in time, late ones said to be late, whatever restarts in between."""

import asyncio
import random
from datetime import timedelta

import pytest

from bot.clockwork.timers import Timers
from store.errors import TooLate


@pytest.fixture
def fired():
    """What was recorded: subject and lateness."""
    return []


@pytest.fixture
def noting(fired):
    """A handler that notes what it records."""

    async def handler(one):
        return lambda: fired.append((one.subject, one.late))

    return handler


async def turn(timers):
    await timers.round()
    await timers.idle()


async def test_fires_once_when_it_is_due(timers, clock, fired, noting):
    timers.on("expiry", noting)
    timers.set("expiry", "approval/1", clock.now() + timedelta(minutes=30))
    await turn(timers)
    assert fired == []
    await clock.passes(minutes=30)
    await turn(timers)
    await turn(timers)
    assert fired == [("approval/1", timedelta())]


async def test_fires_after_downtime_and_says_how_late(store, clock, fired, noting, timers):
    timers.set("expiry", "approval/1", clock.now() + timedelta(minutes=30))
    await clock.passes(hours=2)
    again = Timers(store, clock)
    again.on("expiry", noting)
    await turn(again)
    assert fired == [("approval/1", timedelta(minutes=90))]


async def test_set_again_is_moved_and_cancelled_is_gone(timers, clock, fired, noting):
    timers.on("expiry", noting)
    timers.set("expiry", "a", clock.now() + timedelta(seconds=10))
    timers.set("expiry", "a", clock.now() + timedelta(seconds=60), {"why": "moved"})
    timers.set("expiry", "b", clock.now() + timedelta(seconds=10))
    assert timers.cancel("expiry", "b")
    assert not timers.cancel("expiry", "b")
    await clock.passes(seconds=30)
    await turn(timers)
    assert fired == []
    await clock.passes(seconds=30)
    await turn(timers)
    assert [subject for subject, _ in fired] == ["a"]


async def test_a_handler_that_fails_is_tried_again(timers, clock, fired):
    async def handler(one):
        if len(tries) < 3:
            tries.append(one)
            raise ValueError
        return lambda: fired.append(one.subject)

    tries: list[object] = []
    timers.on("verdict", handler)
    timers.set("verdict", "a", clock.now())
    for _ in range(60):
        await turn(timers)
        await clock.passes(seconds=1)
    assert (len(tries), fired) == (3, ["a"])


async def test_cancelled_while_its_handler_asks(timers, clock, fired):
    """What it would have recorded does not count."""
    asked, go = asyncio.Event(), asyncio.Event()

    async def handler(one):
        asked.set()
        await go.wait()
        return lambda: fired.append(one.subject)

    timers.on("verdict", handler)
    timers.set("verdict", "a", clock.now())
    await timers.round()
    await asked.wait()
    assert timers.cancel("verdict", "a")
    go.set()
    await timers.idle()
    await turn(timers)
    assert fired == []


async def test_what_it_records_is_recorded_with_the_mark_or_not_at_all(timers, store, clock):
    async def handler(_):
        def record():
            store.events.append("test/1", "noted", "bot", {}, clock.now())
            if not mended:
                raise OSError

        return record

    mended: list[bool] = []
    timers.on("verdict", handler)
    timers.set("verdict", "a", clock.now())
    await turn(timers)
    assert store.events.latest("noted") is None
    mended.append(True)
    await clock.passes(seconds=2)
    await turn(timers)
    await turn(timers)
    assert len(store.events.of("test/1")) == 1
    assert store.timers.waiting() == []


async def test_a_slow_handler_holds_up_nobody(timers, clock, fired, noting):
    async def slow(_):
        await asyncio.Event().wait()

    timers.on("slow", slow)
    timers.on("expiry", noting)
    timers.set("slow", "a", clock.now())
    timers.set("expiry", "b", clock.now())
    await timers.round()
    await clock.passes(seconds=0)
    assert [subject for subject, _ in fired] == ["b"]


async def test_a_kind_that_nobody_handles_waits(timers, clock):
    timers.set("unknown", "a", clock.now())
    await turn(timers)
    assert [one.kind for one in timers._store.timers.due(clock.now())] == ["unknown"]


async def test_fired_twice_is_refused_by_the_row(store, clock, timers):
    timers.set("expiry", "a", clock.now())
    (timer,) = store.timers.due(clock.now())
    store.timers.fired(timer, clock.now())
    with pytest.raises(TooLate):
        store.timers.fired(timer, clock.now())
    assert store.timers.purge(clock.now() + timedelta(days=1)) == 1


async def test_a_thousand_schedules_with_restarts(store, clock):
    """Each once, none early, none more than 5 s late while the bot is up; downtime is said."""
    chance = random.Random(11)
    seen: dict[str, tuple[float, timedelta]] = {}
    twice: list[str] = []

    async def handler(one):
        def record():
            if one.subject in seen:
                twice.append(one.subject)
            seen[one.subject] = ((clock.now() - one.due).total_seconds(), one.late)

        return record

    timers = Timers(store, clock)
    with store.transaction():
        for number in range(1000):
            timers.set("any", f"s/{number}", clock.now() + timedelta(seconds=chance.uniform(0, 600)))
    was_down = 0.0
    while store.timers.waiting():
        timers = Timers(store, clock)
        timers.on("any", handler)
        for _ in range(chance.randrange(5, 60)):
            await turn(timers)
            await clock.passes(seconds=1)
        was_down = max(was_down, down := chance.uniform(0, 40))
        await clock.passes(seconds=down)
    assert (len(seen), twice) == (1000, [])
    assert min(after for after, _ in seen.values()) >= 0
    assert max(after for after, _ in seen.values()) <= was_down + 5
    assert all((late > timedelta()) == (after >= 10) for after, late in seen.values())
