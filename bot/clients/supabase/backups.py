"""Backups: those that there are, and how far back a point in time can be chosen."""

from datetime import datetime

from bot.clients.supabase.door import Door, Read, moment


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


class BackupCalls(Door):
    """Permission: backups_read."""

    async def backups(self) -> Backups:
        """The backups, in no particular order."""
        return await self._get("/database/backups", Backups)
