"""Durable timers: what is due is done, once, and late ones say how late."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clock import Clock
from store.database import Store
from store.errors import UNWRITTEN, StoreError, TooLate
from store.timers import Timer, lateness

log = structlog.get_logger(__name__)

LATE = timedelta(seconds=10)  # what is said to be late; below it is the cadence of the rounds
AGAIN = (1.0, 5.0, 30.0, 120.0)  # seconds until a handler that failed is tried again; stays at the last
AT_ONCE = 64  # handlers under way together: what fell due while the bot was away is done within seconds

Record = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Fired:
    """A timer whose time has come. *late* is zero where it is in time."""

    kind: str
    subject: str
    due: datetime
    late: timedelta
    data: dict[str, Any] = field(hash=False)


Handler = Callable[[Fired], Awaitable[Record | None]]


class Timers:
    """Sets timers, and fires them through one handler a kind."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._handlers: dict[str, Handler] = {}
        self._busy: dict[int, asyncio.Task[None]] = {}

    def on(self, kind: str, handler: Handler) -> None:
        """Let *handler* do what timers of *kind* are for.

        It may ask the outside, any number of times: dying in the middle asks again. What it returns is called in the
        transaction that marks the timer as fired, so that what it records is recorded once.
        """
        self._handlers[kind] = handler

    def set(self, kind: str, subject: str, due: datetime, data: Mapping[str, Any] | None = None) -> None:
        """Set the timer *kind* of *subject*, or move it. Joins the transaction that is open."""
        self._store.timers.set(kind, subject, due, self._clock.now(), data)

    def cancel(self, kind: str, subject: str) -> bool:
        """Cancel it; False where it is not set."""
        return self._store.timers.cancel(kind, subject, self._clock.now())

    async def round(self) -> None:
        """Begin what is due. Returns at once; a slow handler holds up nobody else."""
        if not self._store.steady():
            return
        for timer in self._store.timers.due(self._clock.now()):
            if timer.id not in self._busy and timer.kind in self._handlers and len(self._busy) < AT_ONCE:
                task = asyncio.create_task(self._fire(timer), name=f"timer-{timer.kind}")
                self._busy[timer.id] = task
                task.add_done_callback(lambda _, id_=timer.id: self._busy.pop(id_, None))  # type: ignore[misc]

    async def idle(self) -> None:
        """Return when everything that was begun has ended."""
        while self._busy:
            await asyncio.wait(self._busy.values())
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop; what is under way stays due."""
        for task in list(self._busy.values()):
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _fire(self, timer: Timer) -> None:
        late = lateness(timer, self._clock.now())
        fired = Fired(timer.kind, timer.subject, timer.due, late if late >= LATE else timedelta(), timer.data)
        try:
            record = await self._handlers[timer.kind](fired)
            with self._store.transaction():
                self._store.timers.fired(timer, self._clock.now())
                if record is not None:
                    record()
        except TooLate:
            # Cancelled or settled while the handler asked: nothing of it counts. If it still stands, it is tried again.
            log.info("timer.overtaken", kind=timer.kind, subject=timer.subject)
            self._again(timer)
        except UNWRITTEN as error:
            log.warning("timer.unwritten", kind=timer.kind, subject=timer.subject, error=str(error))
            self._again(timer)
        except Exception:
            log.exception("timer.failed", kind=timer.kind, subject=timer.subject)
            self._again(timer)
        else:
            log.debug("timer.fired", kind=timer.kind, subject=timer.subject, late=late.total_seconds())

    def _again(self, timer: Timer) -> None:
        wait = AGAIN[min(timer.tries, len(AGAIN) - 1)]
        with suppress(StoreError):  # a disk that takes nothing: it is due, and the next round begins it again
            self._store.timers.put_off(timer, self._clock.now() + timedelta(seconds=wait))
