"""The bot as it runs, from the environment, to be killed.

With the argument `hurried` its waits are a fifth, with `hurried:10` a tenth; with `later 3600` its clock is an hour
ahead of the machine's.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from structlog.typing import Processor

from bot.clock import Clock, SystemClock
from bot.process import run
from bot.settings import read
from bot.telemetry import logs
from store.database import open_store
from tests.clocks import Hurried, Moved

KEY = b"the key of a test, 32 bytes at least"


def main(arguments: Sequence[str], killers: Sequence[Processor]) -> None:
    """Run until told to stop, or until the point is reached."""
    settings = read()
    logs.configure("debug", killers, secrets=settings.secrets)
    settings.data.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)
    try:
        asyncio.run(run(settings, store, clock=_clock(arguments)))
    finally:
        store.close()


def _clock(arguments: Sequence[str]) -> Clock:
    word, _, times = next((one for one in arguments if one.startswith("hurried")), "").partition(":")
    if "later" in arguments:
        return Moved(SystemClock().now() + timedelta(seconds=float(arguments[1])))
    if not word:
        return SystemClock()
    clock = Hurried()
    clock.times = float(times or clock.times)
    return clock
