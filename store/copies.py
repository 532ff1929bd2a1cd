"""Copies of the memory: made beside a running bot, whole or not at all, and put back where the memory is gone.

SQLite's own online backup reads one moment (sqlite.org/backup.html): writes go on meanwhile. A copy
lies under its last name only once its pages were read back and found whole.
"""

import os
import re
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store import audit
from store.connection import Connection
from store.database import BUSY_TIMEOUT_MS, look_into
from store.errors import OtherMemory, StoreDamaged, StoreError, StoreMissing, StoreNewer, from_os
from store.events import Head
from store.lock import claim
from store.schema import known, migrations
from store.sqlite import Database

_NAME = re.compile(r"aikeys-(\d{8}T\d{6}Z)\.sqlite")
_STAMP = "%Y%m%dT%H%M%SZ"
# What is kept: all of the last hours, then one an hour, then one a day. Damage is often noticed late.
ALL, HOURLY, DAILY = timedelta(hours=2), timedelta(days=2), timedelta(days=30)

_WAITING = (
    ("approval waits", "approvals wait", "SELECT count(*) FROM approvals WHERE state = 'pending'"),
    (
        "operation is not over",
        "operations are not over",
        "SELECT count(*) FROM operations WHERE state IN ('running', 'needs-human')",
    ),
    ("incident is open", "incidents are open", "SELECT count(*) FROM incidents WHERE state <> 'resolved'"),
    ("clock runs", "clocks run", "SELECT count(*) FROM timers WHERE ended IS NULL"),
)


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy, made *at*."""

    path: Path
    at: datetime


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. *rows* of the timeline, up to *head*; *aside*: where the file that was there lies now."""

    copy: Copy
    rows: int
    head: Head | None
    aside: Path | None


def copies(folder: Path) -> list[Copy]:
    """The whole ones in *folder*, newest first; none where there is no such folder."""
    names = sorted((path.name for path in folder.glob("aikeys-*.sqlite")), reverse=True)
    found = ((name, _NAME.fullmatch(name)) for name in names)
    return [Copy(folder / name, _moment(match[1])) for name, match in found if match]


def make(path: Path, folder: Path, at: datetime) -> Copy:
    """Copy the memory at *path* into *folder* (made where only it is missing). Blocks: run it in a thread.

    Raises OtherMemory, StoreMissing, StoreDamaged, StoreFull or StoreFailed; then nothing is left behind but what was
    there.
    """
    at = _after_the_newest(folder, at)
    final = folder / f"aikeys-{at:{_STAMP}}.sqlite"
    part = final.with_suffix(f".{os.getpid()}.part")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _same_memory(path, folder)
        for left in folder.glob("aikeys-*.part"):
            if not _writes(left):
                left.unlink(missing_ok=True)
        _duplicate(path, part)
        part.replace(final)
        _sync(folder)
    except OSError as error:
        raise from_os(error, final) from error
    finally:
        with suppress(OSError):  # where the folder cannot be used, nothing was left
            part.unlink()
    return Copy(final, at)


def _after_the_newest(folder: Path, at: datetime) -> datetime:
    """Where the clock was put back, the newest must still be the newest by its name: a restore goes by that."""
    newest = next(iter(copies(folder)), None)
    return at if newest is None or newest.at < at else newest.at + timedelta(seconds=1)


def _writes(part: Path) -> bool:
    """Whether the process that began *part* lives: by hand one may be made beside the bot's own."""
    pid = part.name.split(".")[-2]
    try:
        os.kill(int(pid), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _same_memory(path: Path, folder: Path) -> None:
    """A bot that was started with an empty memory must not cover what a lost one left: it would be the newest copy."""
    newest = next(iter(copies(folder)), None)
    theirs = _first(newest.path) if newest is not None else None
    if newest is not None and theirs is not None and theirs != _first(path):
        raise OtherMemory(
            f"{folder} holds copies of another memory, the newest of {newest.at:%d %B %H:%M} UTC. Is it the one that "
            "was lost? Stop the bot: aikeys restore --replace puts it back. Else name another folder in AIKEYS_COPIES."
        )


def _first(path: Path) -> str | None:
    """What tells one memory from another: the mac of its first event; None where there is none to be read."""
    try:
        db = look_into(path)
    except StoreError:
        return None
    try:
        row = db.conn.execute("SELECT mac FROM events WHERE id = 1").fetchone()
    finally:
        db.close()
    return str(row[0]) if row else None


def surplus(made: Iterable[Copy], now: datetime) -> list[Copy]:
    """Pure: those that need not be kept. The newest always is, whatever its age."""
    kept: set[str] = set()
    gone = []
    for number, one in enumerate(sorted(made, key=lambda one: one.at, reverse=True)):
        age = now - one.at
        slot = "" if age > DAILY else f"{one.at:%Y%m%d}" if age > HOURLY else f"{one.at:%Y%m%d%H}"
        if number and age > ALL and (not slot or slot in kept):
            gone.append(one)
        elif age > ALL:
            kept.add(slot)
    return gone


def restore(copy: Path, path: Path, key: bytes, *, at: datetime, replace: bool = False) -> Restored:
    """Put *copy* in the place of the memory at *path*, once it was checked page by page and row by row of the timeline.

    The lock is held meanwhile: a running bot is told from a stopped one (StoreBusy). What is there is refused, or with
    *replace* laid aside, never overwritten. Raises StoreError; then all is as it was.
    """
    path = path.absolute()
    if not copy.is_file():
        raise StoreMissing(f"There is no copy at {copy}. Correct the path.")
    lock = claim(path)
    part = path.with_name(f"{path.name}.part")
    try:
        there = [file for file in (path, *_beside(path)) if file.exists()]
        if there and not replace:
            raise StoreDamaged(
                f"There is a database at {path} already. Look whether it is still good (aikeys audit verify); "
                "to put the copy in its place say --replace: the old one is laid aside."
            )
        _duplicate(copy, part)
        verdict = _checked(part, key)
        aside = _lay_aside(path, there, at)
        part.replace(path)
        _sync(path.parent)
        return Restored(Copy(copy, _at(copy)), verdict.rows, verdict.head, aside)
    except OSError as error:
        raise from_os(error, path) from error
    finally:
        with suppress(OSError):
            part.unlink()
        lock.release()


def _checked(part: Path, key: bytes) -> audit.Verdict:
    db = look_into(part)
    try:
        newer = [done.name for done in migrations.applied(db) if done.name not in known()]
        if newer:
            raise StoreNewer(f"The copy was made by a newer version of the bot ({', '.join(newer)}). Use that version.")
        verdict = audit.verify(db, key, behind=True)
    finally:
        db.close()
    if not verdict.ok:
        raise StoreDamaged(
            f"The copy is not good at {verdict.where}: {verdict.why}. Nothing was changed. Take an older one."
        )
    return verdict


def _duplicate(source: Path, target: Path) -> None:
    """All pages of *source* as they are at one moment; read back whole before anybody sees them."""
    if not source.is_file():
        raise StoreMissing(f"There is no database at {source}. Correct the path.")
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    reading = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
    writing = sqlite3.connect(target, isolation_level=None)
    try:
        with Connection(Database(reading, execute_plugins=False), source).reading():  # for its words
            reading.backup(writing)  # every page in one step: a second step would begin anew after each write
            found = [row[0] for row in writing.execute("PRAGMA integrity_check(3)")]
        if found != ["ok"]:
            raise StoreDamaged(f"{source} is damaged ({'; '.join(found)}): what was copied is of no use.")
        writing.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    finally:
        reading.close()
        writing.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _lay_aside(path: Path, there: list[Path], at: datetime) -> Path | None:
    """Under one new name, as SQLite pairs them: the last writes lie in the -wal, and are found by opening the file."""
    name = f"{path.name}.before-{at:{_STAMP}}"
    moved = [file.replace(path.with_name(name + file.name.removeprefix(path.name))) for file in there]
    return moved[0] if moved else None


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("-wal", "-shm")]


def _at(copy: Path) -> datetime:
    match = _NAME.fullmatch(copy.name)
    return _moment(match[1]) if match else datetime.fromtimestamp(copy.stat().st_mtime, UTC)


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def waiting(db: Database) -> list[tuple[str, str, int]]:
    """What goes on once the bot starts on it: its name for one, for several, and how many; nothing that is none."""
    counted = [(one, many, db.conn.execute(sql).fetchone()[0]) for one, many, sql in _WAITING]
    return [(one, many, number) for one, many, number in counted if number]
