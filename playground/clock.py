"""A clock that a test moves by hand, so that limits and timers stay strict and run fast."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from bot.clock import Clock

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
T = TypeVar("T")
STANDS = 2.0  # seconds of the machine's
_TURNS = 20  # turns of the event loop after each step: enough for a woken task to reach its next wait


class ManualClock:
    """Implements `bot.clock.Clock`; time stands still until `passes` is awaited.

    *settles*, once it is set, is awaited before each move: what is under way comes to its end first.
    """

    settles: Callable[[], Awaitable[None]] | None = None

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._elapsed = 0.0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def now(self) -> datetime:
        """The start plus what has passed, UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds passed since the clock was made."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Return once the clock has been moved *seconds* further."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self._elapsed + seconds, next(self._order), future))
        await future

    async def jumps(self, *, seconds: float = 0, minutes: float = 0) -> None:
        """Move on all at once: who slept meanwhile wakes late, with the next that passes."""
        await self._settled()
        self._elapsed += seconds + 60 * minutes

    async def passes(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Move on, waking each sleeper at its own moment, in order; those of one moment together."""
        await self._settled()
        until = self._elapsed + seconds + 60 * minutes + 3600 * hours + 86400 * days
        while self._waiting and self._waiting[0][0] <= until:
            self._elapsed = max(self._elapsed, self._waiting[0][0])
            if self._wake():
                await _turn()
        self._elapsed = until
        await _turn()

    async def _settled(self) -> None:
        await _turn()
        if self.settles is not None:
            await self.settles()

    def _wake(self) -> int:
        """Wake all that are due; how many still slept."""
        woken = 0
        while self._waiting and self._waiting[0][0] <= self._elapsed:
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                future.set_result(None)
                woken += 1
        return woken


async def moving(clock: Clock, waiting: Coroutine[Any, Any, T]) -> T:
    """The answer of *waiting*; a clock that stands still is moved on by a second for each two that it takes.

    What is waited for may keep to that clock: a post that was still on its way when the clock was moved makes the next
    one wait for a second that would never come.
    """
    if not isinstance(clock, ManualClock):
        return await waiting
    task = asyncio.ensure_future(waiting)
    try:
        while not (await asyncio.wait({task}, timeout=STANDS))[0]:
            await clock.passes(seconds=1)
        return task.result()
    finally:
        task.cancel()


async def _turn() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
