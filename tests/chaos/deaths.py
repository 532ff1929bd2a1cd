"""After each death, before the next life: is the file whole, and does the chain of the history hold?

The file is opened for reading only, as it was left: what was not committed is not there.
"""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from store.audit import verify

MIGRATING = """SELECT EXISTS (SELECT 1 FROM operations AS o JOIN events AS e ON e.id = o.start_id
    WHERE o.state = 'running' AND json_extract(e.data, '$.command') IN ('migrate', 'rollback migration'))"""


@dataclass(frozen=True, slots=True)
class Found:
    """*wrong*: in words. *took*: seconds. *migrating*: it died while a migration was under way."""

    wrong: tuple[str, ...] = ()
    took: float = 0.0
    migrating: bool = False


def examined(path: Path, key: bytes) -> Found:
    """Of one that has just died; of one that came to no tables yet, only whether the file is whole."""
    if not path.exists():
        return Found()
    began = time.monotonic()
    migrating = False
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as raw:
        try:
            wrong = [
                f"after a death the file is not whole: {row[0]}"
                for row in raw.execute("PRAGMA integrity_check")
                if row[0] != "ok"
            ]
            # All tables and the chain's beginning are one commit: there are all of them, or none.
            if raw.execute("SELECT 1 FROM sqlite_schema WHERE name = 'chain'").fetchone():
                verdict = verify(Database(raw, execute_plugins=False), key)
                wrong += [] if verdict.ok else [f"after a death the history is not good: {verdict.why}"]
                migrating = bool(raw.execute(MIGRATING).fetchone()[0])
        except sqlite3.Error as error:
            wrong = [f"after a death the file cannot be read: {error}"]
    return Found(tuple(wrong), time.monotonic() - began, migrating)
