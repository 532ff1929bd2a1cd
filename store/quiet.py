"""What is not told for a while: silences, by people, for a day at most; maintenances, by what the bot does itself."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from store.connection import Connection
from store.events import Events
from store.times import from_text, to_text

_SILENCES = """SELECT subject, detector, severity, incident, asked_by, asked_at, until, state, agreed_by
    FROM silences WHERE """
ASKED, AGREED, ENDED = "silence.asked", "silence.agreed", "silence.ended"


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence. *state*: a P0's is only asked for until a second person agrees."""

    subject: str
    detector: str
    severity: str
    incident: str
    asked_by: str
    asked_at: datetime
    until: datetime
    state: Literal["asked", "on", "ended"]
    agreed_by: str = ""

    def holds(self, severity: str, now: datetime) -> bool:
        """Whether it keeps an alarm of *severity* quiet: a worse one breaks it."""
        return self.state == "on" and now < self.until and severity >= self.severity


class Quiet:
    """Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection", "_events")

    def __init__(self, connection: Connection, events: Events) -> None:
        self._connection = connection
        self._events = events

    def silence(
        self, detector: str, severity: str, incident: str, by: str, reason: str, until: datetime, at: datetime
    ) -> Silence:
        """Ask for one; that of a P1 holds at once. One that stands is replaced.

        Raises TooLate where it has no reason or would last for more than a day.
        """
        with self._connection.transaction():
            if (standing := self.of(detector)) is not None:
                self.end(standing.subject, by, at)
            (number,) = self._connection.raw.execute("SELECT count(*) + 1 FROM silences").fetchone()
            data = {"detector": detector, "severity": severity, "incident": incident, "until": to_text(until)}
            self._events.append(f"silence/{number}", ASKED, by, data, at, text=reason.strip() or None)
            return self.get(f"silence/{number}")

    def agree(self, subject: str, by: str, at: datetime) -> Silence:
        """The second person. Raises TooLate where it is the first, or nobody asks any more, KeyError."""
        with self._connection.transaction():
            self.get(subject)
            self._events.append(subject, AGREED, by, {}, at)
            return self.get(subject)

    def end(self, subject: str, by: str, at: datetime) -> Silence:
        """It is over. Raises TooLate where it was, KeyError."""
        with self._connection.transaction():
            self.get(subject)
            self._events.append(subject, ENDED, by, {}, at)
            return self.get(subject)

    def get(self, subject: str) -> Silence:
        """It. Raises KeyError."""
        found = self._silences("subject = ?", (subject,))
        if not found:
            raise KeyError(subject)
        return found[0]

    def of(self, detector: str) -> Silence | None:
        """The one that stands for *detector*, also where it is only asked for."""
        found = self._silences("detector = ? AND state <> 'ended'", (detector,))
        return found[0] if found else None

    def silences(self) -> list[Silence]:
        """All that stand."""
        return self._silences("state <> 'ended'", ())

    def begin(self, why: str, detectors: Collection[str], until: datetime, at: datetime) -> int:
        """A maintenance: *detectors* are muted until then, or until it is ended. Return its id."""
        with self._connection.transaction():
            done = self._connection.raw.execute(
                "INSERT INTO maintenances (why, detectors, begun_at, until) VALUES (?, ?, ?, ?)",
                (why, json.dumps(sorted(detectors)), to_text(at), to_text(until)),
            )
            return int(done.lastrowid or 0)

    def done(self, why: str, at: datetime, settles: datetime | None = None) -> None:
        """The maintenances of *why* are over; with *settles* only then."""
        sql = "UPDATE maintenances SET until = min(until, ?), ended_at = ? WHERE why = ? AND ended_at IS NULL"
        ended = None if settles is not None else to_text(at)
        with self._connection.transaction():
            self._connection.raw.execute(sql, (to_text(settles or at), ended, why))

    def muted(self, now: datetime) -> frozenset[str]:
        """The detectors that a maintenance mutes."""
        sql = "SELECT detectors FROM maintenances WHERE ended_at IS NULL AND until > ?"
        with self._connection.reading():
            rows = self._connection.raw.execute(sql, (to_text(now),)).fetchall()
        return frozenset(one for (detectors,) in rows for one in json.loads(detectors))

    def _silences(self, where: str, parameters: tuple[Any, ...]) -> list[Silence]:
        sql = _SILENCES + where + " ORDER BY until"
        with self._connection.reading():
            rows = self._connection.raw.execute(sql, parameters).fetchall()
        return [
            Silence(subject, detector, severity, incident, by, from_text(at), from_text(until), state, agreed or "")
            for subject, detector, severity, incident, by, at, until, state, agreed in rows
        ]
