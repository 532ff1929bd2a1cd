"""Work under way: started in order of urgency, counted, and drained before the bot stops."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import structlog

from bot.clients.deadline import within
from bot.clock import Clock
from bot.door.inbox import Delivery

log = structlog.get_logger(__name__)

AT_ONCE = 256  # deliveries worked on together: each waits on Slack or Supabase, hardly on the processor
URGENCY = {"click": 0, "shortcut": 0, "closed": 1, "options": 0, "command": 1, "event": 2}  # a trigger id lives 3 s
LATEST = 2  # whatever else comes
AT_HAND = 2 * AT_ONCE  # deliveries whose payload waits in memory: a click on a long card brings 50 kB


class Work:
    """Hands deliveries to *dispatch* once `release` was called, the most urgent first, one start a turn of the loop.

    One start a turn keeps the sockets read between two starts: a burst is acknowledged before it is worked off.
    *payload* gives a delivery's text by its id, and whether it is signed: who waits far behind does so in the
    database, whatever its size.
    """

    def __init__(
        self,
        dispatch: Callable[[Delivery], Awaitable[None]],
        clock: Clock,
        payload: Callable[[int], tuple[str, bool | None]] | None = None,
    ) -> None:
        self._dispatch = dispatch
        self._clock = clock
        self._payload = payload
        # A queue an urgency: a heap would keep a tuple and a number more for each of a backlog of thousands.
        self._waiting: tuple[deque[Delivery], ...] = tuple(deque() for _ in range(LATEST + 1))
        self._running: set[asyncio.Task[None]] = set()
        self._pump: asyncio.Task[None] | None = None
        self.stopping = False
        self.released = asyncio.Event()

    def add(self, delivery: Delivery) -> None:
        """Take a committed delivery; it is started in its turn."""
        if self._payload is not None and not delivery.entered and self.depth >= AT_HAND:
            delivery.text = ""  # it was handed over: nobody else reads it
        self._waiting[URGENCY.get(delivery.kind, LATEST)].append(delivery)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._start_waiting())

    def release(self) -> None:
        """Begin: until now deliveries were only kept."""
        self.released.set()

    async def _start_waiting(self) -> None:
        await self.released.wait()
        while any(self._waiting) and not self.stopping:
            if len(self._running) >= AT_ONCE:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                continue  # and look again whether the bot is stopping: what is not begun is left for the next start
            task = asyncio.create_task(self._one(next(filter(None, self._waiting)).popleft()))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            await asyncio.sleep(0)

    async def _one(self, delivery: Delivery) -> None:
        with structlog.contextvars.bound_contextvars(delivery=delivery.id):
            try:
                await self._dispatch(self._whole(delivery))
            except Exception:
                log.exception("work.failed", kind=delivery.kind)

    def _whole(self, delivery: Delivery) -> Delivery:
        if delivery.text or self._payload is None:
            return delivery
        text, signed = self._payload(delivery.id)
        return replace(delivery, text=text, signed=signed, acked=delivery.acked and signed is True)

    @property
    def depth(self) -> int:
        """How many deliveries wait or run."""
        return sum(map(len, self._waiting)) + len(self._running)

    async def drain(self, seconds: float) -> int:
        """Start nothing more, wait *seconds* at most for what runs; return how many are left for the next start."""
        self.stopping = True
        if self._pump is not None and not self.released.is_set():
            self._pump.cancel()
        if self._running:
            with suppress(TimeoutError):
                await within(self._clock, seconds, asyncio.wait(set(self._running)))
        left = self.depth
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        return left
