"""The bot as it runs, from the environment, to be killed.

With the argument `hurried` its waits are short; with `later 3600` its clock is an hour ahead of the machine's.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from structlog.typing import Processor

from bot import logs
from bot.clock import SystemClock
from bot.process import run
from bot.settings import read
from store.database import open_store
from tests.clocks import Hurried, Moved

KEY = b"the key of a test, 32 bytes at least"


def main(arguments: Sequence[str], killers: Sequence[Processor]) -> None:
    """Run until told to stop, or until the point is reached."""
    settings = read()
    logs.configure("debug", killers, secrets=settings.secrets)
    settings.data.mkdir(parents=True, exist_ok=True)
    later = (
        Moved(SystemClock().now() + timedelta(seconds=float(arguments[1]))) if "later" in arguments else SystemClock()
    )
    store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)
    try:
        asyncio.run(run(settings, store, clock=Hurried() if "hurried" in arguments else later))
    finally:
        store.close()
