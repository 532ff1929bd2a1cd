"""A bot that runs while a test needs it: on whatever clock, looking by itself or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import Bot, Commands
from bot.clock import Clock
from bot.settings import Settings
from store.database import open_store
from tests.wait import eventually

KEY = b"a key for tests, 32 bytes at least"


@asynccontextmanager
async def running(settings: Settings, clock: Clock, commands: Commands | None = None) -> AsyncIterator[Bot]:
    """The bot over its memory, heard by Slack; both are closed at the end. A later one remembers what it did."""
    store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)
    bot = Bot(settings, store, clock, commands)
    try:
        await bot.start()
        await eventually(lambda: bot.sockets.up == 2)
        yield bot
    finally:
        await bot.stop()
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
