"""What was made and restored, as the timeline has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Store
from store.events import Event
from store.operations import Operation

POINT, DUMPED, RESTORED = "backup.point", "backup.dumped", "backup.restored"
ROTATED = "rotation.finished"  # its subject is secret/NAME
APPLIED, TAKEN_BACK = "migration.applied", "migration.undone"  # their subject is migration/VERSION
SUBJECT = "project/database"
BACK = "To go back to it:"  # begins what is said of a restore point that was made
_NEWEST = 50


@dataclass(frozen=True, slots=True)
class Point:
    """A restore point that the bot asked for."""

    name: str
    at: datetime
    by: str


def points(store: Store, limit: int = 10) -> list[Point]:
    """The restore points that were made through the bot, newest first; Supabase may have removed older ones."""
    found = [Point(str(one.data["name"]), one.at, one.actor) for one in store.events.newest(POINT, _NEWEST)]
    newest: dict[str, Point] = {}
    for one in found:
        newest.setdefault(one.name, one)
    return list(newest.values())[:limit]


def point_made(store: Store, operation: Operation, name: str, at: datetime) -> None:
    """Note the restore point that *operation* has made, once: a step that is carried out again adds nothing."""
    noted = store.events.newest(POINT, _NEWEST)
    if all(one.data.get("operation") != operation.subject for one in noted):
        data = {"name": name, "operation": operation.subject}
        store.events.append(SUBJECT, POINT, operation.started_by, data, at)


def rotated(store: Store, since: datetime) -> Sequence[str]:
    """The names of the secrets that were rotated through the bot since then."""
    found = [one.subject.removeprefix("secret/") for one in store.events.newest(ROTATED, _NEWEST) if one.at > since]
    return sorted(set(found))


def applied(store: Store, since: datetime) -> frozenset[str]:
    """The versions of the migrations that were applied through the bot since then: also those written long before."""
    return frozenset(_version(one) for one in store.events.newest(APPLIED, _NEWEST) if one.at > since)


def stood(store: Store, since: datetime) -> frozenset[str]:
    """The versions of the migrations that the bot had applied by then, and of which nothing is known to have gone back.

    One that was taken back, or followed by a restore, may have come again in a way that the timeline does not know.
    """
    restored = max((one.id for one in store.events.newest(RESTORED, 1)), default=0)
    gone: dict[str, int] = {}
    for one in store.events.newest(TAKEN_BACK, _NEWEST):
        gone.setdefault(_version(one), one.id)
    return frozenset(
        _version(one)
        for one in store.events.newest(APPLIED, _NEWEST)
        if one.at <= since and one.id > max(restored, gone.get(_version(one), 0))
    )


def _version(event: Event) -> str:
    return event.subject.removeprefix("migration/")


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump that was restored, counted and kept: its folder's *name*, *bytes* encrypted, *rows* in *tables*."""

    name: str
    at: datetime
    by: str
    bytes: int
    rows: int
    tables: int


def dumps(store: Store, limit: int = 10) -> list[Dump]:
    """The dumps that were made through the bot, newest first; older ones may be gone by retention."""
    return [
        Dump(str(data["name"]), one.at, one.actor, int(data["bytes"]), int(data["rows"]), int(data["tables"]))
        for one in store.events.newest(DUMPED, limit)
        for data in [one.data]
    ]
