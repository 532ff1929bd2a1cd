"""What people write: notes and reasons, apart from the chain, so that a secret pasted by mistake can be taken back.

A text is held by its keyed digest (store.chain). The same words written twice are one text: redacting them redacts
them everywhere, and written a third time they stay redacted.
"""

import sqlite3
from datetime import datetime

from store.connection import Connection
from store.errors import TooLate
from store.times import to_text


def clean(text: str) -> str:
    """*text* as it can be stored: half surrogates, which UTF-8 does not have, become question marks."""
    return text.encode("utf-8", "replace").decode()


def keep(raw: sqlite3.Connection, digest: str, text: str) -> bool:
    """Keep *text* under *digest*. False where it is known as redacted, and stays so."""
    raw.execute("INSERT OR IGNORE INTO texts (digest, text) VALUES (?, ?)", (digest, text))
    (there,) = raw.execute("SELECT text IS NOT NULL FROM texts WHERE digest = ?", (digest,)).fetchone()
    return bool(there)


def wipe(connection: Connection, digest: str, asked_by: str, agreed_by: str, at: datetime) -> None:
    """Overwrite the text with nothing, inside the caller's transaction. Raises TooLate where it is gone already."""
    sql = "UPDATE texts SET text = NULL, redacted_at = ?, redacted_by = ? WHERE digest = ? AND text IS NOT NULL"
    if connection.raw.execute(sql, (to_text(at), f"{asked_by},{agreed_by}", digest)).rowcount == 0:
        raise TooLate("This text has been redacted before.")


def scrub(connection: Connection) -> None:
    """Write the index of words anew, without what has left it with the text (store.tables.story)."""
    connection.raw.execute("INSERT INTO words (words) VALUES ('optimize')")  # FTS5's own: all segments into one


def forget(connection: Connection) -> None:
    """Move what was committed into the file and cut the write-ahead log, which still holds the old page.

    Somebody who reads the file just now, as a copy does, keeps the log as it is: `connection.uncut` says that it is to
    be tried again. It does not wait for them: that would be on the event loop.
    """
    raw = connection.raw
    with connection.reading():
        (patience,) = raw.execute("PRAGMA busy_timeout").fetchone()
        raw.execute("PRAGMA busy_timeout = 0")
        try:
            (busy, _, _) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.execute(f"PRAGMA busy_timeout = {patience}")
    connection.uncut = bool(busy)
