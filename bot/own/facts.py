"""What the bot finds out about itself: its disk, other people's clocks, what it could not say."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import Clock
from store.errors import StoreError

if TYPE_CHECKING:
    from store.database import Store

FRESH = 150.0  # seconds: both are asked each minute, and an older Date header says nothing about now


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of a disk: *free* for us, *total*."""

    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Own:
    """*skews*: by whose clock, what it says minus what ours says. *silent*: seconds since Slack last answered well.

    *stuck*: letters that were tried in vain, and for how long the oldest waits. None: not known.
    """

    room: Room | None
    skews: Mapping[str, timedelta] = field(default_factory=dict, hash=False)
    silent: float | None = None
    stuck: tuple[int, timedelta] | None = None


def room(path: Path) -> Room | None:
    """What the disk under *path* has."""
    try:
        disk = os.statvfs(path)
    except OSError:
        return None
    return Room(disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize)


def skew(date: str, now: datetime) -> timedelta | None:
    """How far *date*, a Date header (RFC 9110 §6.6.1), is ahead of *now*; None where it cannot be read."""
    try:
        at = parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now


class Dates:
    """The newest Date header of each source, and when an answer came last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard: dict[str, tuple[float, timedelta | None]] = {}

    def note(self, source: str, date: str) -> None:
        """*source* has answered, with that header."""
        self._heard[source] = (self._clock.monotonic(), skew(date, self._clock.now()))

    def skews(self) -> dict[str, timedelta]:
        """By source, of the last minutes."""
        now = self._clock.monotonic()
        return {name: off for name, (at, off) in self._heard.items() if off is not None and now - at <= FRESH}

    def silent(self, source: str) -> float | None:
        """Seconds since *source* answered last; None where it never has."""
        return self._clock.monotonic() - self._heard[source][0] if source in self._heard else None


def open_incidents(store: "Store") -> dict[str, int]:
    """How many are open, by severity; empty where the database cannot be asked."""
    try:
        found = [one.severity for one in store.events.open_incidents()]
    except StoreError:
        return {}
    return {severity: found.count(severity) for severity in ("P0", "P1")}
