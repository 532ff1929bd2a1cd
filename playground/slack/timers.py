"""Waiting on the workspace's clock."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.clock import Clock

T = TypeVar("T")


async def within(clock: Clock, seconds: float, future: "asyncio.Future[T]") -> T:
    """The future's answer, or TimeoutError once *seconds* have passed on *clock*."""
    if future.done():
        return future.result()
    timer = asyncio.ensure_future(clock.sleep(seconds))
    try:
        waited: set[asyncio.Future[Any]] = {future, timer}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
    if not future.done():
        future.cancel()
        raise TimeoutError
    return future.result()


class Tasks:
    """Work begun on the side, so that stopping can end all of it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run it; an exception in it is raised by `stop`."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled() or task.exception() is None:
            self._running.discard(task)

    async def stop(self) -> None:
        """Cancel what still runs; raise what went wrong."""
        running, self._running = self._running, set()
        for task in running:
            task.cancel()
        for outcome in await asyncio.gather(*running, return_exceptions=True):
            if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
                raise outcome
