"""What the watch leaves on the disk: two days of its looks, at their cadence, written through the store.

Time is made up, the answers are a good day's with its chance failures (`bench.noise`); what is kept of them, packed,
summed up and dropped is the product's own.
"""

import asyncio
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Bench, Row
from bench.noise import Noise, answered
from bot.health import memory
from bot.health.answers import Question
from bot.health.thresholds import DEFAULTS
from bot.incidents.asking import due
from bot.incidents.recording import packed
from bot.incidents.usual import Usual
from bot.own.upkeep import KEPT_LOOKS
from store.database import Store, open_store

RATE = 30.0  # webhooks an hour
ROUND = 15  # seconds; the default cadence
HOUR = 3600
DAY = 24 * HOUR
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
KEY = b"a key for figures, long enough"


async def part(_: Bench) -> list[Row]:
    """Once: the same seed leaves the same bytes."""
    return rows(await asyncio.to_thread(measure))


def measure(days: int = 2) -> dict[str, float]:
    """Bytes by name; the file after each day, beyond what an empty one has."""
    noise, found = Noise(RATE, random.Random(7), days, DEFAULTS), dict[str, float]()  # by seed, no secret
    with tempfile.TemporaryDirectory(prefix="aikeys-bench-") as folder:
        store = open_store(Path(folder) / "aikeys.sqlite", audit_key=KEY)
        try:
            empty, usual = _size(store), Usual(store)
            for hour in range(24 * days):
                with store.transaction():  # an hour a commit: of interest is what is left, not how long it takes
                    for at in range(hour * HOUR, (hour + 1) * HOUR, ROUND):
                        _look(store, usual, noise, at)
                now = BEGAN + timedelta(hours=hour + 1)
                store.samples.roll_up(now)
                store.looks.purge(now - KEPT_LOOKS)
                if (hour + 1) % 24 == 0:
                    found[f"day {(hour + 1) // 24}"] = _size(store) - empty
            for table in ("samples", "looks"):
                (found[f"{table}, rows"],) = store.db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()
            (found["looks, bytes"],) = store.db.conn.execute("SELECT sum(length(seen)) FROM looks").fetchone()
        finally:
            store.close()
    return found


def _look(store: Store, usual: Usual, noise: Noise, at: int) -> None:
    asked = due(at // ROUND)
    found = noise.look(float(DAY + at), asked)
    now = BEGAN + timedelta(seconds=at)
    answers, world = answered(found, DEFAULTS, now)
    for question in set(Question) - asked:
        answers = answers.having(question, None)
    memory.keep(store, answers, {one: found.seconds for one in asked if isinstance(one, Question)}, now)
    usual.keep(answers, world.wider, now)
    store.looks.keep(now, packed(asked, answers, world))


def _size(store: Store) -> int:
    store.forget()
    return store.path.stat().st_size


def rows(found: dict[str, float]) -> list[Row]:
    """For the screen and the page."""
    return [
        Row("24 h of samples and looks on disk, MB", f"{found['day 1'] / 1e6:.1f}"),
        Row("after 48 h, the first day dropped, MB", f"{found['day 2'] / 1e6:.1f}"),
        Row("rows of samples; looks, packed", f"{found['samples, rows']:,.0f}; {found['looks, rows']:,.0f}"),
        Row("a packed look, bytes", f"{found['looks, bytes'] / found['looks, rows']:,.0f}"),
    ]
