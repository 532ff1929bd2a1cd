"""What the signed events say is true now: they are poured, in order, through the triggers into an empty memory.

The tables of what is true now are kept by triggers over the events and bear no signature of their own. The same
triggers over the same events give the same rows, so nothing of the rules is written down twice. An event that they
refuse here was let in where a table said what no event had.
"""

import re
import sqlite3
from functools import cache
from typing import NamedTuple

from store.schema import migrations
from store.sqlite import ByTheLine

# Each table that triggers keep from events alone, with the columns that tell one row from another.
TABLES = {
    "approvals": ("subject",),
    "approval_votes": ("subject", "user"),
    "operations": ("subject",),
    "operation_steps": ("subject", "step", "attempt"),
    "freeze": ("one",),
    "incidents": ("subject",),
    "open_incidents": ("subject",),
    "silences": ("id",),
    "reviews": ("subject",),
    "last_deploys": ("function",),
}
# Of these no event says all that stands in a row.
NOT_TOLD = "timers, letters, mails, errands, alerts from elsewhere, maintenances, samples, looks"

_GUARDS = ("events_are_never_changed", "events_are_never_deleted", "words_of_an_event")  # they keep none of these
_INSERT = "INSERT INTO events (id, at, subject, kind, actor, data, digest, mac) VALUES (?, ?, ?, ?, ?, ?, ?, '')"


class Row(NamedTuple):
    """An event as it is stored. *text*: what a person wrote with it, None where there is nothing (any more)."""

    id: int
    at: str
    subject: str
    kind: str
    actor: str
    data: str
    digest: str | None
    text: str | None = None


class Impossible(Exception):  # a finding, not a failure
    """The rules refuse the event *id*: it was let in on the word of a row that no event had written."""

    def __init__(self, row: Row, rule: str) -> None:
        super().__init__(f"{row.kind} of {row.subject[:80]} (row {row.id}) could not have come about: {rule}")
        self.id = row.id


class Replay:
    """An empty memory that is told events, and then holds what follows from them. In memory; no event is kept.

    *before*: as it was made before that migration; empty: as it is made now.
    """

    __slots__ = ("kinds", "raw")

    def __init__(self, before: str = "") -> None:
        image, self.kinds = empty(before)
        self.raw = sqlite3.connect(":memory:")
        self.raw.deserialize(image)

    def tell(self, row: Row) -> None:
        """*row* happens. Raises Impossible where the rules refuse it; nothing has changed then."""
        if row.kind not in self.kinds:
            return
        if row.digest is not None and row.text is not None:  # what a person calls an incident is read from its text
            self.raw.execute("INSERT OR IGNORE INTO texts (digest, text) VALUES (?, ?)", (row.digest, row.text))
        try:
            self.raw.execute(_INSERT, row[:7])
        except sqlite3.Error as error:
            raise Impossible(row, str(error)) from error
        self.raw.execute("DELETE FROM events")

    def forget(self) -> None:
        """Be empty again, as before the first event since the last time."""
        self.raw.rollback()

    def close(self) -> None:
        """Let go of it."""
        self.raw.close()


@cache
def empty(before: str = "") -> tuple[bytes, frozenset[str]]:
    """Return a memory in which nothing has happened, and the kinds of events that change it. 20 ms, once."""
    made = ByTheLine(memory=True)
    migrations.apply(made, stop_before=before or None)
    for guard in _GUARDS:
        made.conn.execute(f"DROP TRIGGER IF EXISTS {guard}")
    sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events'"
    heads = [str(text).partition("BEGIN")[0] for (text,) in made.conn.execute(sql)]
    image = made.conn.serialize()
    made.close()
    return image, frozenset(kind for head in heads for kind in re.findall(r"'([a-z]+\.[a-z.-]+)'", head))
