"""May the bot act on a row of what is true now? Only where the signed events say the same.

Every event from the first of a subject to the end of the timeline is looked at: none is missing, none was changed,
the end is sealed. Those of the subject are told to an empty memory (store.replay), which then has to hold its rows.
Called inside the transaction that acts, so that nobody can write between the look and the act.
"""

import json
import sqlite3
from collections.abc import Collection

from store import chain
from store.comparing import difference_of
from store.connection import Connection
from store.errors import Edited
from store.incidents import MERGED, OPENED, REOPENED, RESOLVED, SEVERITY
from store.operations import Operation
from store.replay import Impossible, Replay, Row, empty

_ROWS = "SELECT id, at, subject, kind, actor, data, digest, mac FROM events WHERE id >= ? ORDER BY id"
_APPROVAL = ("approvals", "approval_votes")
_OPERATION = (*_APPROVAL, "operations", "operation_steps")


class Held:
    """Holds rows against the events. Raises Edited, saying which differs."""

    __slots__ = ("_connection", "_key", "_told")

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key
        self._told: Replay | None = None

    def approval(self, subject: str) -> None:
        """The request, its votes and its decision are as they were recorded."""
        with self._connection.reading():
            self._agree(self._signed({subject}), {subject}, _APPROVAL)

    def operation(self, operation: Operation) -> None:
        """It was started under the approval that it names, by who asked for that, and stands where it stands.

        An approval that was given before the bot looked is held to the same: its events say all of it.
        """
        subjects = {operation.subject, operation.approval} - {""}
        with self._connection.reading():
            rows = self._signed(subjects)
            self._agree(rows, subjects, _OPERATION)
        of = {row.kind: row for row in rows}
        if not operation.approval:
            return
        asked, granted, started = map(of.get, ("approval.requested", "approval.granted", "operation.started"))
        if asked is None or granted is None or started is None or started.actor != asked.actor:
            raise Edited(f"{operation.approval} was not granted, or not to who started {operation.subject}.")
        if json.loads(granted.data).get("operation") != operation.subject:
            raise Edited(f"{operation.approval} was granted to another operation than {operation.subject}.")

    def emergency(self, subject: str) -> None:
        """The incident *subject* is an open P0, by its signed events. Of what people wrote they sign the digest."""
        with self._connection.reading():
            rows = self._signed({subject})
        severity = ""
        for row in rows:
            if row.kind in (RESOLVED, MERGED):
                severity = ""
            elif row.kind in (OPENED, SEVERITY):
                severity = last = str(json.loads(row.data).get("severity"))
            elif row.kind == REOPENED:
                severity = last
        if severity != "P0":
            raise Edited(f"{subject} is no open P0 by its events.")

    def _signed(self, subjects: Collection[str]) -> list[Row]:
        """The events of *subjects*, after a look at all since the first of them."""
        raw = self._connection.raw
        marks = ", ".join("?" * len(subjects))
        sql = f"SELECT min(id) FROM events WHERE subject IN ({marks})"  # noqa: S608  # question marks
        (first,) = raw.execute(sql, tuple(subjects)).fetchone()
        if first is None:
            raise Edited(f"No event tells of {' and '.join(sorted(subjects))}.")
        before = raw.execute("SELECT mac FROM events WHERE id = ?", (first - 1,)).fetchone()
        mac, next_, found = before[0] if before else chain.GENESIS, first, []
        try:
            for id_, *columns, signed in raw.execute(_ROWS, (first,)):
                if id_ != next_ or not chain.same(signed, chain.row_mac(self._key, mac, id_, tuple(columns))):
                    raise Edited(f"Row {next_} of the timeline is not the one that was written.")
                mac, next_ = signed, id_ + 1
                if columns[1] in subjects:
                    found.append(Row(id_, *columns))
        except sqlite3.OperationalError as error:
            # Without a code of SQLite's it is Python's sqlite3, of bytes that are no text: the bot wrote none.
            if getattr(error, "sqlite_errorcode", None) is None:
                raise Edited(f"Row {next_} of the timeline is not the one that was written.") from error
            raise
        last_id, seal = raw.execute("SELECT last_id, seal FROM chain").fetchone() or (0, "")
        if last_id != next_ - 1 or not chain.same(seal, chain.seal(self._key, last_id, mac)):
            raise Edited("The end of the timeline is not the one that was written.")
        return found

    def _agree(self, rows: Collection[Row], subjects: Collection[str], tables: Collection[str]) -> None:
        told = self._empty()
        try:
            for row in rows:
                told.tell(row)
            said = difference_of(self._connection.raw, told, subjects, tables)
        except Impossible as found:
            raise Edited(f"{found}.") from found
        finally:
            told.forget()
        if said:
            raise Edited(f"{said[0].upper()}{said[1:]}.")

    def close(self) -> None:
        """Let go of the memory."""
        if self._told is not None:
            self._told.close()
            self._told = None

    def _empty(self) -> Replay:
        if self._told is None:
            self._told = Replay()
            # What speaks for a broken glass are other subjects' events: `emergency` looks, before it is broken.
            self._told.raw.execute("DROP TRIGGER glass_broken")
        return self._told


def warm() -> None:
    """Make what the first look needs, in any thread: 20 ms that nobody waits for then."""
    empty()
