"""Answers kept for a while: asked once for all who wait, and again only when they are old."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.clock import Clock

T = TypeVar("T")
MOST = 2000  # kept at once: strangers must not be able to fill the memory


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """An answer and its age in seconds. An age above zero from `get` may be an answer that could not be renewed."""

    value: T
    age: float


class Remembered(Generic[T]):
    """Keeps what *ask* answers by key; *fresh* is how long it is believed unasked, *last* how long at the very most.

    Between the two it counts only when *ask* raises one of *away*: whoever is asked is out of reach.
    """

    def __init__(
        self,
        ask: Callable[[str], Awaitable[T]],
        clock: Clock,
        *,
        fresh: float,
        last: float,
        away: tuple[type[Exception], ...],
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._fresh = fresh
        self._last = last
        self._away = away
        self._kept: dict[str, tuple[T, float]] = {}
        self._asking: dict[str, asyncio.Task[T]] = {}

    async def get(self, key: str, *, anew: bool = False) -> Known[T]:
        """Return the answer for *key*; *anew*: also where a fresh one is known, it is asked for again.

        Raises what *ask* raised where no answer young enough is known.
        """
        known = None if anew else self._known(key)
        if known is not None and known.age <= self._fresh:
            return known
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._renew(key))
            task.add_done_callback(lambda done: self._ended(key, done))
        try:
            # Shielded: one impatient asker must not take the answer away from the others.
            return Known(await asyncio.shield(task), 0.0)
        except self._away:
            known = self._known(key)
            if known is not None and known.age <= self._last:
                return known
            raise

    def _ended(self, key: str, task: asyncio.Task[T]) -> None:
        self._asking.pop(key, None)
        if not task.cancelled():
            task.exception()  # looked at: every asker may have gone, and asyncio would complain

    def _known(self, key: str) -> Known[T] | None:
        if key not in self._kept:
            return None
        value, at = self._kept[key]
        return Known(value, self._clock.monotonic() - at)

    async def _renew(self, key: str) -> T:
        value = await self._ask(key)
        self._kept.pop(key, None)
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]  # the one renewed longest ago
        self._kept[key] = (value, self._clock.monotonic())
        return value
