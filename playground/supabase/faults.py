"""The switches of the control panel that break the project."""

from typing import TYPE_CHECKING

from playground.switches import Switch

if TYPE_CHECKING:
    from playground.supabase.project import Project


def make_switches(project: "Project") -> list[Switch]:
    """All switches of one project, off."""

    async def database_outage(on: bool) -> None:
        await project.postgres.accept(not on)

    return [
        Switch(
            "database_outage",
            "wallet",
            "Database outage",
            "PostgreSQL cuts every connection and refuses new ones",
            apply=database_outage,
        ),
    ]
