"""Several questions at once: whole where all are quick, as they come where one is slow, and never for ever."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from bot.clients.errors import OwnFault, ServerFailed, TooLate
from bot.clients.supabase import Supabase
from bot.context import Caller, Context, Target
from bot.questions.asking import ask
from playground.clock import ManualClock
from tests.health.well import SUPABASE

REF = "emolyyvmvvfjyxbguhyn"


@dataclass(frozen=True)
class Seen:
    quick: Any = None
    slow: Any = None


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def ctx(clock) -> Context:
    nothing: Any = None
    supabase = Supabase("http://127.0.0.1:9", "sbp_x", REF, clock)
    caller = Caller("U0ANA", "C0OPS", frozenset(), clock.now())
    return Context(clock, nothing, nothing, supabase, nothing, {}, Target(REF), caller)


async def after(clock, seconds, answer):
    await clock.sleep(seconds)
    return answer


async def fails(failure):
    raise failure


async def seen(ctx, clock, moments, **questions):
    """What is shown, the clock moved by each of *moments* whenever nobody has anything to do."""
    shown = []

    async def listen():
        shown.extend([(clock.monotonic(), each) async for each in ask(ctx, Seen(), **questions)])

    listening = asyncio.create_task(listen())
    for moment in moments:
        await clock.passes(seconds=moment)
    await listening
    return shown


async def test_quick_answers_are_shown_once_and_whole(ctx, clock):
    questions = {"quick": after(clock, 0, 1), "slow": after(clock, 0.2, 2)}
    assert [one for _, one in await seen(ctx, clock, [0.25], **questions)] == [Seen(1, 2)]


async def test_a_slow_one_is_waited_for_in_sight(ctx, clock):
    questions = {"quick": after(clock, 0.1, 1), "slow": after(clock, 5, 2)}
    shown = await seen(ctx, clock, [0.3, 3.7, 1], **questions)
    assert shown == [(0.3, Seen(1)), (4.0, Seen(1)), (5.0, Seen(1, 2))]


async def test_whoever_is_silent_is_too_late(ctx, clock):
    questions = {"quick": after(clock, 0.1, 1), "slow": after(clock, 1e9, 2)}
    *_, (at, last) = await seen(ctx, clock, [0.3, 3.7, 6.25], **questions)
    assert at == 10.25
    assert (last.quick, type(last.slow)) == (1, TooLate)


async def test_one_that_fails_hides_no_other(ctx, clock):
    failure = ServerFailed(SUPABASE, 503, "It failed.", "Ask again.")
    [(_, one)] = await seen(ctx, clock, [0], quick=after(clock, 0, 1), slow=fails(failure))
    assert one == Seen(1, failure)
    [(_, one)] = await seen(ctx, clock, [0], quick=fails(KeyError("x")), slow=after(clock, 0, 2))
    assert (type(one.quick), one.slow) == (OwnFault, 2)


async def test_nothing_goes_on_when_nobody_listens_any_more(ctx, clock):
    shown = ask(ctx, Seen(), quick=after(clock, 0, 1), slow=after(clock, 1e9, 2))
    first = asyncio.ensure_future(anext(shown))
    await clock.passes(seconds=0.3)
    assert await first == Seen(1)
    await shown.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert "slow" not in {task.get_name() for task in asyncio.all_tasks()}
