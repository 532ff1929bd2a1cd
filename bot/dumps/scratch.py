"""The throw-away PostgreSQL that a dump is restored into: there while it is counted, gone whatever happens."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.dumps.errors import DumpFailed
from bot.dumps.programs import Programs, end
from bot.dumps.sealing import Passing, unseal
from bot.dumps.session import RESTORER, Session

_KEEPER = Path(__file__).with_name("keeper.py")
_START_WITHIN = 120.0  # seconds
_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of its own is made there
_ROOM = 512 * 1024**2  # bytes beside twice the database: an empty server takes 50 MB, indexes are built beside the data
_USER = "aikeys_check"
_NOT_HERE = ("--no-publications", "--no-subscriptions", "--no-security-labels")


class Scratch:
    """`await open`, then `restore` and `counts`; `close` removes it. Dies with the bot, its folder too."""

    def __init__(self, keeper: Process, host: str, port: int, *, in_memory: bool) -> None:
        self._keeper = keeper
        self._as_restorer = f"host={host} port={port} user={RESTORER} dbname=wallet"
        self._where = f"host={host} port={port} user={_USER} dbname=wallet"
        self._control = f"host={host} port={port} user={_USER} dbname=template1"
        self.in_memory = in_memory

    @classmethod
    async def open(cls, programs: Programs, size: int) -> "Scratch":
        """Start one with room for a database of *size* bytes: in memory where that fits, else in a private folder."""
        folder, in_memory = _room(2 * size + _ROOM)
        keeper = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(_KEEPER), stdin=PIPE, stdout=PIPE, start_new_session=True, cwd="/", env={}
        )
        try:
            assert keeper.stdin is not None  # noqa: S101  # pipes were asked for
            assert keeper.stdout is not None  # noqa: S101  # the same
            asked = {"programs": str(programs.folder.absolute()), "in": str(folder)}
            keeper.stdin.write(json.dumps(asked).encode() + b"\n")
            line = await asyncio.wait_for(keeper.stdout.readline(), _START_WITHIN)
            host, port = _listens(json.loads(line or b'{"error": "it said nothing"}'))
            return cls(keeper, host, port, in_memory=in_memory)
        except BaseException:
            await _let_go(keeper)
            raise

    async def restore(self, programs: Programs, file: Path, passing: Passing, roles: list[str]) -> tuple[str, int]:
        """Decrypt *file* into it; return the sha256 of the file as it was read, and how many objects did not fit here.

        What does not fit is counted, not fatal: of Supabase's extensions a plain PostgreSQL has few. Rows are judged
        by `counts`.
        """
        session = await Session.open(programs, self._control, "The throw-away database")
        try:
            await session.make_roles(roles)
            await session.make_database()
        finally:
            await session.close()
        out, into = os.pipe()
        try:
            # Not as a superuser: what is restored brings its own functions, and indexes and constraints call them.
            words = ("-d", self._as_restorer, "-w", "--no-owner", "--no-privileges", "--no-comments", *_NOT_HERE)
            process = await programs.start("pg_restore", *words, stdin=out, stderr=PIPE)
        except BaseException:
            os.close(into)
            raise
        finally:
            os.close(out)
        complaining = asyncio.create_task(_count(process))
        try:
            sha256 = await asyncio.to_thread(_unseal, file, into, passing)
            await process.wait()
            return sha256, await complaining
        finally:
            await end(process)
            complaining.cancel()

    async def counts(self, programs: Programs) -> dict[str, int]:
        """The rows of every table."""
        session = await Session.open(programs, self._where, "The restored dump")
        try:
            return await session.counts()
        finally:
            await session.close()

    async def close(self) -> None:
        """It is gone."""
        await _let_go(self._keeper)


def _listens(said: dict[str, Any]) -> tuple[str, int]:
    if "error" in said:
        raise DumpFailed(f"The throw-away database did not start: {said['error']}. Look at AIKEYS_PG_BIN.")
    return str(said["host"]), int(said["port"])


def drained(file: Path, passing: Passing) -> str:
    """Read *file* to its end, for nobody, and return its sha256. Blocks. Raises DumpFailed where it cannot be read."""
    return _unseal(file, os.open(os.devnull, os.O_WRONLY), passing)


def _unseal(file: Path, into: int, passing: Passing) -> str:
    try:
        return unseal(file, into, passing)
    except BrokenPipeError:
        raise DumpFailed("The dump could not be restored: pg_restore ended before it was read to its end.") from None
    except Exception as error:
        # age's own errors: what was read back is not what was written.
        raise DumpFailed(f"The file cannot be read back ({type(error).__name__}): it is no backup.") from error


async def _count(process: Process) -> int:
    """How many objects pg_restore could not make. Its words are dropped: they quote statements, and rows."""
    assert process.stderr is not None  # noqa: S101  # a pipe was asked for
    found, rest = 0, b""
    while chunk := await process.stderr.read(65536):
        found += (rest + chunk).count(b"pg_restore: error:") - rest.count(b"pg_restore: error:")
        rest = (rest + chunk)[-17:]
    return found


def _room(needed: int) -> tuple[Path, bool]:
    with suppress(OSError):
        if shutil.disk_usage(_MEMORY).free >= needed and os.access(_MEMORY, os.W_OK):
            return _MEMORY, True
    folder = Path(tempfile.gettempdir())
    if shutil.disk_usage(folder).free < needed:
        raise DumpFailed(
            f"There is no room to restore the dump and count it: {needed / 1e9:.1f} GB are needed in {folder}. "
            "Free some, or let TMPDIR name another folder."
        )
    return folder, False


async def _let_go(keeper: Process) -> None:
    if keeper.stdin is not None:
        keeper.stdin.close()
    with suppress(TimeoutError):
        await asyncio.wait_for(keeper.wait(), 30)
    await end(keeper)
