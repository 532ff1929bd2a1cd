"""The history of migrations, as Supabase keeps it."""

import re

from bot.clients.errors import SqlFailed
from bot.clients.supabase.door import Door, Read

NO_HISTORY = frozenset({"42P01", "3F000"})  # SQLSTATE: no such table, no such schema
_VERSION = re.compile(r"\d{1,20}")


class Applied(Read):
    """A migration in the history. *version* is 14 digits where the CLI made it; the server's own are UTC too."""

    version: str
    name: str = ""


class AppliedInFull(Applied):
    """The same with what was run; *created_by* is not always known, nor is the *rollback* that was stored with it."""

    model_config = Read.model_config | {"strict": False}  # JSON has no tuples

    statements: tuple[str, ...] = ()
    created_by: str | None = None
    rollback: tuple[str, ...] = ()


class MigrationCalls(Door):
    """Permission: database_migrations_read."""

    async def migrations(self) -> list[Applied]:
        """The history, in the order that Supabase gives it; empty where none was ever made, as for the CLI."""
        try:
            return await self._get("/database/migrations", list[Applied])
        except SqlFailed as failed:
            if failed.state in NO_HISTORY:
                return []
            raise

    async def migration(self, version: str) -> AppliedInFull:
        """One of the history. Raises NotThere too, and ValueError for what is no version."""
        if not _VERSION.fullmatch(version):
            raise ValueError("a version is digits")  # it is put into a path
        return await self._get(f"/database/migrations/{version}", AppliedInFull)
