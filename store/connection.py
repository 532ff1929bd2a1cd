"""The one connection: transactions that are written whole or not at all, and errors in our words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import from_sqlite
from store.sqlite import Database


class Connection:
    """A database and its transactions. Used from the one thread that opened it (sqlite3 refuses others)."""

    __slots__ = ("_depth", "db", "path")

    def __init__(self, db: Database, path: Path) -> None:
        self.db = db
        self.path = path
        self._depth = 0

    @property
    def raw(self) -> sqlite3.Connection:
        """The sqlite3 connection, for hot paths. In autocommit mode: every write belongs in `transaction`."""
        return self.db.conn

    @property
    def in_transaction(self) -> bool:
        """True inside `transaction`."""
        return self.raw.in_transaction

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all that is done inside, or nothing. Inside another one it joins it, as a savepoint.

        No `await` inside: what another task wrote meanwhile would be part of it.
        """
        conn = self.raw
        nested = conn.in_transaction
        name = f"level_{self._depth}"
        begin, commit = (f"SAVEPOINT {name}", f"RELEASE {name}") if nested else ("BEGIN IMMEDIATE", "COMMIT")
        with self.reading():
            conn.execute(begin)
            self._depth += 1
            try:
                yield
                conn.execute(commit)
            except BaseException:
                # A full disk may have rolled the whole transaction back already (sqlite.org/lang_transaction.html §3).
                if conn.in_transaction:
                    for undo in (f"ROLLBACK TO {name}", commit) if nested else ("ROLLBACK",):
                        conn.execute(undo)
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def trial(self) -> Iterator[None]:
        """All that is done inside is taken back. Not inside a transaction."""
        with self.reading():
            self.raw.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                if self.raw.in_transaction:
                    self.raw.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Whatever SQLite reports inside is raised in our words (store.errors)."""
        try:
            yield
        except sqlite3.Error as error:
            said = from_sqlite(error, self.path)
            if said is error:
                raise
            raise said from error
