"""The project itself and its services (facts: a status is an open list of words)."""

from collections.abc import Sequence
from datetime import datetime

from bot.clients.http import PATIENCE
from bot.clients.supabase.door import Door, Read, moment

SERVICES = ("auth", "db", "pooler", "realtime", "rest", "storage")


class Database(Read):
    """The part of a project that says which PostgreSQL runs. *release_channel* is ga, beta or another."""

    version: str = ""
    release_channel: str = ""


class Project(Read):
    """A project. *status* is ACTIVE_HEALTHY, INACTIVE, COMING_UP, RESTORING, …: an open list."""

    name: str
    region: str
    status: str
    database: Database = Database()
    created_at: str | None = None
    organization_slug: str = ""

    @property
    def at(self) -> datetime | None:
        """When it was made, UTC; None where that is not known."""
        return moment(self.created_at)


class Service(Read):
    """One service of a project. *status* is ACTIVE_HEALTHY, COMING_UP or UNHEALTHY."""

    name: str
    status: str
    error: str | None = None


class ProjectCalls(Door):
    """Permission: project_admin_read."""

    async def project(self, *, patience: float = PATIENCE) -> Project:
        """The project itself."""
        return await self._get("", Project, patience=patience)

    async def health(self, services: Sequence[str] = SERVICES) -> list[Service]:
        """The state of each of *services*."""
        return await self._get("/health", list[Service], [("services", service) for service in services])
