"""A day of what the looks of the watch found, to be judged again by other thresholds."""

import json
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from store.connection import Connection
from store.times import from_seconds, to_seconds


class Looks:
    """Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, at: datetime, seen: dict[str, Any]) -> None:
        """Keep one look: JSON without a secret in it."""
        packed = zlib.compress(json.dumps(seen, separators=(",", ":")).encode(), 6)
        with self._connection.transaction():
            self._connection.raw.execute("INSERT OR REPLACE INTO looks VALUES (?, ?)", (to_seconds(at), packed))

    def purge(self, before: datetime) -> None:
        """Delete what is older."""
        with self._connection.transaction():
            self._connection.raw.execute("DELETE FROM looks WHERE at < ?", (to_seconds(before),))


def recorded(db: Database, since: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """The looks from then on, oldest first; also of a database that a bot is using (store.database.look_into)."""
    rows = db.execute("SELECT at, seen FROM looks WHERE at >= ? ORDER BY at", (to_seconds(since),))
    for at, packed in rows:
        yield from_seconds(at), json.loads(zlib.decompress(packed))
