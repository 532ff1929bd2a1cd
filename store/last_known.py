"""When the bot was last alive, and what it knew then: one row, so that an absence can be told."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.times import from_text, to_text


class LastKnown:
    """Reads and writes the row. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self) -> tuple[datetime, dict[str, Any]] | None:
        """When it was alive last, and the facts of then; None before the first time."""
        with self._connection.reading():
            row = self._connection.raw.execute("SELECT alive_at, facts FROM last_known").fetchone()
        return (from_text(row[0]), json.loads(row[1])) if row else None

    def alive(self, at: datetime, facts: Mapping[str, Any] | None = None) -> None:
        """It is alive at *at*; *facts* where they were asked anew, plain JSON without a secret."""
        given = json.dumps(dict(facts)) if facts is not None else None
        sql = """INSERT INTO last_known (one, alive_at, facts) VALUES (1, ?, coalesce(?, '{}'))
            ON CONFLICT (one) DO UPDATE SET alive_at = excluded.alive_at, facts = coalesce(?, facts)"""
        with self._connection.transaction():
            self._connection.raw.execute(sql, (to_text(at), given, given))
