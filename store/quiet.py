"""What is not told for a while: silences, by people, for a day at most; maintenances, by what the bot does itself."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from store.connection import Connection
from store.events import Events
from store.times import SLEWED, from_text, to_text

SILENCE_ASKED, SILENCE_AGREED, SILENCE_ENDED = "silence.asked", "silence.agreed", "silence.ended"
_SILENCES = "SELECT id, incident, detector, severity, asked_by, asked_at, until, state, agreed_by FROM silences WHERE "


def covers(made_for: str, severity: str) -> bool:
    """Whether a silence that was *made_for* one severity is one for *severity*: something worse breaks it."""
    return severity >= made_for


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence; *id* is the event that asks for it. *state*: a P0's is only asked for until a second agrees."""

    id: int
    incident: str
    detector: str
    severity: str
    asked_by: str
    asked_at: datetime
    until: datetime
    state: Literal["asked", "on", "ended"]
    agreed_by: str = ""

    def holds(self, severity: str, now: datetime) -> bool:
        """Whether it keeps an alarm of *severity* quiet: a worse one breaks it."""
        # Before it was asked for: the clock was put back, and how long it would hold nobody knows.
        held = self.asked_at - SLEWED <= now < self.until
        return self.state == "on" and held and covers(self.severity, severity)


class Quiet:
    """Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection", "_events")

    def __init__(self, connection: Connection, events: Events) -> None:
        self._connection = connection
        self._events = events

    def silence(
        self, incident: str, detector: str, severity: str, by: str, reason: str, until: datetime, at: datetime
    ) -> Silence:
        """Ask for one; that of a P1 holds at once. One that stands is replaced.

        Raises TooLate where it has no reason, has ended already or would last for more than a day.
        """
        data = {"detector": detector, "severity": severity, "until": to_text(until)}
        with self._connection.transaction():
            if (standing := self.of(detector)) is not None:
                self.end(standing, by, at, anew=True)
            event = self._events.append(incident, SILENCE_ASKED, by, data, at, text=reason.strip() or None)
            return self.get(event.id)

    def agree(self, silence: Silence, by: str, at: datetime) -> Silence:
        """The second person. Raises TooLate where it is the first, or nobody asks any more."""
        with self._connection.transaction():
            self._events.append(silence.incident, SILENCE_AGREED, by, {"silence": silence.id}, at)
            return self.get(silence.id)

    def end(
        self, silence: Silence, by: str, at: datetime, *, worse: str = "", anew: bool = False, over: bool = False
    ) -> Silence:
        """It is over; *worse*: the severity that broke it; *anew*: another is asked for; *over*: its incident ended.

        Raises TooLate where it was. Of one that never began the event keeps who had *asked*.
        """
        data: dict[str, Any] = {"silence": silence.id} | ({"worse": worse} if worse else {})
        data |= {"anew": True} if anew else {}
        data |= {"over": True} if over else {}
        with self._connection.transaction():
            if self.get(silence.id).state == "asked":
                data["asked"] = silence.asked_by
            self._events.append(silence.incident, SILENCE_ENDED, by, data, at)
            return self.get(silence.id)

    def get(self, id_: int) -> Silence:
        """It. Raises KeyError."""
        found = self._silences("id = ?", (id_,))
        if not found:
            raise KeyError(id_)
        return found[0]

    def of(self, detector: str) -> Silence | None:
        """The one that stands for *detector*, also where it is only asked for."""
        found = self._silences("detector = ? AND state <> 'ended'", (detector,))
        return found[0] if found else None

    def silences(self) -> list[Silence]:
        """All that stand, the first to end first."""
        return self._silences("state <> 'ended'", ())

    def begin(self, why: str, detectors: Collection[str], until: datetime, at: datetime) -> None:
        """A maintenance: *detectors* are muted until then, or until it is done."""
        with self._connection.transaction():
            self._connection.raw.execute(
                "INSERT INTO maintenances (why, detectors, begun_at, until) VALUES (?, ?, ?, ?)",
                (why, json.dumps(sorted(detectors)), to_text(at), to_text(until)),
            )

    def done(self, why: str, settles: datetime) -> None:
        """The maintenances of *why* are over when what they touched has settled."""
        sql = "UPDATE maintenances SET until = min(until, ?) WHERE why = ?"
        with self._connection.transaction():
            self._connection.raw.execute(sql, (to_text(settles), why))

    def muted(self, now: datetime) -> frozenset[str]:
        """The detectors that a maintenance mutes."""
        with self._connection.reading():
            rows = self._connection.raw.execute("SELECT detectors FROM maintenances WHERE until > ?", (to_text(now),))
            return frozenset(one for (detectors,) in rows for one in json.loads(detectors))

    def _silences(self, where: str, parameters: tuple[Any, ...]) -> list[Silence]:
        with self._connection.reading():
            rows = self._connection.raw.execute(_SILENCES + where + " ORDER BY until", parameters).fetchall()
        return [
            Silence(id_, incident, detector, severity, by, from_text(at), from_text(until), state, agreed or "")
            for id_, incident, detector, severity, by, at, until, state, agreed in rows
        ]
