"""Incidents as events: opened once per cause, acknowledged by people, resolved once. The schema settles the races."""

from datetime import datetime

from store.connection import Connection
from store.events import Events


class Incidents:
    """Appends; `Events.open_incidents` says what is open. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection", "_events")

    def __init__(self, connection: Connection, events: Events) -> None:
        self._connection = connection
        self._events = events

    def open(self, severity: str, title: str, dedup_key: str, at: datetime, *, by: str = "bot") -> str:
        """Open one (*severity*: P0 or P1) and return its subject. *by*: bot, where a detector saw it, or a person.

        TooLate where one with this *dedup_key* is open, BadEvent for another severity.
        """
        sql = "SELECT count(*) + 1 FROM events WHERE kind = 'incident.opened'"
        with self._connection.transaction():
            (number,) = self._connection.raw.execute(sql).fetchone()
            data = {"severity": severity, "title": title, "dedup_key": dedup_key}
            self._events.append(f"incident/{number}", "incident.opened", by, data, at)
        return f"incident/{number}"

    def acknowledge(self, subject: str, by: str, at: datetime) -> None:
        """*by* has seen it and is on it."""
        self._events.append(subject, "incident.acknowledged", by, {}, at)

    def resolve(self, subject: str, by: str, at: datetime) -> None:
        """It is over. TooLate where it is not open."""
        self._events.append(subject, "incident.resolved", by, {}, at)
