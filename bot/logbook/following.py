"""Following: one look every ten seconds for all who ask the same, and an end after ten minutes.

A follower has the lowest turn in the quota (bot.clients.supabase.quota): where others need it, a look is left out.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.clients.deadline import within
from bot.clients.errors import Failure, TooMany
from bot.clock import Clock
from bot.logbook.reading import Line

log = structlog.get_logger(__name__)

EVERY = 10.0  # seconds
AT_MOST = 600.0  # seconds; after that nobody looks any more
MOST = 10  # different questions followed at the same time: each edits a message six times a minute

Look = Callable[[], Awaitable[list[Line]]]


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a look brought. *left_out* says in a sentence why there was none."""

    at: datetime
    lines: tuple[Line, ...] = ()
    left_out: str = ""


class TooManyFollowed(Exception):
    """Nothing more can be followed now."""


@dataclass(slots=True)
class _Shared:
    """One question's looks, and who waits for them; None in a queue: the end."""

    task: asyncio.Task[None] | None = None
    queues: list[asyncio.Queue[Fresh | None]] = field(default_factory=list)


class Followers:
    """All that is followed. `close` ends it, and every follower with it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._shared: dict[object, _Shared] = {}
        self._closed = False

    @property
    def count(self) -> int:
        """How many different questions are followed."""
        return len(self._shared)

    async def follow(self, key: object, look: Look, seconds: float = AT_MOST) -> AsyncGenerator[Fresh, None]:
        """Yield what each look brings, for *seconds*. Who asks by the same *key* shares the looks of the first.

        Raises TooManyFollowed.
        """
        shared = self._join(key, look)
        queue: asyncio.Queue[Fresh | None] = asyncio.Queue()
        shared.queues.append(queue)
        ends = self._clock.monotonic() + seconds
        try:
            while (left := ends - self._clock.monotonic()) > 0:
                try:
                    fresh = await within(self._clock, left, queue.get())
                except TimeoutError:
                    return
                if fresh is None:
                    return
                yield fresh
        finally:
            shared.queues.remove(queue)
            if not shared.queues:
                self._end(key, shared)

    def close(self) -> None:
        """End all: the bot is about to stop."""
        self._closed = True
        for shared in self._shared.values():
            for queue in shared.queues:
                queue.put_nowait(None)

    def _join(self, key: object, look: Look) -> _Shared:
        if (shared := self._shared.get(key)) is not None:
            return shared
        if self._closed or len(self._shared) >= MOST:
            raise TooManyFollowed
        shared = self._shared[key] = _Shared()
        shared.task = asyncio.create_task(self._looks(shared, look), name="logs.follow")
        return shared

    def _end(self, key: object, shared: _Shared) -> None:
        if self._shared.get(key) is shared:
            del self._shared[key]
        if shared.task is not None:
            shared.task.cancel()

    async def _looks(self, shared: _Shared, look: Look) -> None:
        while True:
            await self._clock.sleep(EVERY)
            fresh = await self._look(look)
            for queue in list(shared.queues):
                queue.put_nowait(fresh)

    async def _look(self, look: Look) -> Fresh:
        try:
            return Fresh(self._clock.now(), tuple(await look()))
        except TooMany:
            return Fresh(self._clock.now(), left_out="this look was left out: others need the turn more")
        except Failure as failure:
            log.info("follow.unanswered", error=failure.what)
            return Fresh(self._clock.now(), left_out=failure.what)
