"""The history of a bot, read from its SQLite file beside it: what is in the middle, what is due, what was decided."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.clock import Clock
from store.database import look_into
from store.errors import StoreError
from store.times import from_text, to_text

LATELY = timedelta(seconds=3)  # so long what begins by itself may take to begin
DECISIONS = ("granted", "denied", "withdrawn", "expired", "superseded")
UNSETTLED = {
    # A rotation that waits for whoever has the values needs a human, and says so.
    "operations in the middle": """SELECT count(*) FROM operations AS o WHERE state = 'running' AND coalesce((
        SELECT kind FROM events WHERE subject = o.subject
        AND kind IN ('rotation.waits', 'rotation.entered', 'step.result')
        ORDER BY id DESC LIMIT 1), '') <> 'rotation.waits'""",
    "letters owed": "SELECT count(*) FROM letters WHERE state IN ('waiting', 'trying') OR"
    " (state = 'posted' AND sent_version < version)",
    # Its own messages come back to the bot as events, one a letter: of those only what stays open is open.
    "deliveries open": "SELECT count(*) FROM deliveries WHERE settled_at IS NULL AND (kind <> 'event' OR"
    " json_extract(payload, '$.event.bot_id') IS NULL OR received_at < :lately)",
    "timers due": "SELECT count(*) FROM timers WHERE ended IS NULL AND next_try < :lately",
    "errands to do": "SELECT count(*) FROM errands WHERE state IN ('waiting', 'trying') AND next_try < :lately",
}


@dataclass(frozen=True, slots=True)
class Came:
    """How an operation stands. *at*: the id of the event that brought it there."""

    subject: str
    state: str
    at: int
    functions: tuple[str, ...]


class History:
    """The file at *path*, opened for each question: the bot that writes it comes and goes."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock

    @contextmanager
    def opened(self) -> Iterator[Database]:
        """For reading. Raises StoreError where there is none."""
        db = look_into(self.path)
        try:
            yield db
        finally:
            db.close()

    def unsettled(self) -> dict[str, int]:
        """What is in the middle of something now, by what it is."""
        now = {"lately": to_text(self._clock.now() - LATELY)}
        try:
            with self.opened() as db:
                counts = {what: int(db.conn.execute(sql, now).fetchone()[0]) for what, sql in UNSETTLED.items()}
        except (StoreError, sqlite3.OperationalError):
            return {"killed while it made its tables": 1}
        return {what: count for what, count in counts.items() if count}

    def migrates(self) -> bool:
        """Whether a migration is under way, or may be as soon as somebody approves it."""
        sql = """SELECT 1 FROM approvals WHERE thing = 'database/schema' AND state = 'pending' UNION ALL
            SELECT 1 FROM operation_steps AS s JOIN operations AS o USING (subject)
            WHERE o.state = 'running' AND s.name = 'Look at the history'"""
        try:
            with self.opened() as db:
                return db.conn.execute(sql).fetchone() is not None
        except (StoreError, sqlite3.OperationalError):
            return False

    def dues(self) -> list[datetime]:
        """When timers fall due, the next first; nothing where there are no tables yet."""
        try:
            with self.opened() as db:
                found = db.conn.execute("SELECT due FROM timers WHERE ended IS NULL ORDER BY due").fetchall()
        except (StoreError, sqlite3.OperationalError):
            return []
        return [from_text(due) for (due,) in found]

    def newest(self) -> Came | None:
        """The newest operation."""
        sql = """SELECT o.subject, o.state, o.state_id, json_extract(e.data, '$.data.parts') FROM operations AS o
            JOIN events AS e ON e.id = o.start_id ORDER BY o.number DESC LIMIT 1"""
        with self.opened() as db:
            row = db.conn.execute(sql).fetchone()
        if row is None:
            return None
        subject, state, at, parts = row
        return Came(subject, state, at, tuple(one["function"] for one in json.loads(parts or "[]")))

    def decisions(self, approval: str) -> list[str]:
        """What was decided on it: granted, denied and so on."""
        marks = ", ".join("?" * len(DECISIONS))
        sql = f"SELECT kind FROM events WHERE subject = ? AND kind IN ({marks})"
        with self.opened() as db:
            found = db.conn.execute(sql, (approval, *(f"approval.{one}" for one in DECISIONS))).fetchall()
        return [kind.partition(".")[2] for (kind,) in found]

    def acts(self) -> list[str]:
        """Of people, each as its event's kind and subject."""
        sql = "SELECT kind || ' ' || subject FROM events WHERE actor LIKE 'U%'"
        with self.opened() as db:
            return [act for (act,) in db.conn.execute(sql)]

    def titles(self, like: str) -> list[str]:
        """Of incidents, as often as they were opened."""
        with self.opened() as db:
            return [title for (title,) in db.conn.execute("SELECT title FROM incidents WHERE title LIKE ?", (like,))]
