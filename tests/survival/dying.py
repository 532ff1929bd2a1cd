"""The bot as it runs, killed with -9 at a named point: `python -m tests.survival.dying EVENT [NTH]`.

A point is the name of a log event of the product. The killer is a log processor: the product itself knows nothing
of it. Without an event this is the bot as it is.
"""

import asyncio
import os
import signal
import sys
from collections.abc import MutableMapping
from typing import Any

from bot import logs
from bot.app import run
from bot.settings import read
from store.database import open_store

KEY = b"the key of a test, 32 bytes at least"


class Killer:
    """Ends this process the *nth* time that *event* is logged."""

    def __init__(self, event: str, nth: int) -> None:
        self._event = event
        self._left = nth

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if event.get("event") == self._event:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return event


def main() -> int:
    """Run until told to stop, or until the point is reached."""
    killers = [Killer(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)] if len(sys.argv) > 1 else []
    settings = read()
    logs.configure("debug", killers, secrets=settings.secrets)
    settings.data.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)
    try:
        return asyncio.run(run(settings, store))
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
