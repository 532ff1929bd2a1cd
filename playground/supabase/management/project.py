"""The project itself: what it is, and how its services are."""

from typing import Any

import asyncpg
from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.management.operation import Operation, failed
from playground.supabase.state import State

SERVICES = ("auth", "db", "db_postgres_user", "pooler", "realtime", "rest", "storage", "pg_bouncer")
_ON_THE_DATABASE = {"auth", "db", "db_postgres_user", "pooler", "rest", "storage", "pg_bouncer"}
_PATIENCE = 2.0  # seconds that the database may take to answer before it counts as unwell


async def list_projects(request: web.Request) -> web.Response:
    """All projects of the account: here one."""
    return web.json_response([_as_json(request.app[STATE])])


async def get_project(request: web.Request) -> web.Response:
    """One project."""
    return web.json_response(_as_json(request.app[STATE]))


async def get_health(request: web.Request) -> web.Response:
    """Per service asked for, by really asking the database. `services` is required and repeated."""
    state = request.app[STATE]
    services = request.query.getall("services", [])
    if not services:
        return failed(400, "services: Required")
    if unknown := [name for name in services if name not in SERVICES]:
        return failed(
            400, f"services: Invalid enum value. Expected {' | '.join(SERVICES)}, received '{unknown[0][:100]}'"
        )
    problem = "Project is paused" if state.status == "INACTIVE" else await _database_problem(state)
    return web.json_response([_service(name, problem, state) for name in services])


async def _database_problem(state: State) -> str:
    """Why the database does not answer, or nothing."""
    try:
        async with state.postgres.superuser(timeout=_PATIENCE) as connection:
            await connection.fetchval("select 1", timeout=_PATIENCE)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        return str(error) or type(error).__name__
    return ""


def _service(name: str, problem: str, state: State) -> dict[str, Any]:
    bad = bool(problem) and (name in _ON_THE_DATABASE or state.status == "INACTIVE")
    if bad and state.status == "RESTORING":
        return {"name": name, "healthy": False, "status": "COMING_UP"}
    found: dict[str, Any] = {"name": name, "healthy": not bad, "status": "UNHEALTHY" if bad else "ACTIVE_HEALTHY"}
    if bad:
        return found | {"error": problem}
    info: dict[str, dict[str, Any]] = {
        "auth": {
            "name": "GoTrue",
            "version": "v2.184.0",
            "description": "GoTrue is a user registration and authentication API",
        },
        "rest": {"db_schema": "public"},
        "realtime": {
            "healthy": True,
            "db_connected": not problem,
            "replication_connected": not problem,
            "connected_cluster": 1,
        },
    }
    return found | ({"info": info[name]} if name in info else {})


def _as_json(state: State) -> dict[str, Any]:
    return {
        "id": state.ref,
        "ref": state.ref,
        "organization_id": "aikeys",
        "organization_slug": "aikeys",
        "name": state.name,
        "region": state.region,
        "created_at": state.created_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "status": state.status,
        "database": {
            "host": f"db.{state.ref}.supabase.co",
            "version": "17.6.1.054",
            "postgres_engine": "17",
            "release_channel": "ga",
        },
    }


_BASE = "/v1/projects/{ref}"
OPERATIONS = [
    Operation("GET", "/v1/projects", "v1-list-all-projects", list_projects, ("projects_read",)),
    Operation("GET", _BASE, "v1-get-project", get_project, ("project_admin_read",)),
    Operation("GET", f"{_BASE}/health", "v1-get-services-health", get_health, ("project_admin_read",)),
]
