"""A clock on which days pass in minutes, and a bot on it that says each hour what it holds: `python -m …compressed`."""

import asyncio
import json
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
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


class Held:
    """What this process holds: memory in MB, open files, threads, tasks.

    Of files and tasks those that it held the last time too: what is asked just then comes and goes, a leak stays.
    """

    def __init__(self) -> None:
        self._files: set[tuple[str, str]] = set()
        self._tasks: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()

    def now(self) -> dict[str, float]:
        """What stands since the last time."""
        status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        files, tasks = set(_open()), asyncio.all_tasks()
        said = {
            "memory": int(status["VmRSS"].split()[0]) / 1024,
            "handles": len(files & self._files),
            "threads": int(status["Threads"]),
            "tasks": len(tasks.intersection(self._tasks)),
        }
        self._files, self._tasks = files, weakref.WeakSet(tasks)
        return said


def _open() -> Iterator[tuple[str, str]]:
    """Number and what is behind it: a socket has its own, as `socket:[4026]` (proc(5))."""
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them is closed by now
            yield one.name, str(one.readlink())


async def _life(since: float, speed: float, each: float) -> int:
    keep_small()  # as aikeys run does
    settings, clock = read(), Compressed(since, speed)
    store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)

    async def says() -> None:
        held = Held()
        held.now()
        while True:
            await asyncio.sleep(each / speed)
            print(json.dumps(held.now()), flush=True)

    saying = asyncio.create_task(says())
    try:
        return await run(settings, store, clock=clock)
    finally:
        saying.cancel()
        store.close()


if __name__ == "__main__":
    logs.configure("warning")
    sys.exit(asyncio.run(_life(*(float(one) for one in sys.argv[1:4]))))
