"""The story of an incident: its own events, and all that happened meanwhile; and the timeline by its words.

A page costs the same whatever lies around it: each of its three streams is read backwards along an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.connection import Connection
from store.events import COLUMNS, Event, Events
from store.incidents import PINNED, Incident
from store.times import from_text, to_text

# Of the bot's bookkeeping nobody wants to read in the middle of an outage.
_QUIET = ("audit.started", "audit.anchored", "watch.baseline")


@dataclass(frozen=True, slots=True)
class Moment:
    """*at* is when it happened: of a pinned message, when that was written; *event* says when it was recorded."""

    at: datetime
    event: Event


def _order(one: Moment) -> tuple[datetime, bool, int]:
    return one.at.replace(microsecond=0), one.at == one.event.at, one.event.id


class Story:
    """Reads only."""

    __slots__ = ("_connection", "_events")

    def __init__(self, connection: Connection, events: Events) -> None:
        self._connection = connection
        self._events = events

    def page(self, incident: Incident, since: datetime, until: datetime, *, number: int = 1, size: int = 40) -> "Page":
        """The *number*-th page from the end, oldest first.

        It holds what happened to *incident* or to what was merged into it, and between *since* and *until* to anything
        but another incident. What is of one second stands in the order in which it was written down, behind what was
        pinned of it.
        """
        most = number * size + 1
        subjects = [incident.subject, *self.merged(incident.subject)]
        found = {one.event.id: one for one in self._meanwhile(since, until, most)}
        for subject in subjects:
            found |= {one.event.id: one for one in (*self._own(subject, most), *self._pins(subject))}
        newest = sorted(found.values(), key=_order, reverse=True)
        return Page(newest[(number - 1) * size : number * size][::-1], number, more=len(newest) > number * size)

    def merged(self, subject: str) -> list[str]:
        """The incidents that were merged into *subject*, also by way of others."""
        sql = """WITH RECURSIVE parts (subject) AS (
            SELECT subject FROM incidents WHERE merged_into = ?
            UNION SELECT i.subject FROM incidents AS i JOIN parts ON i.merged_into = parts.subject)
            SELECT subject FROM parts"""
        with self._connection.reading():
            return [row[0] for row in self._connection.raw.execute(sql, (subject,))]

    def before(self, since: datetime, until: datetime, kinds: Sequence[str], limit: int = 20) -> list[Event]:
        """At most *limit* events of *kinds* in that time, newest first."""
        marks = ", ".join("?" * len(kinds))
        sql = f"{COLUMNS} WHERE e.at >= ? AND e.at < ? AND +e.kind IN ({marks}) ORDER BY e.at DESC LIMIT ?"
        return self._events.read(sql, (to_text(since), to_text(until), *kinds, limit))

    def search(self, words: Sequence[str], limit: int = 20) -> list[Event]:
        """The newest events that hold all *words*, the last of them as a beginning. Nothing in them is syntax."""
        asked = [one.replace("\0", " ").replace('"', '""') for one in words]
        match = " ".join(f'"{one}"' for one in asked) + "*"
        sql = f"""{COLUMNS} WHERE e.id IN (
            SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY e.id DESC"""  # noqa: S608  # a constant; what is asked is a parameter
        return self._events.read(sql, (match, limit))

    def _own(self, subject: str, most: int) -> list[Moment]:
        sql = COLUMNS + "WHERE e.subject = ? AND +e.kind <> ? ORDER BY e.id DESC LIMIT ?"
        return [Moment(one.at, one) for one in self._events.read(sql, (subject, PINNED, most))]

    def _pins(self, subject: str) -> list[Moment]:
        """All of them: people pin dozens, and each lies at its own time."""
        sql = COLUMNS + "WHERE e.subject = ? AND e.kind = 'incident.pinned'"
        pins = self._events.read(sql, (subject,))
        return [Moment(from_text(one.data["occurred"]), one) for one in pins]

    def _meanwhile(self, since: datetime, until: datetime, most: int) -> list[Moment]:
        quiet = ", ".join(f"'{kind}'" for kind in _QUIET)
        sql = f"""{COLUMNS} WHERE e.at >= ? AND e.at <= ? AND e.subject NOT LIKE 'incident/%'
            AND +e.kind NOT IN ({quiet}) ORDER BY e.at DESC, e.id DESC LIMIT ?"""
        return [Moment(one.at, one) for one in self._events.read(sql, (to_text(since), to_text(until), most))]


@dataclass(frozen=True, slots=True)
class Page:
    """*moments* oldest first; *more*: there is an earlier page."""

    moments: Sequence[Moment]
    number: int
    more: bool
