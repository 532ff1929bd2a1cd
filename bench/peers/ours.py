"""The bot as it runs, with one command that answers nothing in place of the real ones."""

import asyncio
import sys

from bot.__main__ import leave_rich_out


def main() -> int:
    leave_rich_out()  # as `aikeys run` does, before anything else
    from bot.process import run  # noqa: PLC0415  # the same
    from bot.registry import load  # noqa: PLC0415  # the same
    from bot.settings import read  # noqa: PLC0415  # the same
    from bot.telemetry.logs import configure  # noqa: PLC0415  # see above
    from store.database import open_store  # noqa: PLC0415  # the same

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
