"""What is true now: open incidents and last deploys, read from the tables that triggers keep (store.schema)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.times import from_text


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that is open. *severity*: P0 or P1. *event_id*: the row that opened it.

    *opened_at* is when it last began: of one that came back later than store.incidents.Incident has it, which is the
    same incident from its first opening on.
    """

    subject: str
    severity: str
    title: str
    dedup_key: str
    opened_at: datetime
    event_id: int


@dataclass(frozen=True, slots=True)
class Deploy:
    """The newest finished deploy of a function. *version* and *commit* are None where they were not known."""

    function: str
    version: int | None
    commit: str | None
    ok: bool
    at: datetime
    actor: str
    event_id: int


def open_incidents(connection: Connection) -> list[OpenIncident]:
    """P0 first, then oldest first."""
    sql = """SELECT subject, severity, title, dedup_key, opened_at, event_id FROM open_incidents
             ORDER BY severity, event_id"""
    with connection.reading():
        return [OpenIncident(**(row | {"opened_at": from_text(row["opened_at"])})) for row in connection.db.query(sql)]


def last_deploy(connection: Connection, function: str | None) -> Deploy | None:
    """Of *function*, or the newest of any."""
    sql = """SELECT * FROM last_deploys WHERE :function IS NULL OR function = :function
             ORDER BY event_id DESC LIMIT 1"""
    with connection.reading():
        found = list(connection.db.query(sql, {"function": function}))
    return _deploy(found[0]) if found else None


def last_deploys(connection: Connection) -> list[Deploy]:
    """Of each function, newest first."""
    with connection.reading():
        return [_deploy(row) for row in connection.db.query("SELECT * FROM last_deploys ORDER BY event_id DESC")]


def latest_p0(connection: Connection) -> datetime | None:
    """When the newest P0 was opened, or became one."""
    sql = """SELECT at FROM events WHERE kind IN ('incident.opened', 'incident.severity')
             AND json_extract(data, '$.severity') = 'P0' ORDER BY id DESC LIMIT 1"""
    with connection.reading():
        row = connection.raw.execute(sql).fetchone()
    return from_text(row[0]) if row else None


def _deploy(row: dict[str, Any]) -> Deploy:
    return Deploy(
        function=row["function"],
        version=row["version"],
        commit=row["commit_id"],
        ok=bool(row["ok"]),
        at=from_text(row["at"]),
        actor=row["actor"],
        event_id=row["event_id"],
    )
