"""The bot as it runs, on a clock that runs fast: what waits a second for a warm function need not do so here."""

import sys

from bot.clock import SystemClock
from bot.memory.keys import database
from bot.process import run
from bot.settings import read
from bot.start.hardening import close_memory
from bot.telemetry import logs
from store.database import open_store
from store.lock import claim

KEY = b"the key of the canaries, 32 bytes at least"


class Fast(SystemClock):
    """Tells the time as it is; waits between two looks are short, deadlines long enough for anything."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / (20 if seconds <= 2.5 else 4))


async def main() -> int:
    """Until SIGTERM."""
    settings = read()
    logs.configure("debug", secrets=settings.secrets)
    close_memory()
    path = database(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = claim(path)
    return await run(settings, lambda: open_store(path, audit_key=KEY, lock=lock), clock=Fast())


if __name__ == "__main__":
    import asyncio

    sys.exit(asyncio.run(main()))
