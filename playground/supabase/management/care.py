"""What the platform says of the database's care: backups, disk, read-only mode, banned addresses."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from playground.supabase.keys import ARCHIVE, SQL, STATE
from playground.supabase.management.operation import Operation, failed
from playground.supabase.sql import SqlFailed, Unavailable

_DISK = 8 * 1024**3  # bytes, the smallest that Supabase gives
_SYSTEM = 420 * 1024**2  # bytes in use before the first row
_FULL = int(_DISK * 0.96)  # from 95 % on the platform lets nothing be written (Supabase docs, "Database size")


async def list_backups(request: web.Request) -> web.Response:
    """One a night for a week; none of them where any second can be chosen (Supabase docs: either, not both)."""
    state, archive = request.app[STATE], request.app[ARCHIVE]
    last = state.clock.now().replace(hour=2, minute=11, second=40, microsecond=0)
    if last > state.clock.now():
        last -= timedelta(days=1)
    nights = [last - timedelta(days=n) for n in range(7)]
    backups = [
        {
            "id": int(at.timestamp()) // 86400,
            "is_physical_backup": False,
            "status": "COMPLETED",
            "inserted_at": at.isoformat(),
        }
        for at in nights
    ]
    answer: dict[str, Any] = {"region": state.region, "walg_enabled": True, "pitr_enabled": archive.pitr}
    if not archive.pitr:
        return web.json_response(answer | {"backups": backups, "physical_backup_data": {}})
    window = {}
    if archive.moments:
        window["earliest_physical_backup_date_unix"] = int(archive.moments[0].at.timestamp())
        window["latest_physical_backup_date_unix"] = int(archive.moments[-1].at.timestamp())
    return web.json_response(answer | {"backups": [], "physical_backup_data": window})


async def disk_utilization(request: web.Request) -> web.Response:
    """Bytes of the database's disk."""
    try:
        rows = await request.app[SQL].reader.run("select pg_database_size(current_database()) as size", [])
    except (SqlFailed, Unavailable) as error:
        return failed(500, f"Failed to read disk utilization: {error}")
    used = _FULL if request.app[STATE].disk_full else _SYSTEM + int(rows[0]["size"])
    metrics = {"fs_size_bytes": _DISK, "fs_avail_bytes": _DISK - used, "fs_used_bytes": used}
    return web.json_response({"timestamp": request.app[STATE].clock.now().isoformat(), "metrics": metrics})


async def readonly_mode(request: web.Request) -> web.Response:
    """Whether a full disk has made the database read-only."""
    enabled = request.app[STATE].disk_full
    return web.json_response({"enabled": enabled, "override_enabled": False, "override_active_until": ""})


async def network_bans(request: web.Request) -> web.Response:
    """Addresses that fail2ban keeps out."""
    return web.json_response({"banned_ipv4_addresses": list(request.app[STATE].banned)}, status=201)


_BASE = "/v1/projects/{ref}"
OPERATIONS = [
    Operation("GET", f"{_BASE}/database/backups", "v1-list-all-backups", list_backups, ("backups_read",)),
    Operation(
        "GET", f"{_BASE}/config/disk/util", "v1-get-disk-utilization", disk_utilization, ("infra_disk_config_read",)
    ),
    Operation(
        "GET", f"{_BASE}/readonly", "v1-get-readonly-mode-status", readonly_mode, ("database_readonly_config_read",)
    ),
    Operation(
        "POST",
        f"{_BASE}/network-bans/retrieve",
        "v1-list-all-network-bans",
        network_bans,
        ("database_network_bans_read",),
    ),
]
