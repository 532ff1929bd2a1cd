"""What can go wrong with the memory, each in a sentence: what, why, what to do.

    StoreError
    ├── StoreUnusable          it cannot be opened; nothing was changed
    │   ├── StoreBusy          another process holds it
    │   ├── StoreDamaged       the file is not a database, not ours, or its pages do not fit together
    │   ├── StoreReadOnly      the file or its folder may not be written
    │   ├── StoreGone          the file was taken away, or replaced, while it was open
    │   ├── StoreMissing       there is no such folder, or the path is not a file
    │   ├── StoreNewer         a later version of this program has migrated it
    │   ├── OtherMemory        the folder of the copies holds those of another memory
    │   └── WrongAuditKey      the timeline was begun with another audit key
    ├── StoreFull              the disk, or the limit that was set, is full; the row was not written
    ├── StoreFailed            the disk did not do as told; the row was not written
    ├── Edited                 a row says what no signed event does; nothing is done on its word
    └── Refused                the schema says no; the row was not written
        ├── TooLate            that may happen once, and it has happened
        └── BadEvent           a field is missing or is not what its kind asks for

Every one leaves the database as it was before the call: a transaction is written whole or not at all.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """The memory could not do what it was asked to."""


class StoreUnusable(StoreError):
    """The database cannot be opened."""


class StoreBusy(StoreUnusable):
    """Another process holds the database. *pid* is its number, where it is known."""

    def __init__(self, message: str, pid: int | None = None) -> None:
        super().__init__(message)
        self.pid = pid


class StoreDamaged(StoreUnusable):
    """The file is not a database of ours, or its pages do not fit together."""


class StoreReadOnly(StoreUnusable):
    """The file or its folder may not be written."""


class StoreMissing(StoreUnusable):
    """There is no such folder, or the path is not a file."""


class StoreGone(StoreUnusable):
    """The file was taken away, or replaced, while it was open."""


class StoreNewer(StoreUnusable):
    """A later version of this program has migrated the database."""


class OtherMemory(StoreUnusable):
    """The folder of the copies holds those of another memory."""


class WrongAuditKey(StoreUnusable):
    """The timeline was begun with another audit key."""


class StoreFull(StoreError):
    """The disk, or the limit that was set, is full."""


class StoreFailed(StoreError):
    """The disk did not do as told, or another program keeps the file locked."""


class Edited(StoreError):
    """What is true now, or the end of the timeline, is not what the bot wrote."""


@contextmanager
def resting(subject: str, table: str) -> Iterator[None]:
    """Inside, *subject*'s row of *table* is read together with its events. Raises Edited where these are not there."""
    try:
        yield
    except KeyError as error:
        what = error if isinstance(error.args[0], int) else f"with {error}"
        raise Edited(f"{subject} in the table {table} rests on row {what} of the timeline: there is none.") from error


class Refused(StoreError):
    """The schema says no."""


class TooLate(Refused):
    """That may happen once to this subject, and it has happened."""


class BadEvent(Refused):
    """A field is missing or is not what its kind asks for."""


UNWRITTEN = (StoreUnusable, StoreFull, StoreFailed)  # it is the disk or the file; not what was to be written
RESTORE = "Stop the bot and put the last good copy in its place: aikeys restore --replace lays the damaged file aside."


def from_sqlite(error: sqlite3.Error, path: Path) -> Exception:
    """The same error in our words; itself where it is no fault of the disk or the file."""
    # The low byte is the primary code, the rest says more about it (sqlite.org/rescode.html).
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StoreFull(
            f"Nothing was written to {path}: the disk or the size limit set for the database is full. "
            "Free some space or raise the limit; no restart is needed."
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreDamaged(f"{path} is damaged or is not a database ({error}). {RESTORE}")
    if code == sqlite3.SQLITE_READONLY:
        return StoreReadOnly(
            f"{path} may not be written ({error}). Give the bot's user the right to write the file and its folder."
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreFailed(
            f"Nothing was written to {path}: another program keeps it locked ({error}). "
            "Close what else has it open for writing (fuser names it)."
        )
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StoreFailed(
            f"Nothing was written to {path}: the disk did not do as told ({error}). "
            "Look at the system's log for disk errors and at the rights of the folder."
        )
    if code == sqlite3.SQLITE_CONSTRAINT:
        return Refused(f"Nothing was written to {path}: the schema does not allow it ({error}).")
    return error


def from_os(error: OSError, path: Path) -> StoreError:
    """Why *path* could not be opened or made."""
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreReadOnly(
            f"{path} may not be written ({error.strerror}). Give the bot's user the right to write "
            "the file and its folder, or choose another place."
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull(f"{path} cannot be made: the disk is full. Free some space and start again.")
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR):
        return StoreMissing(f"{path} cannot be opened ({error.strerror}). Make its folder, or correct the path.")
    return StoreFailed(f"{path} cannot be opened ({error.strerror}). Look at the system's log for disk errors.")
