"""Somebody who does not know the secret: wrongly signed posts from several addresses."""

import asyncio
import json
import uuid
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.supabase.project import Project

_AT_ONCE = 30
_EVERY = 2.0  # seconds, after the first burst
ADDRESSES = [f"198.51.100.{n}" for n in (7, 23, 61, 88, 140, 177, 203, 251)]  # a range kept for documentation


class Attack:
    """Runs between `start` and `stop`; thirty posts have been answered when `start` returns."""

    def __init__(self, project: "Project", random: Random) -> None:
        self._project = project
        self._random = random
        self._task: asyncio.Task[None] | None = None
        self._posting = asyncio.Lock()

    async def start(self) -> None:
        """A burst, then a steady drip."""
        await asyncio.gather(*(self._one(ADDRESSES[n % len(ADDRESSES)]) for n in range(_AT_ONCE)))
        self._task = asyncio.create_task(self._drip(), name="signature attack")

    async def stop(self) -> None:
        """End it; a post on its way is answered first, so that none leaves its trace afterwards."""
        if self._task is not None:
            async with self._posting:
                self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _drip(self) -> None:
        while True:
            await self._project.clock.sleep(_EVERY)
            async with self._posting:
                await self._one(self._random.choice(ADDRESSES))

    async def _one(self, address: str) -> None:
        body = {"eventType": "payments.confirmed", "eventId": str(uuid.uuid4()), "amount": {"amount": "9999.00"}}
        forged = {"circle-signature": f"v1={self._random.randbytes(32).hex()}"}
        headers = forged | {"x-forwarded-for": address, "User-Agent": "python-requests/2.31"}
        await self._project.traffic.post(json.dumps(body).encode(), headers)
