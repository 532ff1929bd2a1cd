"""Supabase's advisors: what it finds fault with in the database, by itself."""

from typing import Any, Literal

from pydantic import Field

from bot.clients.supabase.door import Door, Read

Kind = Literal["security", "performance"]


class Lint(Read):
    """One finding. *level* is ERROR, WARN or INFO: an open list. *detail* names the thing it is about."""

    name: str
    title: str
    level: str
    detail: str
    remediation: str = ""
    metadata: dict[str, Any] = Field(default={})


class _Lints(Read):
    lints: list[Lint]


class AdvisorCalls(Door):
    """Permission: advisors_read."""

    async def lints(self, kind: Kind) -> list[Lint]:
        """All findings of one kind."""
        return (await self._get(f"/advisors/{kind}", _Lints)).lints
