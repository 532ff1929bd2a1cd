"""A disk and programs that fail when they are told to: `sabotage.c`, made at run time, preloaded into the bot."""

import errno
import mmap
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")
NOTHING, WRITE, SYNC, FULL, EVERY, START, END = range(7)
_ORDERS = struct.Struct("=6q")  # what, left, error, writes, syncs, failed
EIO, ENOSPC, EROFS, ENOMEM = errno.EIO, errno.ENOSPC, errno.EROFS, errno.ENOMEM


def build(folder: Path) -> Path | None:
    """The library, made in *folder*; None, and a printed reason, where this machine cannot make or load one."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or not sys.platform.startswith("linux"):
        print("skipped: a machine that fails needs Linux and a C compiler (cc), which is not here")
        return None
    made = folder / "sabotage.so"
    words = (compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", made, SOURCE, "-ldl")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"skipped: {compiler} does not build {SOURCE.name}: {done.stderr.strip()[:400]}")
        return None
    return made


class Orders:
    """What is to fail in the process that has `environment`; may be changed while it runs."""

    def __init__(self, folder: Path, under: Path) -> None:
        self._path = folder / "orders"
        self._path.write_bytes(bytes(_ORDERS.size))
        with self._path.open("r+b") as file:
            self._there = mmap.mmap(file.fileno(), _ORDERS.size)
        # As the kernel names an open file: without symbolic links.
        self.environment = {"SABOTAGE_ORDERS": str(self._path), "SABOTAGE_UNDER": str(under.resolve())}

    def close(self) -> None:
        """Nothing can be ordered any more."""
        self._there.close()

    def fail(self, what: int, nth: int = 1, error: int = EIO) -> None:
        """Let the *nth* write, sync or program from now on fail; or with FULL and EVERY each one, until `calm`."""
        self._there[:] = _ORDERS.pack(NOTHING, nth, error, 0, 0, 0)
        self._there[:8] = struct.pack("=q", what)  # last: from here on it counts

    def calm(self) -> None:
        """The disk is well; what was counted stays."""
        self._there[:8] = struct.pack("=q", NOTHING)

    @contextmanager
    def failing(self, what: int, nth: int = 1, error: int = EIO) -> Iterator[None]:
        """`fail`, while this lasts."""
        self.fail(what, nth, error)
        try:
            yield
        finally:
            self.calm()

    @property
    def writes(self) -> int:
        """Since `fail`."""
        return self._read(3)

    @property
    def syncs(self) -> int:
        """Since `fail`."""
        return self._read(4)

    @property
    def failed(self) -> int:
        """How many were made to fail since `fail`."""
        return self._read(5)

    def _read(self, at: int) -> int:
        return int(_ORDERS.unpack(self._there[:])[at])
