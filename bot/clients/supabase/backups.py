"""Backups: those that there are, how far back a point in time can be chosen, and the ways back themselves."""

from datetime import datetime
from typing import NoReturn

from bot.clients.errors import Failure, Odd, Rejected
from bot.clients.supabase.door import Door, Duty, Read, moment

LONGEST_NAME = 20  # characters of a restore point's name (Supabase's OpenAPI document)
_PATIENCE = 60.0  # seconds


class Backup(Read):
    """One backup. *status* is COMPLETED, FAILED, PENDING, REMOVED, ARCHIVED or CANCELLED; *inserted_at* a text."""

    id: int
    is_physical_backup: bool
    status: str
    inserted_at: str

    @property
    def at(self) -> datetime | None:
        """When it was made, UTC; None where that cannot be read."""
        return moment(self.inserted_at)


class Physical(Read):
    """The window of point-in-time recovery, in seconds since 1970; absent where there is none."""

    earliest_physical_backup_date_unix: int | None = None
    latest_physical_backup_date_unix: int | None = None


class Backups(Read):
    """All that the project has. *pitr_enabled*: any moment of the window can be gone back to."""

    region: str = ""
    pitr_enabled: bool
    backups: list[Backup]
    physical_backup_data: Physical = Physical()


class RestorePoint(Read):
    """A restore point. *status* is AVAILABLE, PENDING, REMOVED or FAILED: an open list."""

    name: str
    status: str
    completed_on: str | None

    @property
    def at(self) -> datetime | None:
        """When it was done, UTC; None where it is not, or cannot be read."""
        return moment(self.completed_on)


class BackupCalls(Door):
    """Permissions: backups_read, and backups_write for what makes or restores. Those are never repeated here.

    `bodies.may_have_happened` tells which failures leave it open; a Rejected changed nothing.
    """

    async def backups(self) -> Backups:
        """The backups, in no particular order."""
        return await self._get("/database/backups", Backups)

    async def restore_point(self, name: str) -> RestorePoint:
        """One restore point. The API's document knows no 404: what is not there may come as a ServerFailed."""
        return await self._get("/database/backups/restore-point", RestorePoint, [("name", name)])

    async def make_restore_point(self, name: str) -> RestorePoint:
        """Ask for one of now; it may be PENDING at first."""
        try:
            answer = await self._change(
                Duty.RESTORE, "POST", "/database/backups/restore-point", json={"name": name}, patience=_PATIENCE
            )
        except Odd as odd:
            _no(odd, "Supabase made no restore point")
        return answer.read(RestorePoint)

    async def undo(self, name: str) -> None:
        """Begin to go back to the restore point *name*: the project goes offline."""
        await self._go_back("/database/backups/undo", {"name": name})

    async def restore_pitr(self, unix: int) -> None:
        """Begin to go back to the second *unix*: the project goes offline."""
        await self._go_back("/database/backups/restore-pitr", {"recovery_time_target_unix": unix})

    async def _go_back(self, path: str, body: dict[str, object]) -> None:
        try:
            await self._change(Duty.RESTORE, "POST", path, json=body, patience=_PATIENCE)
        except Odd as odd:
            _no(odd, "Supabase did not begin the restore")


def _no(odd: Odd, what: str) -> NoReturn:
    """A 400 and its kind: the platform's own reason, and that nothing was changed. Anything else as it was."""
    if not 400 <= odd.status < 500 or odd.status == 408:
        raise odd
    said = odd.said.rstrip(".") or "it gave no reason"
    sentence = f"{what} ({odd.status}): {said}. Nothing was changed."
    raise Rejected(odd.source, odd.status, sentence, "See what there is: /aikeys backups", said) from odd


def away(failure: Failure) -> bool:
    """Whether a restore point that was asked for may just not be there: the one failure that the API knows for it."""
    return getattr(failure, "status", 0) in (404, 500)
