"""Function bodies as they were: kept by hash, so that the way back does not depend on git or on Supabase."""

import hashlib
from datetime import datetime

from store.connection import Connection
from store.errors import StoreDamaged
from store.times import to_text


class Bodies:
    """Bytes in, bytes out. *sha256* is 64 hex digits."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, content: bytes, at: datetime) -> str:
        """Keep *content*; return its sha256. The same twice is one row."""
        sha256 = hashlib.sha256(content).hexdigest()
        with self._connection.transaction():
            self._connection.raw.execute(
                "INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)", (sha256, content, to_text(at))
            )
        return sha256

    def get(self, sha256: str) -> bytes | None:
        """The bytes, or None where they were never kept. Raises StoreDamaged where they are not those."""
        with self._connection.reading():
            row = self._connection.raw.execute("SELECT content FROM bodies WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            return None
        content = bytes(row[0])
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreDamaged(f"The saved body {sha256[:12]} was changed in the database: it is not used.")
        return content
