"""A clock on which days pass in minutes, and a bot on it that counts its tasks each hour: `python -m …compressed`."""

import asyncio
import json
import sys
import time
import weakref
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.process import run
from bot.settings import read
from bot.start.hardening import keep_small
from bot.telemetry import logs
from store.database import open_store

KEY = b"the key of the soak, 32 bytes at least"
SHORT = (
    30.0  # seconds: what is waited for less than that is a deadline or a retry, and servers answer at their own pace
)
SHORTENED = 4.0  # so many times shorter these waits are


class Compressed:
    """Implements `bot.clock.Clock`: the time of day runs *speed* times as fast, and long waits are as much shorter.

    Two processes that are given the same *since* (seconds since 1970) agree on the time. What passes is measured as it
    passes: a look that takes 20 ms took 20 ms. *hurried* false: nothing is shortened, for the servers outside.
    """

    def __init__(self, since: float, speed: float, *, hurried: bool = True) -> None:
        self._since, self.speed, self._hurried = since, speed, hurried and speed > 1

    def now(self) -> datetime:
        """The time of day."""
        passed = (time.time() - self._since) * self.speed
        return datetime.fromtimestamp(self._since, UTC) + timedelta(seconds=passed)

    def monotonic(self) -> float:
        """Seconds that pass."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return when so long has passed, or a part of it."""
        shorter = (SHORTENED if seconds < SHORT else self.speed) if self._hurried else 1.0
        await asyncio.sleep(seconds / shorter)


class Standing:
    """How many tasks this process has that it had the last time too: nobody outside can count those."""

    def __init__(self) -> None:
        self._tasks: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()

    def now(self) -> dict[str, float]:
        """What stands since the last time."""
        tasks = asyncio.all_tasks()
        said = {"tasks": float(len(tasks.intersection(self._tasks)))}
        self._tasks = weakref.WeakSet(tasks)
        return said


async def _life(since: float, speed: float, each: float) -> int:
    keep_small()  # as aikeys run does
    settings, clock = read(), Compressed(since, speed)
    store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)

    async def says() -> None:
        standing = Standing()
        standing.now()
        while True:
            await asyncio.sleep(each / speed)
            print(json.dumps(standing.now()), flush=True)

    saying = asyncio.create_task(says())
    try:
        return await run(settings, store, clock=clock)
    finally:
        saying.cancel()
        store.close()


if __name__ == "__main__":
    logs.configure("warning")
    sys.exit(asyncio.run(_life(*(float(one) for one in sys.argv[1:4]))))
