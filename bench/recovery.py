"""The bot's machine is lost: how much is lost with it (RPO), and how long until the bot answers again (RTO).

RPO is the cadence of the copies and what one takes; RTO is `aikeys restore` on an empty machine, the start and the
first answer.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import making
from bench.figures import Bench, Row, spread
from bench.peer import Peer, running
from bot.memory.copying import EVERY
from playground.town import Town
from store import copies
from store.database import open_store
from store.events import NewEvent

EVENTS = 200_000  # of a busy year
KEY = "a key for the bench, 32 characters or more"
LOST, AGAIN = "RPO: lost at most, s", "RTO: first answer after, s"
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


async def measure(bot: Peer, town: Town) -> dict[str, float]:
    """Return figures by name, seconds or MB."""
    with tempfile.TemporaryDirectory(prefix="aikeys-bench-") as name:
        folder = Path(name)
        data, kept = folder / "data", folder / "copies"
        data.mkdir()
        await asyncio.to_thread(_fill, data / "aikeys.sqlite")
        size = (data / "aikeys.sqlite").stat().st_size / 1e6
        began = time.perf_counter()
        await asyncio.to_thread(copies.make, data / "aikeys.sqlite", kept, _BEGAN + timedelta(days=300))
        copying = time.perf_counter() - began
        await asyncio.to_thread(shutil.rmtree, data)

        more = {"AIKEYS_DATA": str(data), "AIKEYS_COPIES": str(kept), "AIKEYS_AUDIT_KEY": KEY}
        began = time.perf_counter()
        await _restore(town.settings(data) | more)
        restored = time.perf_counter() - began
        async with running(bot, town, **more):
            connected = time.perf_counter() - began
            seen = len(town.slack.messages("#ops", "ana"))
            await town.slack.say("ana", "#ops", "/aikeys contacts")
            await town.slack.until(
                lambda: any(one.get("bot_id") for one in town.slack.messages("#ops", "ana")[seen:]), timeout=30
            )
            answered = time.perf_counter() - began
    return {
        "database, MB": size,
        "a copy, s": copying,
        LOST: EVERY + copying,
        "aikeys restore, the whole timeline checked, s": restored,
        "connected, s": connected,
        AGAIN: answered,
    }


async def part(bench: Bench) -> list[Row]:
    """Each round a machine of its own."""
    limits = {LOST: "≤ 300", AGAIN: "≤ 60"}
    found = [await measure(bench.real, bench.town) for _ in range(bench.rounds)]
    return [Row(name, spread([one[name] for one in found], 1), limits.get(name, "")) for name in found[0]]


def _fill(path: Path) -> None:
    store = open_store(path, audit_key=KEY.encode())
    events = (
        NewEvent(
            f"incident/{one % 997}",
            "question.asked",
            "U0ANA",
            {"command": "health", "n": one},
            _BEGAN + timedelta(minutes=one // 5000 * 5000),
        )
        for one in range(EVENTS)
    )
    making.fill(store, KEY.encode(), events)
    store.close()


async def _restore(environ: dict[str, str]) -> None:
    words = (sys.executable, "-m", "bot", "restore")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(*words, env=kept | environ, stdout=asyncio.subprocess.DEVNULL)
    if await process.wait():
        raise RuntimeError("the copy could not be restored")
