"""Restore points, undo, and going back to a point in time (paths, bodies, statuses: Supabase's OpenAPI document)."""

import json
from typing import Any

from aiohttp import web

from playground.supabase.archive import point_as_json
from playground.supabase.keys import ARCHIVE, STATE
from playground.supabase.management.operation import Operation, failed
from playground.supabase.postgres import DatabaseFailed

_LONGEST = 20  # characters of a name: maxLength of the document


async def create_restore_point(request: web.Request) -> web.Response:
    """A copy of now, under a name. The document declares no 409: what it says of a name that is taken is not known."""
    name = await _name(request)
    if isinstance(name, web.Response):
        return name
    if request.app[STATE].status != "ACTIVE_HEALTHY":
        return _busy(request)
    try:
        point = await request.app[ARCHIVE].keep(name)
    except (DatabaseFailed, OSError) as error:
        return failed(500, f"Failed to create restore point: {error}")
    return web.json_response(point_as_json(name, point), status=201)


async def get_restore_point(request: web.Request) -> web.Response:
    """One, by name; without it the newest. What is not there is a 500, the only failure that the document knows."""
    points, name = request.app[ARCHIVE].points, request.query.get("name", "")
    found = name or next(reversed(points), "")
    if found not in points:
        return failed(500, "Failed to get requested restore points")
    return web.json_response(point_as_json(found, points[found]))


async def undo(request: web.Request) -> web.Response:
    """Back to a restore point: 201, and the project is RESTORING."""
    name = await _name(request)
    if isinstance(name, web.Response):
        return name
    archive = request.app[ARCHIVE]
    if name not in archive.points:
        return failed(400, "Restore point not found")
    if archive.restoring:
        return _busy(request)
    await archive.go_back(archive.points[name])
    return web.Response(status=201)


async def restore_pitr(request: web.Request) -> web.Response:
    """Back to a second. 400 `PITR is not enabled for this project.` is recorded; the other texts are not."""
    archive = request.app[ARCHIVE]
    body = await _body(request)
    target = body.get("recovery_time_target_unix")
    if not isinstance(target, int) or isinstance(target, bool) or target < 0:
        return failed(400, "recovery_time_target_unix: Expected integer")
    if not archive.pitr:
        return failed(400, "PITR is not enabled for this project.")
    if archive.restoring:
        return _busy(request)
    moment = archive.at(target)
    if moment is None:
        return failed(400, "Recovery time target is out of the recovery window.")
    await archive.go_back(moment)
    return web.Response(status=201)


async def _name(request: web.Request) -> str | web.Response:
    name = (await _body(request)).get("name")
    if not isinstance(name, str) or not name:
        return failed(400, "name: Required")
    if len(name) > _LONGEST:
        return failed(400, f"name: String must contain at most {_LONGEST} character(s)")
    return name


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _busy(request: web.Request) -> web.Response:
    return failed(400, f"Project is not in a state for this: {request.app[STATE].status}")


_BASE = "/v1/projects/{ref}/database/backups"
OPERATIONS = [
    Operation("POST", f"{_BASE}/restore-point", "v1-create-restore-point", create_restore_point, ("backups_write",)),
    Operation("GET", f"{_BASE}/restore-point", "v1-get-restore-point", get_restore_point, ("backups_read",)),
    Operation("POST", f"{_BASE}/undo", "v1-undo", undo, ("backups_write",)),
    Operation("POST", f"{_BASE}/restore-pitr", "v1-restore-pitr-backup", restore_pitr, ("backups_write",)),
]
