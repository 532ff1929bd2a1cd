"""Where else people's words lie: letters, deliveries, answers that quote them. For taking a text back everywhere."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.times import to_text

_EMPTIED = "UPDATE deliveries SET payload = '', mac = NULL, outcome = 'redacted', settled_at = received_at WHERE id = ?"
_MAIL = "SELECT id, json_array(subject, text) AS mail FROM mails WHERE instr(mail, ?)"
_PIECE = 24  # characters of a text that find a copy of it: where it is shown it may be cut short


class Quotes:
    """Finds and changes them. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def quoted(self, channel: str, ts: str, at: datetime) -> None:
        """The message *ts* quotes the timeline."""
        with self._connection.transaction():
            self._connection.raw.execute("INSERT OR IGNORE INTO quotes VALUES (?, ?, ?)", (channel, ts, to_text(at)))

    def quoting(self, since: datetime) -> list[tuple[str, str]]:
        """The channel and ts of each that quotes it and was posted since then."""
        sql = "SELECT channel, ts FROM quotes WHERE at >= ? ORDER BY at"
        with self._connection.reading():
            return [(row[0], row[1]) for row in self._connection.raw.execute(sql, (to_text(since),))]

    def purge(self, before: datetime) -> int:
        """Forget which messages quote it that were posted before then."""
        with self._connection.transaction():
            return self._connection.raw.execute("DELETE FROM quotes WHERE at < ?", (to_text(before),)).rowcount

    def rewrite(self, variants: Sequence[str], changed: Callable[[Any], Any]) -> int:
        """Take *variants* of a text out of what is still to be said or answered; return of how many letters.

        The body of each letter that holds one goes through *changed*, and Slack is told; so do what is known of errands
        (a mail that is drafted) and mails. A delivery that holds one and that nobody has answered yet is emptied.
        """
        raw, count = self._connection.raw, 0
        with self._connection.transaction():
            for id_, body in self._holding("SELECT id, body FROM letters WHERE instr(body, ?)", variants).items():
                new = json.dumps(changed(json.loads(body)), ensure_ascii=False, sort_keys=True)
                raw.execute("UPDATE letters SET body = ?, version = version + 1 WHERE id = ?", (new, id_))
                count += 1
            for id_, data in self._holding("SELECT id, data FROM errands WHERE instr(data, ?)", variants).items():
                new = json.dumps(changed(json.loads(data)), ensure_ascii=False)
                raw.execute("UPDATE errands SET data = ? WHERE id = ?", (new, id_))
            for id_, mail in self._holding(_MAIL, variants).items():
                new = changed(json.loads(mail))
                raw.execute("UPDATE mails SET subject = ?, text = ? WHERE id = ?", (*new, id_))
            for id_ in self._holding("SELECT id, payload FROM deliveries WHERE instr(payload, ?)", variants):
                raw.execute(_EMPTIED, (id_,))
        return count

    def _holding(self, sql: str, variants: Sequence[str]) -> dict[int, str]:
        """By id, what holds a beginning of one of *variants*, as JSON writes it."""
        found: dict[int, str] = {}
        for one in variants:
            for ascii_ in (True, False):
                piece = json.dumps(one[:_PIECE], ensure_ascii=ascii_)[1:-1]
                found |= dict(self._connection.raw.execute(sql, (piece,)).fetchall())
        return found


class People:
    """What people are called."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, user: str, name: str) -> None:
        """*user* is called *name* now."""
        sql = "INSERT INTO people VALUES (?, ?) ON CONFLICT (user) DO UPDATE SET name = excluded.name"
        with self._connection.transaction():
            self._connection.raw.execute(sql, (user, name))

    def names(self) -> dict[str, str]:
        """By id, all that are known."""
        with self._connection.reading():
            return dict(self._connection.raw.execute("SELECT user, name FROM people").fetchall())
