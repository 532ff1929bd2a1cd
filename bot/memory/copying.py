"""The bot's own memory is copied every four minutes, so that a lost machine loses five minutes at most.

A copy is made in a thread beside the running bot; what it costs an acknowledgement is in docs/performance.md. Where
none was made for a quarter of an hour, that is a P1: nobody looks into a folder that nobody needs yet.
"""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.memory.keys import KEPT
from bot.settings import Settings
from store import copies
from store.errors import OtherMemory, StoreError

log = structlog.get_logger(__name__)

EVERY = 240.0  # seconds, from the end of one to the next: with its own length well below five minutes
STALE = 900.0  # seconds: three missed in a row: it will not mend itself
TITLE = "My own memory is not being copied"


class Copying:
    """Makes copies of the database at *path* in *folder*. *alarm* is told title and text, once until it works again."""

    def __init__(
        self, path: Path, folder: Path, clock: Clock, alarm: Callable[[str, str], None], *, key: Path | None = None
    ) -> None:
        self._path = path
        self._folder = folder
        self._clock = clock
        self._alarm = alarm
        self._key = key
        self._good, self._passed = clock.now(), clock.monotonic()
        self._told = False

    async def round(self) -> None:
        """One copy, then what is too many is removed."""
        now = self._clock.now()
        try:
            made = await asyncio.to_thread(once, self._path, self._folder, now, self._key)
        except StoreError as error:
            log.warning("copy.failed", error=str(error))
            self._late(str(error), at_once=isinstance(error, OtherMemory))
            return
        self._good, self._passed, self._told = now, self._clock.monotonic(), False
        log.info("copy.made", file=made.path.name)

    def _late(self, why: str, *, at_once: bool) -> None:
        """*at_once*: it will not pass, and what is done meanwhile is done on an empty memory."""
        if self._told or (self._clock.monotonic() - self._passed < STALE and not at_once):
            return
        self._told = True
        since = f"{self._good:%d %B %H:%M} UTC"
        self._alarm(TITLE, f"The last good copy is of {since}. {why} If this machine is lost, so is what came after.")


def once(path: Path, folder: Path, at: datetime, key: Path | None = None) -> copies.Copy:
    """Copy the memory, the audit key beside it, and remove what is too many. Blocks. Raises StoreError."""
    made = copies.make(path, folder, at)
    if key is not None:
        _keep(key, folder / KEPT)
    for one in copies.surplus(copies.copies(folder), at):
        one.path.unlink(missing_ok=True)
    return made


def own_key(settings: Settings) -> Path | None:
    """The file of the audit key, where it lies beside the database: without it a copy could not be opened."""
    return None if settings.audit_key is not None else settings.data.expanduser() / KEPT


def _keep(key: Path, target: Path) -> None:
    if not key.exists() or (target.exists() and target.read_bytes() == key.read_bytes()):
        return
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
