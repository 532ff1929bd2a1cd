"""Incidents as rows: what the triggers keep of the timeline, and the events that move them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from store.connection import Connection
from store.events import Event, Events
from store.times import from_text, to_text

State = Literal["open", "acknowledged", "resolved"]
OPENED, SEEN, NOTED = "incident.opened", "incident.seen", "incident.noted"
ACKNOWLEDGED, RESOLVED, REOPENED = "incident.acknowledged", "incident.resolved", "incident.reopened"
ASSIGNED, SEVERITY, MERGED = "incident.assigned", "incident.severity", "incident.merged"
PAGED = "incident.paged"  # somebody was called by name; data: to (ways by person), groups, of (the event it was for)
PINNED, RATED = "incident.pinned", "incident.rated"
ASKED = "question.asked"  # what somebody asked the bot while an incident was open; its text is the line
ESCALATED, FLAPPING = "incident.escalated", "incident.flapping"
BOT = "bot"
BY_HAND = "manual/"  # begins the dedup key of one that a person opened
ELSEWHERE = "alerts:"  # and of one that alerts from elsewhere opened
GROUPED, COUNTED = "incident.grouped", "incident.counted"  # alerts from elsewhere: bot.incoming


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as it is now. *opened_by*: bot, or a Slack user id.

    *commander* leads it, *scribe* writes it down. *merged_into*: the incident that it goes on as a part of. *useful*:
    whether it was worth waking somebody; None: nobody has said.
    """

    subject: str
    number: int
    dedup_key: str
    severity: str
    title: str
    state: State
    opened_at: datetime
    opened_by: str
    acked_by: str = ""
    acked_at: datetime | None = None
    resolved_by: str = ""
    resolved_at: datetime | None = None
    commander: str = ""
    scribe: str = ""
    merged_into: str = ""
    useful: bool | None = None

    @property
    def open(self) -> bool:
        """True until it is resolved."""
        return self.state != "resolved"


_COLUMNS = """SELECT subject, number, dedup_key, severity, title, state, opened_at, opened_by, acked_by, acked_at,
    resolved_by, resolved_at, commander, scribe, merged_into, useful FROM incidents """


class Incidents:
    """Opens and moves them. Every call commits, or joins the transaction that is open.

    Raises TooLate where the schema allows a step once and it has happened.
    """

    __slots__ = ("_connection", "_events")

    def __init__(self, connection: Connection, events: Events) -> None:
        self._connection = connection
        self._events = events

    def open(
        self,
        severity: str,
        title: str,
        dedup_key: str,
        at: datetime,
        *,
        by: str = "bot",
        data: Mapping[str, Any] | None = None,
        text: str | None = None,
    ) -> str:
        """Open one (*severity*: P0 or P1) and return its subject. *by*: bot, where a detector saw it, or a person.

        An empty *dedup_key* makes it one of its own. *data*: what, do, about …; *text*: what a person wrote. What a
        person called it is their words too, and is kept with them. Raises TooLate where one with this *dedup_key* is
        open, BadEvent for another severity.
        """
        with self._connection.reading():
            (newest,) = self._connection.raw.execute("SELECT coalesce(max(number), 0) FROM incidents").fetchone()
        subject = f"incident/{newest + 1}"
        own = {"dedup_key": dedup_key or f"{BY_HAND}{newest + 1}", "severity": severity}
        if by == BOT:
            own["title"] = title
        else:
            text = "\n".join(part for part in (" ".join(title.split()), text or "") if part)
        self._events.append(subject, OPENED, by, dict(data or {}) | own, at, text=text)
        return subject

    def resolve(self, subject: str, by: str, at: datetime, data: Mapping[str, Any] | None = None) -> Incident:
        """It is over. TooLate where it is not open."""
        return self.move(subject, RESOLVED, by, at, data)

    def move(
        self,
        subject: str,
        kind: str,
        by: str,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        text: str | None = None,
    ) -> Incident:
        """Append *kind* to it; return it as it then is."""
        with self._connection.transaction():
            self._events.append(subject, kind, by, data or {}, at, text=text)
            return self.of(subject)

    def of(self, subject: str) -> Incident:
        """It. Raises KeyError where there is none."""
        found = self._read(_COLUMNS + "WHERE subject = ?", (subject,))
        if not found:
            raise KeyError(subject)
        return found[0]

    def latest(self, dedup_key: str) -> Incident | None:
        """The newest of that cause."""
        found = self._read(_COLUMNS + "WHERE dedup_key = ? ORDER BY number DESC LIMIT 1", (dedup_key,))
        return found[0] if found else None

    def recent(self, limit: int = 10) -> list[Incident]:
        """The open ones, P0 first, then the newest resolved."""
        return self._read(
            _COLUMNS + "ORDER BY state = 'resolved', iif(state = 'resolved', '', severity), number DESC LIMIT ?",
            (limit,),
        )

    def between(self, since: datetime, until: datetime, limit: int = 5_000) -> list[Incident]:
        """Those that were opened from *since* on and before *until*, oldest first."""
        sql = _COLUMNS + "WHERE opened_at >= ? AND opened_at < ? ORDER BY number LIMIT ?"
        return self._read(sql, (to_text(since), to_text(until), limit))

    def story(self, subject: str) -> list[Event]:
        """All that happened to it, oldest first."""
        return self._events.of(subject)

    def _read(self, sql: str, parameters: tuple[object, ...]) -> list[Incident]:
        with self._connection.reading():
            rows = self._connection.raw.execute(sql, parameters).fetchall()
        return [_incident(row) for row in rows]


def opening(event: Event) -> tuple[str, str]:
    """The title and the note of an `incident.opened`; empty what was taken back, or was never written. Pure."""
    text = event.text or ""
    if "title" in event.data:
        return str(event.data["title"]), text
    title, _, note = text.partition("\n")
    return title, note


def _incident(row: tuple[Any, ...]) -> Incident:
    subject, number, key, severity, title, state, opened_at, opened_by, acked_by, acked_at, by, at, *more = row
    commander, scribe, merged_into, useful = more
    return Incident(
        subject=subject,
        number=number,
        dedup_key=key,
        severity=severity,
        title=title,
        state=state,
        opened_at=from_text(opened_at),
        opened_by=opened_by,
        acked_by=acked_by or "",
        acked_at=_time(acked_at),
        resolved_by=by or "",
        resolved_at=_time(at),
        commander=commander or "",
        scribe=scribe or "",
        merged_into=merged_into or "",
        useful=None if useful is None else bool(useful),
    )


def _time(text: str | None) -> datetime | None:
    return from_text(text) if text else None
