"""Reviews: what falls due, is signed by somebody, asked for again, escalated. Events are the truth; a table follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.events import Events
from store.times import from_text, to_text

GLASS = "glass"  # the kind of the one that is no matter of the calendar
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Review:
    """Something to be looked at and signed.

    *of*: an approval (`approval/7`) or a period (`2026-11`). *not_by*: who may not sign; empty for nobody. *data*:
    JSON of the newest evidence, *evidence* its lines (empty once redacted); of a broken glass it is the reason.
    *asked_at*: when people were last asked. *state*: open, signed or missed. *by*, *at*, *note*: of its end.
    """

    subject: str
    kind: str
    of: str
    not_by: str
    incident: str
    due_at: datetime
    looked_at: datetime
    evidence: str
    data: dict[str, Any] = field(hash=False)
    asked_at: datetime
    reminders: int
    escalated_at: datetime | None
    state: str
    by: str = ""
    at: datetime | None = None
    note: str = ""


class Reviews:
    """Reads and appends. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection", "_events")

    def __init__(self, connection: Connection, events: Events) -> None:
        self._connection = connection
        self._events = events

    def due(
        self,
        kind: str,
        of: str,
        at: datetime,
        *,
        evidence: str = "",
        data: Mapping[str, Any] | None = None,
        not_by: str = "",
        incident: str = "",
    ) -> Review:
        """It falls due. TooLate where it has before: once a period, once a broken glass."""
        facts = {"kind": kind, "of": of, "not_by": not_by, "incident": incident} | dict(data or {})
        self._events.append(subject(kind, of), "review.due", not_by or "bot", facts, at, text=evidence or None)
        return self._sure(subject(kind, of))

    def looked(self, review: Review, by: str, at: datetime, evidence: str, data: Mapping[str, Any]) -> Review:
        """The evidence was gathered again. TooLate where it is open no more."""
        self._events.append(review.subject, "review.looked", by, data, at, text=evidence or None)
        return self._sure(review.subject)

    def sign(self, review: Review, by: str, at: datetime, note: str) -> Review:
        """*by* has looked at it. TooLate where it is open no more, or *by* is who it is about."""
        seen = {"evidence": to_text(review.looked_at)}
        self._events.append(review.subject, "review.signed", by, seen, at, text=note or None)
        return self._sure(review.subject)

    def remind(self, review: Review, at: datetime) -> Review:
        """It is asked for again."""
        self._events.append(review.subject, "review.reminded", "bot", {}, at)
        return self._sure(review.subject)

    def escalate(self, review: Review, at: datetime, to: str) -> Review:
        """The lead *to* is told (empty where none is set). TooLate the second time."""
        self._events.append(review.subject, "review.escalated", "bot", {"to": to}, at)
        return self._sure(review.subject)

    def miss(self, review: Review, at: datetime) -> Review:
        """Nobody signed before the next one fell due: it is over, and stays on record. TooLate for a broken glass."""
        self._events.append(review.subject, "review.missed", "bot", {}, at)
        return self._sure(review.subject)

    def get(self, subject: str) -> Review | None:
        """The review *subject* (`review/admins/2026-11`)."""
        found = self._read("WHERE subject = ?", (subject,))
        return found[0] if found else None

    def glass_of(self, approval: str) -> Review | None:
        """What became of the glass that was broken for *approval*."""
        found = self._read("WHERE kind = 'glass' AND of = ?", (approval,))
        return found[0] if found else None

    def open(self, kind: str | None = None) -> list[Review]:
        """All that wait for a signature, of *kind* or of any, oldest first."""
        if kind is None:
            return self._read("WHERE state = 'open' ORDER BY due_id", ())
        return self._read("WHERE state = 'open' AND kind = ? ORDER BY due_id", (kind,))

    def recent(self, limit: int = 10) -> list[Review]:
        """Those that are over, the last to end first."""
        return self._read("WHERE state <> 'open' ORDER BY end_id DESC LIMIT ?", (limit,))

    def last(self, kind: str) -> Review | None:
        """The newest of *kind*, in whatever state."""
        found = self._read("WHERE kind = ? ORDER BY due_id DESC LIMIT 1", (kind,))
        return found[0] if found else None

    def last_signed(self, kind: str) -> Review | None:
        """The newest of *kind* that somebody has signed."""
        found = self._read("WHERE kind = ? AND state = 'signed' ORDER BY due_id DESC LIMIT 1", (kind,))
        return found[0] if found else None

    def tally(self, since: datetime) -> dict[str, int]:
        """How often each kind of event happened since then."""
        sql = "SELECT kind, count(*) FROM events WHERE at >= ? GROUP BY kind"
        with self._connection.reading():
            return {str(kind): int(count) for kind, count in self._connection.raw.execute(sql, (to_text(since),))}

    def _sure(self, subject: str) -> Review:
        (found,) = self._read("WHERE subject = ?", (subject,))
        return found

    def _read(self, where: str, parameters: tuple[object, ...]) -> list[Review]:
        sql = """SELECT subject, kind, of, not_by, incident, due_at, looked_id, asked_at, reminders, escalated_at,
            state, end_id
            FROM reviews """
        with self._connection.reading():
            rows = self._connection.raw.execute(sql + where, parameters).fetchall()
            return [self._review(*row) for row in rows]

    def _review(
        self, subject: str, kind: str, of: str, not_by: str, incident: str, due_at: str, looked_id: int, *rest: Any
    ) -> Review:
        asked_at, reminders, escalated_at, state, end_id = rest
        looked = self._events.get(looked_id)
        end = self._events.get(end_id) if end_id is not None else None
        return Review(
            subject=subject,
            kind=kind,
            of=of,
            not_by=not_by,
            incident=incident,
            due_at=from_text(due_at),
            looked_at=looked.at,
            evidence=looked.text or "",
            data=looked.data,
            asked_at=from_text(asked_at),
            reminders=reminders,
            escalated_at=from_text(escalated_at) if escalated_at else None,
            state=state,
            by=end.actor if end else "",
            at=end.at if end else None,
            note=(end.text or "") if end else "",
        )


def subject(kind: str, of: str) -> str:
    """What it is called: `review/glass/7` for approval/7, `review/admins/2026-11` for a period."""
    return f"review/{kind}/{of.rpartition('/')[2]}"
