"""A day of what the looks of the watch found, to be judged again by other thresholds."""

import json
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

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

    def since(self, at: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """The looks from *at* on, oldest first."""
        with self._connection.reading():
            rows = self._connection.raw.execute(
                "SELECT at, seen FROM looks WHERE at >= ? ORDER BY at", (to_seconds(at),)
            )
            for when, packed in rows:
                yield from_seconds(when), json.loads(zlib.decompress(packed))

    def purge(self, before: datetime) -> None:
        """Delete what is older."""
        with self._connection.transaction():
            self._connection.raw.execute("DELETE FROM looks WHERE at < ?", (to_seconds(before),))
