"""What is under way is waited for before a clock is moved; and answers can be made late, the same for one seed."""

import asyncio

import aiohttp

from playground.clock import ManualClock, moving
from playground.slack.workspace import Workspace
from playground.underway import unsteady


async def test_a_clock_that_is_moved_lets_an_answer_come_first():
    """Its asker waits ten seconds of that clock at most, and the machine answers in some milliseconds."""
    slack, clock = Workspace(), ManualClock()
    await slack.start()
    slack.underway.late = lambda: 0.03
    clock.settles = slack.underway.ended
    try:
        async with aiohttp.ClientSession() as session:

            async def asks() -> float:
                async with session.post(f"{slack.api_url}api.test") as answer:
                    assert (await answer.json())["ok"]
                return clock.monotonic()

            asking = asyncio.create_task(asks())
            await asyncio.sleep(0)
            await clock.passes(hours=1)
            assert await asking == 0, "before the hour began"
    finally:
        await slack.stop()


async def test_what_waits_for_a_clock_that_nobody_moves_ends():
    clock = ManualClock()
    await asyncio.wait_for(moving(clock, clock.sleep(0.5)), 20)
    assert clock.monotonic() == 1


def test_the_same_seed_is_late_in_the_same_way():
    def some(seed: str) -> list[float]:
        late = unsteady(seed)
        return [late() for _ in range(200)]

    assert some("7 a test") == some("7 a test") != some("8 a test")
    assert 0.09 < max(some("7 a test")) <= 0.1
    assert sorted(some("7 a test"))[100] < 0.03, "most of them hardly"
