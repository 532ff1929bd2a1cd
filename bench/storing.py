"""`store.events.append`, one by one and a hundred at a time, against bare sqlite3 writing the same on the same disk.

Both write-ahead with synchronous=FULL, both an index beside the row. What the timeline does more: the chain's mac, its
seal, the triggers that keep what is true now, the index of words, and the reading back.
"""

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.figures import Bench, Row, ratio, spread
from store.database import open_store
from store.events import NewEvent

SINGLES = 300
BATCHES = 20
BATCH = 100
KEY = b"a key for figures, long enough"
_TABLE = """CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL,
    actor TEXT NOT NULL, data TEXT NOT NULL)"""
_INSERT = "INSERT INTO events (at, subject, kind, actor, data) VALUES (?, ?, ?, ?, ?)"
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)

Write = Callable[[Sequence[NewEvent]], object]


async def part(bench: Bench) -> list[Row]:
    """Both take turns, round by round."""
    found: dict[str, list[float]] = {"ours": [], "bare": [], "ours_batch": [], "bare_batch": []}
    for _ in range(bench.rounds):
        for name, take in (("ours", _ours), ("bare", _bare)):
            single, batch = await asyncio.to_thread(take)
            found[name].append(single * 1000)
            found[f"{name}_batch"].append(BATCH / batch)
    return [
        Row("one event appended and committed, ms", spread(found["ours"], 2)),
        Row("bare sqlite3, one row, ms", spread(found["bare"], 2)),
        Row("ours against it", ratio(found["ours"], found["bare"])),
        Row(f"{BATCH} events in one commit, events/s", spread(found["ours_batch"])),
        Row(f"bare sqlite3, {BATCH} rows in one commit, rows/s", spread(found["bare_batch"])),
        Row("ours against it", ratio(found["ours_batch"], found["bare_batch"])),
    ]


def _ours() -> tuple[float, float]:
    with tempfile.TemporaryDirectory(prefix="aikeys-bench-") as folder:
        store = open_store(Path(folder) / "aikeys.sqlite", audit_key=KEY)
        try:
            return _timed(store.events.append_many)
        finally:
            store.close()


def _bare() -> tuple[float, float]:
    with tempfile.TemporaryDirectory(prefix="aikeys-bench-") as folder:
        conn = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute(_TABLE)
        conn.execute("CREATE INDEX by_subject ON events (subject, id)")

        def write(events: Sequence[NewEvent]) -> None:
            conn.execute("BEGIN IMMEDIATE")
            rows = [(one.at.isoformat(), one.subject, one.kind, one.actor, json.dumps(one.data)) for one in events]
            conn.executemany(_INSERT, rows)
            conn.execute("COMMIT")

        try:
            return _timed(write)
        finally:
            conn.close()


def _timed(write: Write) -> tuple[float, float]:
    """Seconds of one event, and of one batch: medians."""
    events = [
        NewEvent(
            f"question/{n}", "question.asked", "U0ANA", {"command": "health", "n": n}, _BEGAN + timedelta(minutes=n)
        )
        for n in range(SINGLES + BATCHES * BATCH)
    ]
    singles = [_seconds(write, [one]) for one in events[:SINGLES]]
    batches = [_seconds(write, events[at : at + BATCH]) for at in range(SINGLES, len(events), BATCH)]
    return median(singles), median(batches)


def _seconds(write: Write, events: Sequence[NewEvent]) -> float:
    began = time.perf_counter()
    write(events)
    return time.perf_counter() - began
