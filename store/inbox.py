"""The durable inbox in front of Slack: what is handed over is a committed row before it is acknowledged.

A row goes through received → acknowledged → settled. A crash before the commit loses nothing that was acknowledged;
a crash after it leaves a row that `unfinished` gives back at the next start. The marks "acknowledged" and "settled" may
be kept for the next commit (`later_acked`, `later_settled`): a crash then forgets the mark, never the row, so that an
answer may be given twice and a click is asked for again. What changes something at once is marked before it does
(`begin`), and is done no second time.

Each row is signed as it is written, by a key that is not in the file: what somebody else puts there says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store import chain
from store.connection import Connection
from store.times import from_text, to_text


class Arrival(NamedTuple):
    """Something handed over. *key*: equal in two deliveries of the same thing. *payload_json*: kept until settled."""

    key: str
    kind: str
    envelope_id: str
    payload_json: str


class Admitted(NamedTuple):
    """A row of the inbox. Where *fresh* is false it was there before: *ack* is the payload then sent (JSON) or None."""

    id: int
    key: str
    fresh: bool
    ack: str | None
    settled: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A delivery that was committed and never settled. *payload*: JSON. *acked_at* None: no ack is on record.

    *begun*: what it asks for may have been done. *signed*: True as it was admitted, False where it is not what was
    admitted, None where nothing says so: a row of an older version, or one that was emptied.
    """

    id: int
    key: str
    kind: str
    envelope_id: str
    received_at: datetime
    payload: str
    acked_at: datetime | None
    reply_channel: str | None
    reply_ts: str | None
    begun: bool = False
    signed: bool | None = None


# No bot counts as far as 2**52: somebody else has put that row there. As SQLite itself does at the last number of all
# (sqlite.org/autoinc.html), go on from one that is drawn.
_LAST = """SELECT CASE WHEN last IS NULL THEN 0 WHEN last < 1 << 52 THEN last ELSE abs(random() % (1 << 52)) END
    FROM (SELECT max(id) AS last FROM deliveries)"""
_ADMIT = """INSERT INTO deliveries (id, key, kind, envelope_id, received_at, payload, mac)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"""
_SEEN = "SELECT id, ack, settled_at IS NOT NULL FROM deliveries WHERE key = ?"
# The first ack is the one that counts: a repeated delivery is sent the same.
_ACKED = "UPDATE deliveries SET acked_at = ?, ack = ? WHERE id = ? AND acked_at IS NULL"
_SETTLED = (
    "UPDATE deliveries SET settled_at = ?, outcome = ?, payload = '', mac = NULL WHERE id = ? AND settled_at IS NULL"
)


_BEGUN = "begun"  # the outcome, as long as it is not settled


class Inbox:
    """Rows in, marks on them, rows out. All calls commit before they return, but for the `later_` ones."""

    __slots__ = ("_acked_at", "_acks", "_connection", "_key", "_settlements")

    def __init__(self, connection: Connection, audit_key: bytes) -> None:
        self._connection = connection
        self._key = chain.delivery_key(audit_key)
        self._acks: list[tuple[str, str | None, int]] = []
        self._settlements: list[tuple[str, str, int]] = []
        self._acked_at: tuple[datetime | None, str] = (None, "")  # the last moment and its text

    def admit(self, batch: Sequence[Arrival], at: datetime) -> list[Admitted]:
        """Commit *batch*, in one transaction with all waiting marks; the answers stand in its order.

        Raises StoreError where nothing could be committed: then nothing may be acknowledged.
        """
        received, raw = to_text(at), self._connection.raw
        with self._connection.transaction():
            self._write_marks()
            (last,) = raw.execute(_LAST).fetchone()
            # In one call, the ids given here: asked back for each, a row takes twice as long (docs/performance.md).
            rows = [
                (id_, key, kind, envelope_id, received, payload, self._mac(key, kind, received, payload))
                for id_, (key, kind, envelope_id, payload) in enumerate(batch, last + 1)
            ]
            if raw.executemany(_ADMIT, rows).rowcount == len(rows):
                admitted = [Admitted(row[0], row[1], fresh=True, ack=None, settled=False) for row in rows]
            else:
                admitted = [self._admitted(row[0], row[1]) for row in rows]
        self._marks_written()
        return admitted

    def _admitted(self, id_: int, key: str) -> Admitted:
        """What became of the row that was given *id_*: where *key* was there before, it has another one."""
        there, ack, settled = self._connection.raw.execute(_SEEN, (key,)).fetchone()
        return Admitted(there, key, fresh=there == id_, ack=ack, settled=bool(settled))

    def _mac(self, key: str, kind: str, received: str, payload: str) -> str:
        return chain.delivery_mac(self._key, key, kind, received, payload)

    def later_acked(self, id_: int, at: datetime, ack: str | None = None) -> None:
        """*id_* was acknowledged, with *ack* (JSON) or bare: from the next `admit` or `flush` on. No I/O."""
        if at is not self._acked_at[0]:
            self._acked_at = at, to_text(at)
        self._acks.append((self._acked_at[1], ack, id_))

    def keep_reply(self, id_: int, channel: str, ts: str) -> None:
        """Remember the message that answers *id_*, so that after a restart it is edited and not posted again."""
        with self._connection.transaction():
            self._connection.raw.execute(
                "UPDATE deliveries SET reply_channel = ?, reply_ts = ? WHERE id = ?", (channel, ts, id_)
            )

    def begin(self, id_: int) -> None:
        """Put on record that what *id_* asks for is being done, before it is: after a crash it may be there already."""
        sql = "UPDATE deliveries SET outcome = ? WHERE id = ? AND settled_at IS NULL"
        with self._connection.transaction():
            self._write_marks()
            self._connection.raw.execute(sql, (_BEGUN, id_))
        self._marks_written()

    def later_settled(self, id_: int, outcome: str, at: datetime) -> None:
        """*id_* is done: with the next `admit` or `flush` *outcome* (a word or two) is kept, and its payload emptied.

        The first outcome stays. No I/O.
        """
        self._settlements.append((to_text(at), outcome, id_))

    def flush(self) -> None:
        """Commit the marks that wait. They go on waiting where that fails (StoreError)."""
        if self._acks or self._settlements:
            with self._connection.transaction():
                self._write_marks()
            self._marks_written()

    def unfinished(self) -> list[Unfinished]:
        """What was never settled, oldest first. For the start: marks that wait are not seen."""
        sql = """SELECT id, key, kind, envelope_id, received_at, payload, acked_at, reply_channel, reply_ts,
            outcome IS NOT NULL AS begun, mac FROM deliveries WHERE settled_at IS NULL ORDER BY id"""
        with self._connection.reading():
            return [
                Unfinished(
                    **row
                    | {
                        "received_at": from_text(row["received_at"]),
                        "acked_at": from_text(row["acked_at"]) if row["acked_at"] else None,
                        "begun": bool(row["begun"]),
                        "signed": self._signed(row.pop("mac"), row),
                    }
                )
                for row in self._connection.db.query(sql)
            ]

    def payload(self, id_: int) -> tuple[str, bool | None]:
        """What was handed over with *id_*, empty once it is settled; and whether it is signed, as in `Unfinished`."""
        sql = "SELECT key, kind, received_at, payload, mac FROM deliveries WHERE id = ?"
        with self._connection.reading():
            row = next(self._connection.db.query(sql, [id_]))
        return row["payload"], self._signed(row["mac"], row)

    def _signed(self, mac: str | None, row: dict[str, str]) -> bool | None:
        if mac is None or not row["payload"]:
            return None
        return chain.same(
            mac, chain.delivery_mac(self._key, row["key"], row["kind"], row["received_at"], row["payload"])
        )

    def purge(self, before: datetime, *, at_most: int = 5_000) -> int:
        """Delete settled rows received before *before*, return how many: at most so many, not to hold up the loop.

        Unsettled rows stay, however old: they were acknowledged and are owed an answer.
        """
        sql = """DELETE FROM deliveries WHERE id IN (
            SELECT id FROM deliveries WHERE received_at < ? AND settled_at IS NOT NULL LIMIT ?)"""
        with self._connection.transaction():
            self._write_marks()
            gone = self._connection.raw.execute(sql, (to_text(before), at_most)).rowcount
        self._marks_written()
        return gone

    def _write_marks(self) -> None:
        raw = self._connection.raw
        if self._acks:
            raw.executemany(_ACKED, self._acks)
        if self._settlements:
            raw.executemany(_SETTLED, self._settlements)

    def _marks_written(self) -> None:
        if self._connection.in_transaction:
            return  # the caller's own may still be rolled back; writing a mark again does no harm
        self._acks.clear()
        self._settlements.clear()
