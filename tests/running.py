"""A bot that runs while a test needs it: on whatever clock, looking by itself or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import Bot, Commands
from bot.clock import Clock
from bot.settings import Settings
from playground.clock import moving
from store.database import Store, open_store
from tests.wait import eventually

KEY = b"a key for tests, 32 bytes at least"


def remembering(path: Path, key: bytes = KEY) -> Store:
    """The memory at *path*; a new one is a copy: to make its tables takes longer than most of what a test asks."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(_empty(key))
    return open_store(path, audit_key=key)


@cache
def _empty(key: bytes) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "aikeys.sqlite"
        open_store(path, audit_key=key).close()
        return path.read_bytes()


@asynccontextmanager
async def running(settings: Settings, clock: Clock, commands: Commands | None = None) -> AsyncIterator[Bot]:
    """The bot over its memory, heard by Slack; both are closed at the end. A later one remembers what it did."""
    store = remembering(settings.data / "aikeys.sqlite")
    bot = Bot(settings, store, clock, commands)
    try:
        await bot.start()
        await eventually(lambda: bot.sockets.up == 2)
        yield bot
    finally:
        await moving(clock, bot.stop())  # what still waits on that clock is given up in its time
        store.close()


@asynccontextmanager
async def unwatched(settings: Settings, clock: Clock) -> AsyncIterator[Bot]:
    """One that does not look by itself: *clock* is moved, the answers come on the machine's. Looks asked for go on."""
    async with running(settings, clock) as bot:
        assert bot._answering is not None
        for task in bot._answering._rounds._tasks:
            if task.get_name().startswith("round-watch"):
                task.cancel()
        yield bot
