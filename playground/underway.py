"""What the app has asked and was not answered yet, for clocks that are moved by hand; and answers that come late."""

import asyncio
import time
from collections.abc import Callable
from random import Random

from aiohttp import web
from aiohttp.typedefs import Handler

LASTING = ("/link/", "/control/")  # a socket is never answered to the end
QUIET = 30  # turns of the event loop: from an answer to the next question of whoever waited for it
PATIENCE = 0.5  # seconds: what takes longer is meant to


class Underway:
    """Counts the requests that are being answered; *late*, once it is set, says by how many seconds each is held up."""

    def __init__(self) -> None:
        self.count = 0
        self.late: Callable[[], float] | None = None

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count it in while it is answered."""
        if request.path.startswith(LASTING):
            return await handler(request)
        self.count += 1
        try:
            await self.lag()
            answer = await handler(request)
            await self.lag()  # it is done, and nobody knows yet
            return answer
        finally:
            self.count -= 1

    async def lag(self) -> None:
        """Be late, where something is to be."""
        if self.late is not None:
            await asyncio.sleep(self.late())

    async def ended(self, *others: "Underway") -> None:
        """Return once nothing was under way for a moment, here and with the *others*, or it takes too long.

        A clock that is moved while a question is under way makes it a late one: its asker gives it up, though the
        machine answers in a millisecond.
        """
        until, quiet = time.monotonic() + PATIENCE, 0
        while quiet < QUIET and time.monotonic() < until:
            busy = any(one.count for one in (self, *others))
            await asyncio.sleep(0.001 if busy else 0)
            quiet = 0 if busy else quiet + 1


def unsteady(seed: str) -> Callable[[], float]:
    """Mostly a few milliseconds, now and then a tenth of a second, as on a loaded machine; the same for one *seed*."""
    chance = Random(seed)
    return lambda: 0.1 * chance.random() ** 3
