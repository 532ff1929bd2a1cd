"""What the token may read: found by asking for it and looking at nothing but the status."""

from collections.abc import Mapping

from bot.clients.supabase.door import Door

_CAP = 20_000_000  # bytes: the answer is not read, but its size is no reason to doubt the permission

# The cheapest read that asks for the permission (fga in Supabase's own list of scoped-token permissions). That
# of the logs is not here: LogCalls keeps their quota. The permissions to write have none: only a change would tell.
READS: Mapping[str, tuple[str, str]] = {
    "edge_functions_read": ("GET", "/functions"),
    "edge_functions_secrets_read": ("GET", "/secrets"),
    "database_read": ("POST", "/database/query/read-only"),
    "analytics_usage_read": ("GET", "/analytics/endpoints/usage.api-counts"),
    "database_migrations_read": ("GET", "/database/migrations"),
    "backups_read": ("GET", "/database/backups"),
    "infra_disk_config_read": ("GET", "/config/disk/util"),
    "database_config_read": ("GET", "/config/database/postgres"),
    "database_pooling_config_read": ("GET", "/config/database/pooler"),
    "database_readonly_config_read": ("GET", "/readonly"),
    "database_network_bans_read": ("POST", "/network-bans/retrieve"),  # a read, by POST
    "advisors_read": ("GET", "/advisors/security"),
}


class PermissionCalls(Door):
    """Each with the permission that its name says."""

    async def try_to_read(self, permission: str) -> bool:
        """Return true when the token has *permission*, one of READS. Raises NotAllowed where it lacks it."""
        method, path = READS[permission]
        json = {"query": "select 1"} if permission == "database_read" else None
        await self._ask(method, path, json=json, cap=_CAP)
        return True
