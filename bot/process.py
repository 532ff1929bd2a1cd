"""One bot as a process: until SIGINT or SIGTERM."""

import asyncio
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from bot.app import Bot, Commands
from bot.clock import Clock, SystemClock
from bot.settings import Settings
from bot.version import version

if TYPE_CHECKING:
    from store.database import Store

log = structlog.get_logger(__name__)


async def run(
    settings: Settings,
    store: "Store | Callable[[], Store]",
    *,
    clock: Clock | None = None,
    commands: Commands | None = None,
    ready: Callable[[Bot], None] | None = None,
) -> int:
    """Run until SIGINT or SIGTERM; return the exit code. *ready* is called once the lines are being opened."""
    bot = Bot(settings, store, clock or SystemClock(), commands)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    starting, told = asyncio.create_task(bot.start()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            log.info("bot.started", version=version(), project=bot.target.ref, workspace=bot.who.team_id)
            if ready is not None:
                ready(bot)
            await told
        return 0
    finally:
        starting.cancel()
        told.cancel()
        await asyncio.gather(starting, told, return_exceptions=True)
        await bot.stop()
