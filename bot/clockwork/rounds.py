"""What the bot does by itself, again and again: each round in its own task, none able to stop another."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.clock import Clock
from store.errors import StoreError

log = structlog.get_logger(__name__)


class Every(Protocol):
    """`Rounds.every`."""

    def __call__(self, seconds: float, name: str, work: Callable[[], Awaitable[None]], *, first: float = 0) -> None:
        """Do it."""
        ...


class Rounds:
    """Runs each piece of work at its own cadence until closed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []

    def every(self, seconds: float, name: str, work: Callable[[], Awaitable[None]], *, first: float = 0) -> None:
        """Do *work* after *first* seconds and then every *seconds*, counted from its end."""
        self._tasks.append(asyncio.create_task(self._repeat(seconds, name, work, first), name=f"round-{name}"))

    async def _repeat(self, seconds: float, name: str, work: Callable[[], Awaitable[None]], first: float) -> None:
        unwritten = ""
        await self._clock.sleep(first)
        while True:
            try:
                await work()
            except StoreError as error:
                # Of a disk that is full for an hour one line is enough: the log lies on it too.
                if str(error) != unwritten:
                    unwritten = str(error)
                    log.error("round.unwritten", round=name, error=unwritten)  # noqa: TRY400  # the sentence says it all
            except Exception:
                # The next round is the retry: a round that dies of one bad answer would be a silent loss.
                log.exception("round.failed", round=name)
            else:
                unwritten = ""
            await self._clock.sleep(seconds)

    async def close(self) -> None:
        """Stop all of them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
