"""The one connection: transactions that are written whole or not at all, and errors in our words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import RESTORE, UNWRITTEN, StoreDamaged, StoreGone, from_sqlite
from store.sqlite import Database


class Connection:
    """A database and its transactions. Used from the one thread that opened it (sqlite3 refuses others).

    *trouble*: why the last transaction came to nothing, empty since one was written; *damaged*: what is wrong with
    the pages, once that was seen: from then on nothing is written until somebody has found them whole. *uncut*: the
    write-ahead log still holds what was to be forgotten (store.texts).
    """

    __slots__ = ("_depth", "_file", "_folder", "_log", "_size", "damaged", "db", "path", "trouble", "uncut")

    def __init__(self, db: Database, path: Path) -> None:
        self.db = db
        self.path = path
        self._depth = 0
        self._folder = str(path.parent)
        self._file: tuple[int, int] | None = None  # device and inode, from `hold` on
        self._log = 0  # the inode of the write-ahead log; it is made by the first write
        self._size = 0
        self.trouble = self.damaged = ""
        self.uncut = False

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
        if self.raw.in_transaction:
            with self._level():
                yield
            return
        changes = self.raw.total_changes if self.trouble else 0
        try:
            self._look()
            with self._level():
                yield
        except UNWRITTEN as error:
            self.trouble = str(error)
            if isinstance(error, StoreDamaged):
                self.damaged = str(error)
            raise
        # Where no row was changed nothing reached the disk, and that it was committed says nothing of it.
        if self.trouble and self.raw.total_changes != changes:
            self.trouble = ""

    @contextmanager
    def _level(self) -> Iterator[None]:
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

    def proves(self) -> None:
        """Write for real: only that tells whether what failed is over."""
        with self.transaction():
            (number,) = self.raw.execute("PRAGMA user_version").fetchone()
            self.raw.execute(f"PRAGMA user_version = {(number + 1) % 1000}")
        self.trouble = ""

    @contextmanager
    def trial(self) -> Iterator[None]:
        """All that is done inside is taken back. Not inside a transaction."""
        self._look()
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
            if isinstance(said, StoreDamaged):
                self.damaged = str(said)  # also where only reading met it
            if said is error:
                raise
            raise said from error

    def hold(self) -> None:
        """From now on each transaction makes sure that the file is still the one that was opened.

        SQLite writes on into a file that was taken away, and says that it is committed: it would be lost at the end.
        """
        there = self.path.stat()
        self._file = (there.st_dev, there.st_ino)
        self._look()

    def _look(self) -> None:
        """One call of stat and a reading of the folder, 6 µs. Raises StoreGone, StoreDamaged."""
        if self._file is None:
            return
        if self.damaged:
            raise StoreDamaged(self.damaged)
        try:
            there = os.stat(self.path)  # noqa: PTH116  # before each commit: a Path takes twice as long
            log = self._inode_of_log()
        except OSError as error:
            raise _gone(self.path) from error
        if (there.st_dev, there.st_ino) != self._file:
            raise _gone(self.path)
        if log != self._log:
            if self._log:
                raise _gone(self.path.with_name(f"{self.path.name}-wal"))
            self._log = log
        if there.st_size < self._size:  # it only ever grows
            raise StoreDamaged(f"{self.path} has been cut off, from {self._size} to {there.st_size} bytes. {RESTORE}")
        self._size = there.st_size

    def _inode_of_log(self) -> int:
        """0 where there is none.

        Not by stat: whose times were asked for has to be given a finer one by the next write (Linux 6.13 and newer),
        and the commit that waits for it takes a quarter longer (docs/performance.md).
        """
        name = f"{self.path.name}-wal"
        with os.scandir(self._folder) as entries:
            return next((one.inode() for one in entries if one.name == name), 0)


def _gone(path: Path) -> StoreGone:
    return StoreGone(
        f"{path} was taken away, or another file lies in its place: what I write would be lost. Put it back as it was; "
        "or stop the bot and restore a copy (aikeys restore)."
    )
