"""How much of the bot's disk a repository may take: a server can send for as long as it likes."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from bot.clock import Clock
from bot.sources.errors import SourceRefused

LARGEST_MIRROR = 2 * 1024**3  # bytes; the wallet's repository has a few megabytes
_LOOK = 0.5  # seconds between two looks
T = TypeVar("T")


class Room:
    """Watches *folder*, which may grow to *most* bytes."""

    def __init__(self, folder: Path, clock: Clock, most: int) -> None:
        self._folder = folder
        self._clock = clock
        self._most = most

    async def within(self, fetching: Coroutine[Any, Any, T]) -> T:
        """Return what *fetching* returns; end it and raise SourceRefused once the folder is too large."""
        task = asyncio.ensure_future(fetching)
        try:
            while not task.done():
                alarm = asyncio.ensure_future(self._clock.sleep(_LOOK))
                try:
                    await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    alarm.cancel()
                await asyncio.to_thread(self._look)
            return await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _look(self) -> None:
        size = 0
        for path in self._folder.rglob("*"):
            try:
                size += path.stat().st_size
            except OSError:  # git has just moved it
                continue
        if size > self._most:
            raise SourceRefused(
                "The source is not read.",
                f"It takes more than {self._most / 1024**2:.0f} MB of the bot's disk.",
                "Check that AIKEYS_SOURCE is the wallet's repository, and take large files out of its history.",
            )
