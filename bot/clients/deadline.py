"""Deadlines on the injected clock, so that ten seconds pass in a test when the test says so."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from bot.clock import Clock

T = TypeVar("T")


async def within(clock: Clock, seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """Return what *work* returns; cancel it and raise TimeoutError once *seconds* have passed on *clock*."""
    task = asyncio.ensure_future(work)
    alarm = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise TimeoutError
        return task.result()
    finally:
        alarm.cancel()
        task.cancel()
        # Both are awaited, so that no connection is left half open behind a cancelled question.
        await asyncio.gather(task, alarm, return_exceptions=True)


async def settled(tasks: Iterable[asyncio.Task[Any]], clock: Clock, until: float) -> None:
    """Return when all *tasks* are done, or when it is *until* on *clock*'s monotonic seconds. Nothing is cancelled."""
    alarm = asyncio.create_task(clock.sleep(max(0.0, until - clock.monotonic())))
    waiting: set[asyncio.Task[Any]] = {task for task in tasks if not task.done()}
    try:
        while waiting and not alarm.done():
            done, _ = await asyncio.wait({*waiting, alarm}, return_when=asyncio.FIRST_COMPLETED)
            waiting -= done
    finally:
        alarm.cancel()
