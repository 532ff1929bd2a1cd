"""The bot as it runs, with one command that answers nothing in place of the real ones."""

import asyncio
import sys

from bot.logs import configure
from bot.process import run
from bot.registry import load
from bot.settings import read
from store.database import open_store


def main() -> int:
    settings = read()
    configure("WARNING", secrets=settings.secrets)
    settings.data.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.data / "aikeys.sqlite", audit_key=b"the key of a measurement, 32 bytes")
    try:
        return asyncio.run(run(settings, store, commands=load("bench.commands")))
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
