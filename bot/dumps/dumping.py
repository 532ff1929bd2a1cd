"""A dump from the first look to the folder that is kept. Plain it is only in the database that it is counted in.

FOLDER/wallet-20261125T194500Z/   only once it was restored and counted; until then its name ends in .part
    roles.sql.age                 pg_dumpall --roles-only, without passwords
    wallet.dump.age               pg_dump -Fc: schema and data
    manifest.json                 when, versions, sha256 of the two, the rows of each table
"""

import asyncio
import json
import os
import re
import shutil
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.dumps.errors import DumpFailed
from bot.dumps.programs import SERVICE, Programs, complaints, connected, end, first_line
from bot.dumps.scratch import Scratch, drained
from bot.dumps.sealing import Passing, seal
from bot.dumps.session import Session

STAMP = "%Y%m%dT%H%M%SZ"
DUMP, ROLES, MANIFEST = "wallet.dump.age", "roles.sql.age", "manifest.json"
NEWEST, MONTHLY = 7, 12  # how many are kept: the newest, and the newest of each month for a year
_NAME = re.compile(r"wallet-(\d{8}T\d{6}Z)")
_LOOKING = "The wallet's database cannot be read"


@dataclass(frozen=True, slots=True)
class Taken:
    """A dump that is encrypted on the disk and not checked yet."""

    folder: Path
    bytes: int
    rows: int
    tables: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What restoring it showed. *odd*: objects that the check's PostgreSQL could not make; rows are all there."""

    rows: int
    tables: int
    odd: int
    in_memory: bool


class Dumping:
    """Dumps of the database at *url* into *folder*, for the holders of the keys *team*."""

    def __init__(self, url: str, programs: Path, folder: Path, team: Sequence[str]) -> None:
        self._url = url
        self._programs = programs
        self.folder = folder
        self._team = team

    async def look(self) -> dict[str, Any]:
        """What can be known before: the programs, their version against the server's, the folder. Raises DumpFailed."""
        _writable(self.folder)
        with connected(self._programs, self._url) as programs:
            programs.look()
            ours = await programs.version()
            session = await Session.open(programs, SERVICE, _LOOKING)
            try:
                theirs, _ = await session.snapshot()
                size = await session.size()
            finally:
                await session.close()
        if ours < theirs:
            raise DumpFailed(
                f"pg_dump is version {ours}, the wallet's database {theirs}: an older one cannot dump a newer. "
                f"Install PostgreSQL {theirs} or newer, and name its folder in AIKEYS_PG_BIN."
            )
        return {"pg_dump": ours, "server": theirs, "bytes": size}

    async def take(self, at: datetime, passing: Passing) -> Taken:
        """Dump roles, schema and data as they are at one moment, and count it in the same; encrypt on the way."""
        _writable(self.folder)
        folder = self.folder / f"wallet-{at:{STAMP}}.part"
        for left in self.folder.glob("wallet-*.part"):  # of a dump that was never checked: it is none
            shutil.rmtree(left, ignore_errors=True)
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise DumpFailed(f"{self.folder} cannot be written ({error.strerror}). Look at AIKEYS_DUMPS.") from error
        with connected(self._programs, self._url) as programs:
            session = await Session.open(programs, SERVICE, _LOOKING)
            try:
                version, snapshot = await session.snapshot()
                roles, counts, size = await session.roles(), await session.counts(), await session.size()
                words = ["--roles-only", "--no-role-passwords"]
                first = await self._sealed(programs, "pg_dumpall", words, folder / ROLES, passing)
                words = ["-Fc", f"--snapshot={snapshot}", "--lock-wait-timeout=20000"]
                second = await self._sealed(programs, "pg_dump", words, folder / DUMP, passing)
            finally:
                await session.close()
        manifest = {
            "at": at.isoformat(),
            "server": version,
            "size": size,
            "sha256": {ROLES: first[0], DUMP: second[0]},
            "keys": list(self._team),
            "roles": roles,
            "rows": counts,
        }
        _write(folder / MANIFEST, manifest)
        return Taken(folder, first[1] + second[1], sum(counts.values()), len(counts))

    async def check(self, name: str, passing: Passing) -> Checked:
        """Read the very file back, restore it into a throw-away PostgreSQL, count every table. Raises DumpFailed."""
        folder = self.folder / f"{_named(name)}.part"
        manifest = json.loads((folder / MANIFEST).read_text())
        programs = Programs(self._programs)
        scratch = await Scratch.open(programs, int(manifest["size"]))
        try:
            sha256, odd = await scratch.restore(programs, folder / DUMP, passing, manifest["roles"])
            found = await scratch.counts(programs)
        finally:
            await scratch.close()
        read_back = {DUMP: sha256, ROLES: await asyncio.to_thread(drained, folder / ROLES, passing)}
        if read_back != manifest["sha256"]:
            raise DumpFailed("The file on the disk is not what was written: look at the disk. It is no backup.")
        wrong = differing(manifest["rows"], found)
        if wrong:
            more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
            hint = " Does this PostgreSQL lack an extension that the wallet's has? Install it." if odd else ""
            raise DumpFailed(
                f"Restored, it is not what was dumped: {'; '.join(wrong[:3])}{more}. It is no backup.{hint}"
            )
        return Checked(sum(found.values()), len(manifest["rows"]), odd, scratch.in_memory)

    def keep(self, name: str) -> list[str]:
        """It is a backup from now on; return the names of those that were removed as too many."""
        part = self.folder / f"{_named(name)}.part"
        if part.exists():  # not where this was done before a restart
            part.rename(self.folder / name)
        gone = surplus([path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name)])
        for one in gone:
            shutil.rmtree(self.folder / one)
        return gone

    async def _sealed(
        self, programs: Programs, program: str, words: Sequence[str], target: Path, passing: Passing
    ) -> tuple[str, int]:
        """What *program* writes, encrypted into *target*: its sha256 and size. Raises DumpFailed."""
        out, into = os.pipe()
        try:
            process = await programs.start(program, "-d", SERVICE, "-w", *words, stdout=into, stderr=PIPE)
        except BaseException:
            os.close(out)
            raise
        finally:
            os.close(into)
        complaining = asyncio.create_task(complaints(process))
        try:
            made = await asyncio.to_thread(seal, out, target, self._team, passing)
            code, complaint = await process.wait(), await complaining
        except OSError as error:
            raise DumpFailed(f"{target.parent} cannot be written ({error.strerror}).") from error
        finally:
            await end(process)
            complaining.cancel()
        if code:
            raise DumpFailed(f"{program} failed: {first_line(complaint)}")
        return made


def differing(dumped: dict[str, int], restored: dict[str, int]) -> list[str]:
    """Pure: the tables whose rows are not as many, in words."""
    return [
        f"{name} has {restored[name]} rows of {number}" if name in restored else f"{name} is missing ({number} rows)"
        for name, number in sorted(dumped.items())
        if restored.get(name) != number
    ]


def surplus(names: Sequence[str]) -> list[str]:
    """Pure: the dumps that need not be kept, of all *names*."""
    kept: set[str] = set()
    months: set[str] = set()
    for number, name in enumerate(sorted(names, reverse=True)):
        month = name[7:13]
        if number < NEWEST or (month not in months and len(months) < MONTHLY):
            kept.add(name)
        months.add(month)
    return sorted(set(names) - kept)


def named(at: datetime) -> str:
    """The name of the dump of that moment."""
    return f"wallet-{at.astimezone(UTC):{STAMP}}"


def _named(name: str) -> str:
    """*name*. Raises ValueError for what is none: it becomes a path."""
    if not _NAME.fullmatch(name):
        raise ValueError("no dump has that name")
    return name


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=False, exist_ok=True)
        mark = folder / ".aikeys"
        mark.touch()
        mark.unlink()
    except OSError as error:
        raise DumpFailed(f"{folder} cannot be written ({error.strerror}). Look at AIKEYS_DUMPS.") from error


def _write(path: Path, value: dict[str, Any]) -> None:
    with path.open("x") as file:
        json.dump(value, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
