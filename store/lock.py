"""One process on one database: a lock beside the file that dies with its holder.

It is the kernel's lock on `<path>.lock`, not the file's being there: after kill -9 the file stays and the lock is
gone. The file holds the holder's process id, for the message only.
"""

import errno
import fcntl
import os
from pathlib import Path

from store.errors import StoreBusy, from_os


class Lock:
    """Held from `take` to `release`."""

    __slots__ = ("_fd",)

    def __init__(self, fd: int) -> None:
        self._fd = fd

    @classmethod
    def take(cls, path: Path) -> "Lock":
        """Lock the database at *path*. Raises StoreBusy with the holder's pid, or what `from_os` says."""
        beside = path.with_name(path.name + ".lock")
        try:
            fd = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)  # it is cut: not somebody else's file
        except OSError as error:
            raise from_os(error, beside) from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        except BlockingIOError as error:
            pid = _pid(fd)
            os.close(fd)
            who = f"process {pid}" if pid else "another process"
            raise StoreBusy(
                f"{path} is in use by {who}. Two bots on one database would both answer: stop that one first.", pid
            ) from error
        except OSError as error:
            os.close(fd)
            raise from_os(error, beside) from error
        return cls(fd)

    @property
    def held(self) -> bool:
        """True until `release`."""
        return self._fd >= 0

    def release(self) -> None:
        """Let the next one in; twice is once. The file stays: removing it would race with one who just opened it."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.ftruncate(fd, 0)
            os.close(fd)


def holder(path: Path) -> int | None:
    """The process that holds the database at *path*, 0 where its number is not known, None where nobody does.

    Looks only. Raises OSError where it may not.
    """
    try:
        fd = os.open(path.with_name(path.name + ".lock"), os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid(fd) or 0
    finally:
        os.close(fd)
    return None


def claim(path: Path) -> Lock:
    """Make the folder of the database at *path*, if only that is missing, and lock it. Opens no database.

    Raises StoreBusy, or what `from_os` says.
    """
    path = path.absolute()
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not os.access(path.parent, os.W_OK | os.X_OK):  # SQLite keeps two more files beside the database
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise from_os(error, path.parent) from error
    return Lock.take(path)


def _pid(fd: int) -> int | None:
    written = os.pread(fd, 32, 0).strip()
    return int(written) if written.isdigit() else None
