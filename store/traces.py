"""How an answer came about: kept as long as people may still wonder, then deleted."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.times import to_text


class Traces:
    """One row an answer. What was asked is a list of JSON objects (bot.how)."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, delivery: int, asked: Sequence[dict[str, Any]], at: datetime) -> None:
        """Keep what was asked for *delivery*; asked again (after a restart), the newer stays."""
        with self._connection.transaction():
            self._connection.raw.execute(
                "INSERT OR REPLACE INTO traces VALUES (?, ?, ?)", (delivery, to_text(at), json.dumps(list(asked)))
            )

    def get(self, delivery: int) -> list[dict[str, Any]] | None:
        """What was asked for it; None where that is not known (any more)."""
        with self._connection.reading():
            row = self._connection.raw.execute("SELECT asked FROM traces WHERE delivery = ?", (delivery,)).fetchone()
        return None if row is None else json.loads(row[0])

    def purge(self, before: datetime) -> int:
        """Delete what is older; return how many."""
        with self._connection.transaction():
            return self._connection.raw.execute("DELETE FROM traces WHERE at < ?", (to_text(before),)).rowcount
