"""The machine, looked at: the folder and its rights, the disk, who holds the database, the timeline, port and zone."""

import asyncio
import os
import socket
import stat
from pathlib import Path

from bot.clock import Clock
from bot.doctor.line import Line, note, unknown, well, wrong
from bot.errors import AikeysError
from bot.memory import not_good
from bot.memory.keys import audit_key, database
from bot.own.facts import room
from bot.own.judging import ENOUGH, LITTLE
from bot.settings import Settings
from store import audit, lock
from store.database import look_into
from store.errors import StoreError


def look(settings: Settings, clock: Clock) -> list[Line]:
    """All but the port."""
    path = database(settings)
    zone = well("AIKEYS_TIMEZONE", f"{settings.timezone}, where it is {clock.now().astimezone(settings.zone):%H:%M}")
    return [zone, _folder(path.parent), _disk(path.parent), held(path), _timeline(settings, path)]


def _folder(folder: Path) -> Line:
    what = "AIKEYS_DATA"
    try:
        if not folder.exists():
            parent = next(one for one in folder.absolute().parents if one.exists())
            if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
                return well(what, f"{folder} is made at the first start")
            return wrong(what, f"{folder} is not there, and {parent} is not mine to write", "Make it for its user.")
        mode = folder.stat().st_mode
    except OSError as error:
        return wrong(what, f"{folder} cannot be looked at ({error.strerror})", "Give it to the bot's user.")
    if not stat.S_ISDIR(mode):
        return wrong(what, f"{folder} is no folder", "Name a folder.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return wrong(what, f"{folder} is not mine to write", f"chown it to the bot's user: {folder}")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return wrong(what, f"others may look into {folder} ({stat.filemode(mode)})", f"chmod 700 {folder}")
    return well(what, f"{folder}, mine alone")


def _disk(folder: Path) -> Line:
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    found = room(there)
    if found is None or not found.total:
        return unknown("Disk", "it could not be asked")
    said = f"{found.free / 2**30:,.1f} GB free of {found.total / 2**30:,.0f}"
    if found.free < min(LITTLE * found.total, ENOUGH):
        return wrong("Disk", said, "Make room: when it is full nothing is acknowledged, taken or recorded.")
    return well("Disk", said)


def held(path: Path) -> Line:
    """Who has the database."""
    try:
        pid = lock.holder(path)
    except OSError as error:
        return wrong("Lock", f"it cannot be looked at ({error.strerror})", "Give the folder to the bot's user.")
    if pid is None:
        return well("Lock", "no bot runs on this database")
    return well("Lock", f"a bot runs on this database{f' (process {pid})' if pid else ''}")


def _timeline(settings: Settings, path: Path) -> Line:
    if not path.exists():
        return well("Timeline", "begun at the first start")
    try:
        key = audit_key(settings, make=False)
        db = look_into(path)
        try:
            verdict = audit.verify(db, key, behind=not _runs(settings))
        finally:
            db.close()
    except (AikeysError, StoreError) as error:
        return wrong("Timeline", str(error), "See aikeys audit --help.")
    if not verdict.ok:
        return wrong("Timeline", f"{verdict.why} ({verdict.good} good)", not_good.THEN)
    kept = "" if settings.audit_key is not None else "; its key lies beside it (AIKEYS_AUDIT_KEY keeps it elsewhere)"
    return well("Timeline", f"{verdict.rows} rows, none touched{kept}")


async def port(settings: Settings) -> Line:
    """The bot's own port: free, or answered by a bot, where one holds the database."""
    what = "AIKEYS_HTTP"
    if settings.http is None:
        if settings.alerts_token is not None:
            return wrong(what, "off, while AIKEYS_ALERTS_TOKEN is set: no alert comes in", "Set it to host:port.")
        return note(what, "off: no /readyz, no /metrics, no alerts from elsewhere")
    host, number = settings.http
    answer = await _alive(host, number) if number and _runs(settings) else ""
    if answer:
        return well(what, f"{host}:{number}, and a bot answers there") if answer == "alive" else _taken(host, number)
    try:
        family, kind, proto, _, place = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as trying:
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the bot does
            trying.bind(place)
    except OSError as error:
        if error.errno in (98, 48):  # EADDRINUSE, here and on macOS
            return _taken(host, number)
        return wrong(what, f"nothing can listen at {host}:{number} ({error.strerror or error})", "Set another address.")
    if host in ("127.0.0.1", "::1", "localhost"):
        return well(what, f"{host}:{number} is free")
    return note(what, f"{host}:{number} is free; it is not loopback, and speaks no TLS", "See docs/alerts.md.")


def _runs(settings: Settings) -> bool:
    try:
        return lock.holder(database(settings)) is not None
    except OSError:
        return False  # that it cannot be looked at is said of the lock


def _taken(host: str, number: int) -> Line:
    return wrong("AIKEYS_HTTP", f"something else listens at {host}:{number}", "Set AIKEYS_HTTP to another port.")


async def _alive(host: str, number: int) -> str:
    """alive, other, or empty where nobody listens."""
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(host, number)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            said = await reader.read(2_000)
            writer.close()
    except (OSError, TimeoutError):
        return ""
    return "alive" if b'"alive": true' in said else "other"
