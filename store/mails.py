"""Mails as rows, so that a mail server that is away delays them and never loses one. A key is one mail, for ever."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.letter import Urgency
from store.times import from_text, to_text

_COLUMNS = "SELECT id, key, under, recipient, subject, text, urgency, state, tries, why, written_at FROM mails "


@dataclass(frozen=True, slots=True)
class Post:
    """A mail. *state*: waiting, sent or failed; *tries* counts those that failed, *why* says how the last did."""

    id: int
    key: str
    under: str
    to: str
    subject: str
    text: str = field(repr=False)
    urgency: Urgency
    state: str
    tries: int
    why: str
    written_at: datetime


class Mails:
    """Rows in, marks on them, rows out. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(
        self, key: str, to: str, subject: str, text: str, at: datetime, *, under: str = "", urgency: Urgency
    ) -> bool:
        """Send *text* to *to*, once for *key*: False where it has been written before, and nothing is changed."""
        sql = """INSERT INTO mails (key, under, recipient, subject, text, urgency, next_try, written_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"""
        now = to_text(at)
        with self._connection.transaction():
            values = (key, under, to, subject, text, int(urgency), now, now)
            return self._connection.raw.execute(sql, values).rowcount > 0

    def get(self, key: str) -> Post | None:
        """The mail *key*."""
        found = self._read("WHERE key = ?", (key,))
        return found[0] if found else None

    def to_send(self, now: datetime, limit: int = 20) -> list[Post]:
        """What may be sent now, the most urgent first."""
        return self._read(
            "WHERE state = 'waiting' AND next_try <= ? ORDER BY urgency, id LIMIT ?", (to_text(now), limit)
        )

    def waiting(self) -> list[Post]:
        """What is still owed to somebody, the oldest first."""
        return self._read("WHERE state = 'waiting' ORDER BY id", ())

    def hurry(self, now: datetime) -> None:
        """What was put off may be tried now."""
        sql = "UPDATE mails SET next_try = ? WHERE state = 'waiting' AND next_try > ?"
        self._mark(sql, (to_text(now), to_text(now)))

    def put_off(self, mail: Post, until: datetime, why: str) -> None:
        """Try again then."""
        sql = "UPDATE mails SET tries = tries + 1, next_try = ?, why = ? WHERE id = ?"
        self._mark(sql, (to_text(until), why, mail.id))

    def sent(self, mail: Post, at: datetime) -> None:
        """The server has it; its text is kept no longer."""
        sql = "UPDATE mails SET state = 'sent', text = '', why = '', ended_at = ? WHERE id = ?"
        self._mark(sql, (to_text(at), mail.id))

    def give_up(self, mail: Post, at: datetime, why: str) -> None:
        """It can never be sent."""
        sql = "UPDATE mails SET state = 'failed', text = '', why = ?, ended_at = ? WHERE id = ?"
        self._mark(sql, (why, to_text(at), mail.id))

    def purge(self, before: datetime) -> int:
        """Delete what ended before then; return how many."""
        with self._connection.transaction():
            return self._connection.raw.execute("DELETE FROM mails WHERE ended_at < ?", (to_text(before),)).rowcount

    def _mark(self, sql: str, parameters: tuple[object, ...]) -> None:
        with self._connection.transaction():
            self._connection.raw.execute(sql, parameters)

    def _read(self, where: str, parameters: tuple[object, ...]) -> list[Post]:
        with self._connection.reading():
            rows = self._connection.raw.execute(_COLUMNS + where, parameters).fetchall()
        return [_post(*row) for row in rows]


def _post(id_: int, key: str, under: str, to: str, subject: str, text: str, urgency: int, *rest: Any) -> Post:
    state, tries, why, written_at = rest
    return Post(id_, key, under, to, subject, text, Urgency(urgency), state, tries, why, from_text(written_at))
