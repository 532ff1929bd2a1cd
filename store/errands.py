"""Errands as rows: each done once for its incident, with an INTENT before and a RESULT after (store.tables.errands)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from store.connection import Connection
from store.errors import TooLate
from store.times import from_text, to_text

State = Literal["waiting", "trying", "offered", "done", "lost"]
_COLUMNS = "SELECT id, incident, name, state, data, why, done_by, done_at, tries FROM errands "


@dataclass(frozen=True, slots=True)
class Errand:
    """One. *state* trying: begun by somebody who did not come back: its fate is unknown. *why*: what it waits for."""

    id: int
    incident: str
    name: str
    state: State
    data: dict[str, Any] = field(hash=False)
    why: str
    done_by: str
    done_at: datetime | None
    tries: int

    @property
    def drafted(self) -> bool:
        """Something is ready to go. False for a mail that was not written, since it would hardly be for its reader."""
        return self.data.get("theirs") is not False

    @property
    def over(self) -> bool:
        """Nothing more comes of it by itself."""
        return self.state in ("done", "lost")


class Errands:
    """Rows in, marks on them, rows out. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, incident: str, name: str, at: datetime, *, offered: bool = False, data: Mapping[str, Any] | None = None
    ) -> None:
        """Let it be done, once: one that is there stays as it is. *offered*: a person's turn."""
        sql = """INSERT INTO errands (incident, name, state, data, next_try) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (incident, name) DO NOTHING"""
        state = "offered" if offered else "waiting"
        self._mark(sql, (incident, name, state, json.dumps(dict(data or {})), to_text(at)))

    def of(self, incident: str) -> list[Errand]:
        """All of *incident*, in the order in which they were added."""
        return self._read("WHERE incident = ? ORDER BY id", (incident,))

    def get(self, incident: str, name: str) -> Errand | None:
        """One."""
        found = self._read("WHERE incident = ? AND name = ?", (incident, name))
        return found[0] if found else None

    def due(self, now: datetime) -> list[Errand]:
        """The bot's turn, the oldest first."""
        return self._read(
            "WHERE state IN ('waiting', 'trying') AND next_try <= ? ORDER BY id LIMIT 50", (to_text(now),)
        )

    def owner_of(self, channel: str) -> str:
        """The incident whose errand `room` made *channel*; empty where none did."""
        found = self._read("WHERE name = 'room' AND json_extract(data, '$.channel') = ?", (channel,))
        return found[0].incident if found else ""

    def trying(self, errand: Errand) -> None:
        """INTENT: it is about to be done."""
        self._mark("UPDATE errands SET state = 'trying', tries = tries + 1 WHERE id = ?", (errand.id,))

    def done(self, errand: Errand, by: str, at: datetime, data: Mapping[str, Any], why: str = "") -> None:
        """RESULT: it is done. TooLate where it was done already, by somebody else."""
        sql = """UPDATE errands SET state = 'done', done_by = ?, done_at = ?, why = ?, data = json_patch(data, ?)
            WHERE id = ? AND state <> 'done'"""
        with self._connection.transaction():
            found = self._connection.raw.execute(sql, (by, to_text(at), why, json.dumps(dict(data)), errand.id))
            if found.rowcount == 0:
                raise TooLate(f"{errand.name} was done already.")

    def lost(self, errand: Errand, why: str) -> None:
        """RESULT: the bot cannot do it."""
        self._mark("UPDATE errands SET state = 'lost', why = ? WHERE id = ? AND state <> 'done'", (why, errand.id))

    def later(self, errand: Errand, until: datetime, why: str, *, certain: bool) -> None:
        """Try again then. *certain*: it was not done; else its fate stays unknown."""
        state = "waiting" if certain else "trying"
        sql = "UPDATE errands SET state = ?, next_try = ?, why = ? WHERE id = ? AND state IN ('waiting', 'trying')"
        self._mark(sql, (state, to_text(until), why, errand.id))

    def again(self, incident: str, name: str, at: datetime) -> None:
        """Do it once more: what it says has changed. Does nothing where it was never begun, or could not be done."""
        sql = """UPDATE errands SET state = 'waiting', done_by = NULL, done_at = NULL, next_try = ?
            WHERE incident = ? AND name = ? AND state = 'done'"""
        self._mark(sql, (to_text(at), incident, name))

    def accept(self, incident: str, name: str, at: datetime, data: Mapping[str, Any]) -> None:
        """A person wants it done: it is the bot's turn. TooLate where it is not offered, KeyError where it is none."""
        sql = """UPDATE errands SET state = 'waiting', next_try = ?, data = json_patch(data, ?)
            WHERE incident = ? AND name = ? AND state IN ('offered', 'lost')"""
        with self._connection.transaction():
            if self.get(incident, name) is None:
                raise KeyError(name)
            values = (to_text(at), json.dumps(dict(data)), incident, name)
            if self._connection.raw.execute(sql, values).rowcount == 0:
                raise TooLate(f"{name} is done, or under way.")

    def hurry(self, now: datetime) -> None:
        """What was put off may be tried now."""
        sql = "UPDATE errands SET next_try = ? WHERE state IN ('waiting', 'trying') AND next_try > ?"
        self._mark(sql, (to_text(now), to_text(now)))

    def _mark(self, sql: str, parameters: tuple[object, ...]) -> None:
        with self._connection.transaction():
            self._connection.raw.execute(sql, parameters)

    def _read(self, where: str, parameters: tuple[object, ...]) -> list[Errand]:
        with self._connection.reading():
            rows = self._connection.raw.execute(_COLUMNS + where, parameters).fetchall()
        return [_errand(*row) for row in rows]


def _errand(id_: int, incident: str, name: str, state: State, data: str, why: str, *rest: Any) -> Errand:
    by, at, tries = rest
    return Errand(id_, incident, name, state, json.loads(data), why, by or "", from_text(at) if at else None, tries)
