"""PostgreSQL's own programs, run by argument list; the connection's password is in no argument, variable or file.

libpq reads it from a service file, which here is memory with a number (memfd, Linux); elsewhere a file that only the
bot's user may read, for as long as the dump runs.
"""

import asyncio
import os
import re
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.dumps.errors import DumpFailed

SERVICE = "service=wallet"
_NEEDED = ("pg_dump", "pg_dumpall", "pg_restore", "psql", "initdb", "postgres")
_COMPLAINT = 16384  # bytes of what a program says when it fails
_ENDS_WITHIN = 5.0  # seconds that a killed program may take to be gone
_VERSION = re.compile(rb"\(PostgreSQL\) (\d+)")


class Programs:
    """Those in *folder*. *service*: the service file's path as they see it, *fd* what it needs passed on."""

    def __init__(self, folder: Path, service: str = "", fd: int | None = None) -> None:
        self.folder = folder
        self._service = service
        self._fd = fd

    def look(self) -> None:
        """Raises DumpFailed where one is missing."""
        missing = [name for name in _NEEDED if not os.access(self.folder / name, os.X_OK)]
        if missing:
            raise DumpFailed(
                f"{self.folder} has no {', '.join(missing)}. Install PostgreSQL's server and client programs, at least "
                "as new as the wallet's database, and name their folder in AIKEYS_PG_BIN."
            )

    async def version(self) -> int:
        """The major version of pg_dump."""
        process = await self.start("pg_dump", "--version", stdout=PIPE)
        out, _ = await process.communicate()
        found = _VERSION.search(out)
        if found is None:
            raise DumpFailed(f"{self.folder / 'pg_dump'} does not say which version it is. Look at AIKEYS_PG_BIN.")
        return int(found[1])

    async def start(self, name: str, *arguments: str, **pipes: Any) -> Process:
        """Start one. What is not given goes nowhere."""
        environ = {
            "PATH": str(self.folder),
            "LC_ALL": "C",
            "TZ": "UTC",
            "HOME": "/nonexistent",
            "PGCONNECT_TIMEOUT": "15",
        }
        if self._service:
            environ["PGSERVICEFILE"] = self._service
        quiet: dict[str, Any] = {"stdin": DEVNULL, "stdout": DEVNULL, "stderr": DEVNULL}
        passed = (self._fd,) if self._fd is not None else ()
        try:
            return await asyncio.create_subprocess_exec(
                str(self.folder / name), *arguments, env=environ, cwd="/", pass_fds=passed, **(quiet | pipes)
            )
        except OSError as error:
            raise DumpFailed(f"{name} cannot be started ({error.strerror}). Look at AIKEYS_PG_BIN.") from error


async def end(process: Process) -> None:
    """It is gone, whatever it was at."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _ENDS_WITHIN)


async def complaints(process: Process) -> bytes:
    """What it says on stderr, the beginning; the rest is read and dropped, so that it never waits for a reader."""
    assert process.stderr is not None  # noqa: S101  # a pipe was asked for
    kept = b""
    while chunk := await process.stderr.read(_COMPLAINT):
        kept = (kept + chunk)[:_COMPLAINT]
    return kept


def first_line(complaint: bytes) -> str:
    """The first line of what a program said, without its name; what it was doing (which may hold rows) is left out."""
    line = next((one for one in complaint.decode(errors="replace").splitlines() if one.strip()), "it said nothing")
    return re.sub(r"^(\w+: )?(error: |fatal: )?", "", line.strip())[:240]


@contextmanager
def connected(folder: Path, url: str) -> Iterator[Programs]:
    """Programs that find the database of *url* under SERVICE, while this lasts."""
    content = service_file(url).encode()
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create("service")
        try:
            os.write(fd, content)
            yield Programs(folder, f"/proc/self/fd/{fd}", fd)
        finally:
            os.close(fd)
        return
    made, path = tempfile.mkstemp(prefix="aikeys-service-")  # mode 0600
    try:
        os.write(made, content)
        os.close(made)
        yield Programs(folder, path)
    finally:
        Path(path).unlink(missing_ok=True)


def service_file(url: str) -> str:
    """Pure: the connection string as libpq's service file has it. The setting's shape was checked before."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    values = {
        "host": query.get("host") or parts.hostname or "",
        "port": query.get("port") or str(parts.port or 5432),
        "dbname": unquote(parts.path.lstrip("/")),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "sslrootcert": query.get("sslrootcert", ""),
        "application_name": "aikeys backup",
    }
    local = values["host"].startswith("/") or values["host"] in ("localhost", "127.0.0.1", "::1")
    values["sslmode"] = query.get("sslmode") or ("prefer" if local else "require")
    lines = [f"{name}={value}" for name, value in values.items() if value]
    return "[wallet]\n" + "\n".join(lines) + "\n"
