"""The timeline: who did what to what, and when. Rows are added, never changed; what is true now follows from them."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from store import chain, texts, views
from store.connection import Connection
from store.errors import BadEvent, TooLate
from store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be appended. *text*: what a person wrote; it can be redacted later, *data* cannot."""

    subject: str
    kind: str
    actor: str
    data: Mapping[str, Any]
    at: datetime
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the timeline. *text* is None where nothing was written or it has been redacted (*redacted*)."""

    id: int
    at: datetime
    subject: str
    kind: str
    actor: str
    data: dict[str, Any] = field(hash=False)
    text: str | None
    digest: str | None
    redacted: bool
    mac: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: the last row's id and mac (64 hex digits). Posted elsewhere it proves all up to there."""

    id: int
    mac: str

    def __str__(self) -> str:
        return f"{self.id}:{self.mac}"


REDACTED = "text.redacted"
TO_REDACT = "text.to-redact"  # one person has asked for it; another agrees or does not

_INSERT = "INSERT INTO events (id, at, subject, kind, actor, data, digest, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
COLUMNS = """SELECT e.id, e.at, e.subject, e.kind, e.actor, e.data, t.text, e.digest, t.redacted_at IS NOT NULL, e.mac
    FROM events AS e LEFT JOIN texts AS t ON t.digest = e.digest """


class Events:
    """Appends to and reads from the timeline."""

    __slots__ = ("_connection", "_key")

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key

    def append(
        self,
        subject: str,
        kind: str,
        actor: str,
        data: Mapping[str, Any],
        at: datetime,
        *,
        text: str | None = None,
    ) -> Event:
        """Append one event. Commits, or joins the transaction that is open.

        *data* is JSON; what a person wrote goes into *text*. Raises TooLate where the schema allows the event once
        and it has happened (a second open incident with the same dedup_key, a second end of one), BadEvent where
        its kind asks for other fields, ValueError for a time without a zone or a number that JSON does not have.
        """
        return self.append_many([NewEvent(subject, kind, actor, data, at, text)])[0]

    def append_many(self, events: Sequence[NewEvent]) -> list[Event]:
        """Append all of *events* in one transaction, or, where one is refused, none. Raises as `append`."""
        made: list[Event] = []
        with self._connection.transaction():
            head = self.head() or Head(0, chain.GENESIS)
            for new in events:
                made.append(self._add(head, new))
                head = Head(made[-1].id, made[-1].mac)
            if made:
                self._connection.raw.execute(
                    "UPDATE chain SET last_id = ?, seal = ?", (head.id, chain.seal(self._key, head.id, head.mac))
                )
        return made

    def _add(self, head: Head, new: NewEvent) -> Event:
        raw = self._connection.raw
        text = texts.clean(new.text) if new.text is not None else None
        digest = chain.text_digest(self._key, text.encode()) if text is not None else None
        there = text is not None and digest is not None and texts.keep(raw, digest, text)
        columns = (to_text(new.at), new.subject, new.kind, new.actor, chain.canonical(dict(new.data)), digest)
        mac = chain.row_mac(self._key, head.mac, head.id + 1, columns)
        row = (head.id + 1, *columns, mac)
        try:
            raw.execute(_INSERT, row)
        except sqlite3.IntegrityError as error:
            raise _refusal(error, new) from error
        return _event((*row[:6], text if there else None, digest, text is not None and not there, mac))

    def of(self, subject: str) -> list[Event]:
        """Everything that happened to *subject*, oldest first."""
        return self.read(COLUMNS + "WHERE e.subject = ? ORDER BY e.id", (subject,))

    def latest(self, kind: str, subject: str | None = None) -> Event | None:
        """The newest event of *kind*, of *subject* or of any."""
        if subject is None:
            found = self.read(COLUMNS + "WHERE e.kind = ? ORDER BY e.id DESC LIMIT 1", (kind,))
        else:
            # The + keeps SQLite on the subject's index: a subject has few rows, a kind may have a million.
            sql = COLUMNS + "WHERE e.subject = ? AND +e.kind = ? ORDER BY e.id DESC LIMIT 1"
            found = self.read(sql, (subject, kind))
        return found[0] if found else None

    def newest(self, kind: str, limit: int) -> list[Event]:
        """At most *limit* events of *kind*, of any subject, newest first."""
        return self.read(COLUMNS + "WHERE e.kind = ? ORDER BY e.id DESC LIMIT ?", (kind, limit))

    def page(self, subject: str | None = None, before_id: int | None = None, limit: int = 50) -> list[Event]:
        """At most *limit* events of *subject* (None: of all), newest first, older than *before_id*."""
        below = before_id if before_id is not None else 2**63 - 1
        if subject is None:
            return self.read(COLUMNS + "WHERE e.id < ? ORDER BY e.id DESC LIMIT ?", (below, limit))
        sql = COLUMNS + "WHERE e.subject = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?"
        return self.read(sql, (subject, below, limit))

    def get(self, id_: int) -> Event:
        """The one event. Raises KeyError."""
        for found in self.read(COLUMNS + "WHERE e.id = ?", (id_,)):
            return found
        raise KeyError(id_)

    def head(self) -> Head | None:
        """Where the chain ends; None while nothing has happened."""
        with self._connection.reading():
            row = self._connection.raw.execute("SELECT id, mac FROM events ORDER BY id DESC LIMIT 1").fetchone()
        return Head(*row) if row else None

    def open_incidents(self) -> list[views.OpenIncident]:
        """The incidents that are open now, P0 first, then oldest first."""
        return views.open_incidents(self._connection)

    def last_deploy(self, function: str | None = None) -> views.Deploy | None:
        """The newest finished deploy of *function*, or of any; None where the store knows none."""
        return views.last_deploy(self._connection, function)

    def last_deploys(self) -> list[views.Deploy]:
        """The newest finished deploy of each function, newest first."""
        return views.last_deploys(self._connection)

    def latest_p0(self) -> datetime | None:
        """When the newest P0 was opened, whether or not it has ended since."""
        return views.latest_p0(self._connection)

    def redact(self, event_id: int, asked_by: str, agreed_by: str, at: datetime) -> Event:
        """Take back for good what a person wrote with event *event_id*; a tombstone and `text.redacted` stay.

        Called inside a transaction, or while another process reads, the old bytes stay in the write-ahead log until
        it is next cut (at the latest when the store is closed). Raises ValueError where the two are one person or
        the event has no text, TooLate where it is gone already.
        """
        if asked_by == agreed_by:
            raise ValueError("a text is redacted by two people")
        found = self.read(COLUMNS + "WHERE e.id = ?", (event_id,))
        if not found or found[0].digest is None:
            raise ValueError(f"event {event_id} has no text")
        with self._connection.transaction():
            texts.wipe(self._connection, found[0].digest, asked_by, agreed_by, at)
            texts.scrub(self._connection)
            data = {"event": event_id, "digest": found[0].digest, "asked_by": asked_by, "agreed_by": agreed_by}
            done = self.append(found[0].subject, REDACTED, agreed_by, data, at)
        if not self._connection.in_transaction:
            texts.forget(self._connection)
        return done

    def read(self, sql: str, parameters: tuple[object, ...]) -> list[Event]:
        """The events of a query of the store's own that begins with COLUMNS."""
        with self._connection.reading():
            return [_event(row) for row in self._connection.raw.execute(sql, parameters)]


def _event(row: tuple[Any, ...]) -> Event:
    id_, at, subject, kind, actor, data, text, digest, redacted, mac = row
    return Event(
        id=id_,
        at=from_text(at),
        subject=subject,
        kind=kind,
        actor=actor,
        data=json.loads(data),
        text=text,
        digest=digest,
        redacted=bool(redacted),
        mac=mac,
    )


def _refusal(error: sqlite3.IntegrityError, new: NewEvent) -> Exception:
    name = error.sqlite_errorname
    once = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_TRIGGER")
    if name in once:
        return TooLate(f"{new.kind} of {new.subject} comes too late: it has happened, or something else has since.")
    return BadEvent(f"{new.kind} of {new.subject} was not recorded: its fields are not what it asks for ({error}).")
