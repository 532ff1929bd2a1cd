"""Durable timers: a row each, fired once, also where the bot was away when it was due."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from store.connection import Connection
from store.errors import TooLate
from store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to be done at *due*: *kind* to *subject*. *tries*: how often that has failed."""

    id: int
    kind: str
    subject: str
    due: datetime
    data: dict[str, Any] = field(hash=False)
    tries: int = 0


class Timers:
    """Rows in, rows out. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, kind: str, subject: str, due: datetime, at: datetime, data: Mapping[str, Any] | None = None) -> None:
        """Set the timer *kind* of *subject*; one that is set already is moved."""
        with self._connection.transaction():
            self.cancel(kind, subject, at)
            self._connection.raw.execute(
                "INSERT INTO timers (kind, subject, due, data, set_at, next_try) VALUES (?, ?, ?, ?, ?, ?)",
                (kind, subject, to_text(due), json.dumps(dict(data or {})), to_text(at), to_text(due)),
            )

    def cancel(self, kind: str, subject: str, at: datetime) -> bool:
        """Cancel it; False where it is not set."""
        sql = "UPDATE timers SET ended = 'cancelled', ended_at = ? WHERE kind = ? AND subject = ? AND ended IS NULL"
        with self._connection.transaction():
            return self._connection.raw.execute(sql, (to_text(at), kind, subject)).rowcount > 0

    def due(self, now: datetime) -> list[Timer]:
        """What is due, the oldest first."""
        return self._read("next_try <= ? ORDER BY due, id", (to_text(now),))

    def waiting(self) -> list[Timer]:
        """All that is set, the next first."""
        return self._read("1 ORDER BY due, id", ())

    def fired(self, timer: Timer, at: datetime) -> None:
        """It is done. TooLate where it was fired or cancelled: then nothing of this transaction may count."""
        sql = "UPDATE timers SET ended = 'fired', ended_at = ? WHERE id = ? AND ended IS NULL"
        with self._connection.transaction():
            if self._connection.raw.execute(sql, (to_text(at), timer.id)).rowcount == 0:
                raise TooLate(f"The timer {timer.kind} of {timer.subject} was fired or cancelled meanwhile.")

    def hurry(self, now: datetime) -> None:
        """What could not be done and was put off may be tried now."""
        sql = "UPDATE timers SET next_try = ? WHERE ended IS NULL AND tries > 0 AND next_try > ?"
        with self._connection.transaction():
            self._connection.raw.execute(sql, (to_text(now), to_text(now)))

    def put_off(self, timer: Timer, until: datetime) -> None:
        """It could not be done: try again then. It stays due."""
        sql = "UPDATE timers SET tries = tries + 1, next_try = ? WHERE id = ? AND ended IS NULL"
        with self._connection.transaction():
            self._connection.raw.execute(sql, (to_text(until), timer.id))

    def purge(self, before: datetime) -> int:
        """Delete what ended before then; return how many."""
        with self._connection.transaction():
            return self._connection.raw.execute("DELETE FROM timers WHERE ended_at < ?", (to_text(before),)).rowcount

    def _read(self, where: str, parameters: tuple[object, ...]) -> list[Timer]:
        sql = "SELECT id, kind, subject, due, data, tries FROM timers WHERE ended IS NULL AND " + where  # noqa: S608  # constants of this file
        with self._connection.reading():
            rows = self._connection.raw.execute(sql, parameters).fetchall()
        return [
            Timer(id_, kind, subject, from_text(due), json.loads(data), tries)
            for id_, kind, subject, due, data, tries in rows
        ]


def lateness(timer: Timer, now: datetime) -> timedelta:
    """How long after its time it is, never negative."""
    return max(timedelta(), now - timer.due)
