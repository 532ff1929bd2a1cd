"""What bounds the database: its disk, read-only mode, the pooler, settings of its own, addresses kept out."""

from typing import Annotated, Any

from pydantic import AliasChoices, ConfigDict, Field

from bot.clients.supabase.door import Door, Read

Bytes = Annotated[float, Field(ge=0)]


class Disk(Read):
    """The database's disk, in bytes."""

    model_config = ConfigDict(populate_by_name=True)

    size: Bytes = Field(validation_alias=AliasChoices("fs_size_bytes", "size"))
    used: Bytes = Field(validation_alias=AliasChoices("fs_used_bytes", "used"))

    @property
    def share(self) -> float:
        """How much of it is used, 0 to 1."""
        return self.used / self.size if self.size else 0.0


class _Util(Read):
    metrics: Disk


class ReadOnly(Read):
    """*enabled*: the disk was nearly full, and the platform lets nothing be written; *lifted* by hand for a while."""

    model_config = ConfigDict(populate_by_name=True)

    enabled: bool
    lifted: bool = Field(validation_alias=AliasChoices("override_enabled", "lifted"))

    @property
    def in_force(self) -> bool:
        """True if nothing can be written now."""
        return self.enabled and not self.lifted


class Pool(Read):
    """A pooler. Its connection strings are never read."""

    database_type: str
    pool_mode: str
    default_pool_size: int | None = None
    max_client_conn: int | None = None


class _Bans(Read):
    banned_ipv4_addresses: list[str]


class LimitCalls(Door):
    """Permissions: infra_disk_config_read, database_readonly_config_read, and so on, one for each call."""

    async def disk(self) -> Disk:
        """How full the disk is."""
        return (await self._get("/config/disk/util", _Util)).metrics

    async def read_only(self) -> ReadOnly:
        """Whether the database takes writes."""
        return await self._get("/readonly", ReadOnly)

    async def poolers(self) -> list[Pool]:
        """The poolers; database_pooling_config_read."""
        return await self._get("/config/database/pooler", list[Pool])

    async def overridden(self) -> dict[str, Any]:
        """PostgreSQL settings that differ from the platform's own, often none; database_config_read."""
        return await self._get("/config/database/postgres", dict[str, Any])

    async def banned(self) -> list[str]:
        """Addresses that are kept out after many wrong passwords; database_network_bans_read. A read, by POST."""
        return (await self._ask("POST", "/network-bans/retrieve")).read(_Bans).banned_ipv4_addresses
