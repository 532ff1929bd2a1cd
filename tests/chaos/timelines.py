"""Timelines that nobody edited, of any size: what the edits of tests/chaos/edits.py are made in."""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store import chain
from store.connection import Connection
from store.events import Events
from store.schema import migrations
from store.sqlite import Database
from tests.chaos.acts import act

KEY = b"the audit key of the chaos, 32 b"
NOON = datetime(2026, 7, 4, 12, tzinfo=UTC)


def timeline(chance: random.Random, rows: int, empty: bytes) -> sqlite3.Connection:
    """One in memory: notes, some of them taken back, approvals, operations, incidents and what else is kept of them."""
    raw = loaded(empty)
    connection = Connection(Database(raw, execute_plugins=False), Path("memory"))
    events = Events(connection, KEY)
    at, noted = NOON, []
    head = events.head()
    while head is None or head.id < rows:
        at += timedelta(seconds=chance.expovariate(1 / 60))
        subject, actor = f"function/{chance.randrange(4)}", chance.choice(["bot", "U0ANA", "U0BEN"])
        what = chance.random()
        if what < 0.3:
            text = chance.choice(["", "wörds ", "\N{BUG}"]) + str(chance.getrandbits(40))
            noted.append(events.append(subject, "noted", actor, {"n": chance.randrange(9)}, at, text=text).id)
        elif what < 0.35 and noted:
            events.redact(noted.pop(chance.randrange(len(noted))), "U0ANA", "U0BEN", at)
        elif what < 0.85:
            act(events, chance, at)
        else:
            events.append(subject, "looked", actor, {"x": chance.choice(["ü", 1, None, [1, {"a": "b"}]])}, at)
        head = events.head()
    return raw


def loaded(image: bytes) -> sqlite3.Connection:
    """A database in memory from its bytes."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    if image:
        raw.deserialize(image)
    return raw


def empty_one() -> bytes:
    """The bytes of a database with its tables, and its chain begun."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        migrations.apply(Database(raw, execute_plugins=False))
        raw.execute("INSERT INTO chain VALUES (1, ?, 0, ?)", (chain.key_check(KEY), chain.seal(KEY, 0, chain.GENESIS)))
        return raw.serialize()
