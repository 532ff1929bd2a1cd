"""The bot as it runs, from the environment, to be killed. With the argument `hurried` its waits are short."""

import asyncio
from collections.abc import Sequence

from structlog.typing import Processor

from bot import logs
from bot.clock import SystemClock
from bot.process import run
from bot.settings import read
from store.database import open_store
from tests.clocks import Hurried

KEY = b"the key of a test, 32 bytes at least"


def main(arguments: Sequence[str], killers: Sequence[Processor]) -> None:
    """Run until told to stop, or until the point is reached."""
    settings = read()
    logs.configure("debug", killers, secrets=settings.secrets)
    settings.data.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)
    try:
        asyncio.run(run(settings, store, clock=Hurried() if "hurried" in arguments else SystemClock()))
    finally:
        store.close()
