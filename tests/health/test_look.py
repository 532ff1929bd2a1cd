"""A look: all at once, in time, and honest about who is missing."""

import asyncio
import math
import time

import pytest

from bot.clients.errors import TooLate
from bot.health.answers import ASKED_FOR, Question
from bot.health.look import Checkup, look
from playground.clock import ManualClock


@pytest.fixture
def moved() -> ManualClock:
    return ManualClock()


async def gathered(ctx, part=None):
    return [checkup async for checkup in look(ctx, part)]


def waiting() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("health.")}


async def until(condition, *, seconds=10):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # the condition is on the wire, nobody here can set an event
            await asyncio.sleep(0.002)


async def test_first_nobody_then_everybody(ctx):
    first, last = await gathered(ctx)
    assert first.judgement.line == "Asking 6 services…"
    assert last.judgement.line == "Healthy"
    assert (first.level, last.level) == ("waiting", "ok")


@pytest.mark.parametrize("part", ["database", "webhooks", "functions", "secrets", "services"])
async def test_a_part_asks_only_what_it_needs(ctx, part):
    first, last = await gathered(ctx, part)
    assert first.judgement.line == f"Asking {len(ASKED_FOR[part])} services…"
    assert last.level == "ok"
    for question in Question:
        assert (getattr(last.answers, question.value) is not None) is (question in ASKED_FOR[part])


async def test_all_are_asked_at_once_and_before_the_first_answer_is_shown(ctx, project):
    """Every call is held: each of the ten is on the wire although none has been answered."""
    async with project.answers("*", ".", delay=math.inf) as rule:
        checkups = look(ctx)
        await anext(checkups)
        await until(lambda: rule.hits == 10)
        await checkups.aclose()  # type: ignore[attr-defined]
    assert waiting() == set()


async def test_complete_within_the_slowest_probe_and_150_ms(ctx, project, store, clock):
    """What a look adds to its slowest probe, as that probe itself was measured on this machine; the median of five."""
    await gathered(ctx)  # connections and imports
    added = []
    async with project.answers("GET", "/secrets", delay=0.3):
        for _ in range(5):
            begun, at = time.monotonic(), clock.now()
            *_, last = await gathered(ctx)
            took = time.monotonic() - begun
            slowest = max(each.latency_ms for each in store.samples.since("answered", at)) / 1000
            assert last.level == "ok"
            assert slowest >= 0.3
            added.append(took - slowest)
    assert sorted(added)[2] <= 0.15


class TestLate:
    """With a clock that stands still until it is told to move."""

    @pytest.fixture
    def clock(self, moved):
        return moved

    async def looking(self, ctx, held: str):
        """Start a look; return when all but *held* have answered."""
        seen: list[Checkup] = []

        async def collect():
            async for checkup in look(ctx):
                seen.append(checkup)  # noqa: PERF401  # each is looked at while the next is awaited

        task = asyncio.create_task(collect())
        await until(lambda: len(seen) == 1 and waiting() == {f"health.{held}"})
        return seen, task

    async def test_at_four_seconds_the_missing_one_is_named_and_the_rest_shown(self, ctx, project, moved):
        async with project.answers("GET", "/secrets", delay=math.inf):
            seen, task = await self.looking(ctx, "secrets")
            await moved.passes(seconds=3.9)
            assert len(seen) == 1
            await moved.passes(seconds=0.1)
            await until(lambda: len(seen) == 2)
            assert seen[1].judgement.line == "Nothing wrong so far; waiting for secrets"
            assert seen[1].seconds == pytest.approx(4)
        await until(task.done)
        # It was held until the fault ended, then broken off: neither healthy nor an outage.
        assert [each.level for each in seen] == ["waiting", "waiting", "unknown"]

    async def test_what_comes_late_is_shown_once_more(self, ctx, project, moved):
        clock_of_the_fault = asyncio.Event()

        async def body():
            yield b"["
            await clock_of_the_fault.wait()
            yield b'{"name":"CIRCLE_API_KEY","value":"x"},{"name":"CIRCLE_WEBHOOK_SECRET","value":"x"},'
            yield b'{"name":"ALERT_EMAIL","value":"x"}]'

        async with project.answers("GET", "/secrets", body=body):
            seen, task = await self.looking(ctx, "secrets")
            await moved.passes(seconds=6)
            await until(lambda: len(seen) == 2)
            clock_of_the_fault.set()
            await until(task.done)
        assert [each.level for each in seen] == ["waiting", "waiting", "ok"]
        assert seen[-1].seconds == pytest.approx(6)

    async def test_at_ten_seconds_it_gives_up(self, ctx, project, moved):
        async with project.answers("GET", "/functions$", delay=math.inf):
            seen, task = await self.looking(ctx, "functions")
            await moved.passes(seconds=9.9)
            assert not task.done()
            await moved.passes(seconds=0.1)
            await until(task.done)
        assert len(seen) == 3
        final = seen[-1]
        assert final.level == "unknown"
        assert "did not answer within 10 s" in final.judgement.findings[0].what
        # The probe of the same question had answered, and that is not lost.
        assert isinstance(final.answers.functions.listed, TooLate)
        assert final.answers.functions.pulses["payments-circle-webhook"].status == 405

    async def test_an_outage_is_said_at_four_seconds_although_others_are_missing(self, ctx, project, moved):
        await switch(project, "database_outage", True)
        async with project.answers("GET", "/secrets", delay=math.inf):
            seen, task = await self.looking(ctx, "secrets")
            await moved.passes(seconds=4)
            await until(lambda: len(seen) == 2)
            assert seen[1].judgement.line == "Database outage; waiting for secrets"
        await until(task.done)


async def test_who_walks_away_leaves_nothing_running(ctx, project):
    async with project.answers("GET", "/health", delay=math.inf):
        checkups = look(ctx)
        await anext(checkups)
        assert len(waiting()) == 6
        await checkups.aclose()  # type: ignore[attr-defined]
    assert waiting() == set()


async def test_a_look_is_remembered_as_samples(ctx, store, clock):
    await gathered(ctx)
    before = clock.now().replace(year=2000)
    whole, database = (
        store.samples.since("wallet", before, "")[-1],
        store.samples.since("wallet", before, "database")[-1],
    )
    assert whole.state == database.state == "ok"
    assert whole.latency_ms > database.latency_ms >= 0
    answered = store.samples.since("answered", before)
    assert {each.part for each in answered} == {question.value for question in Question}


async def test_an_outage_is_remembered_as_failed_and_silence_as_unknown(ctx, store, project, clock):
    body = {"status": "degraded", "database": {"connected": False}}
    async with project.answers("GET", "^/health", body=body), project.answers("GET", "/secrets", status=500):
        await gathered(ctx)
    before = clock.now().replace(year=2000)
    assert store.samples.since("wallet", before, "database")[-1].state == "failed"
    assert store.samples.since("answered", before, "secrets")[-1].state == "unknown"
    assert store.samples.since("answered", before, "project")[-1].state == "ok"


async def test_a_damaged_memory_takes_no_card_away(ctx, store):
    store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.db.conn.execute("PRAGMA shrink_memory")
    with store.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (store.path.stat().st_size - 4096))
    *_, last = await gathered(ctx)
    assert last.level == "ok"
    assert last.memory.readable is False
    assert last.memory.response.now is not None


async def test_a_memory_that_cannot_be_written_takes_no_card_away(ctx, store):
    store.db.conn.execute("PRAGMA query_only = ON")
    *_, last = await gathered(ctx)
    assert last.level == "ok"
    assert last.memory.readable
    assert store.samples.latest("wallet") == []


async def switch(project, name, on):
    await next(one for one in project.switches if one.name == name).set(on)
