"""SQL over the Management API, and the migration history."""

import json
from typing import Any

from aiohttp import web

from playground.supabase.keys import SQL, STATE
from playground.supabase.management.gate import bearer, forbidden
from playground.supabase.management.operation import Operation, failed
from playground.supabase.sql import SqlFailed, Unavailable


async def query(request: web.Request) -> web.Response:
    """Any SQL as `postgres`, or read-only where the body says so. 201 with the rows."""
    return await _run(request, reads_only=False)


async def read_only_query(request: web.Request) -> web.Response:
    """SQL as `supabase_read_only_user`: names must be schema-qualified, nothing can be written. 201 with the rows."""
    return await _run(request, reads_only=True)


async def list_migrations(request: web.Request) -> web.Response:
    """The history, oldest first."""
    try:
        rows = await request.app[SQL].admin.run(
            "select version, name from supabase_migrations.schema_migrations order by version", []
        )
    except SqlFailed as error:
        # Before the first push there is no such table. How Supabase says so is nowhere written; the CLI, which asks
        # the database itself, is told 42P01 (its pkg/migration/list.go). The harder answer of the two is given here.
        return failed(400, f"Failed to run sql query: {error}")
    except Unavailable as error:
        return _no_database(error)
    return web.json_response([{key: value for key, value in row.items() if value is not None} for row in rows])


async def get_migration(request: web.Request) -> web.Response:
    """One of the history with its statements. `created_by` is optional in Supabase's document: the CLI writes none."""
    try:
        rows = await request.app[SQL].admin.run(
            "select version, name, statements from supabase_migrations.schema_migrations where version = $1",
            [request.match_info["version"]],
        )
    except (SqlFailed, Unavailable) as error:
        return _no_database(error)
    if not rows:
        return failed(404, "Migration not found")
    return web.json_response({key: value for key, value in rows[0].items() if value is not None})


async def _run(request: web.Request, *, reads_only: bool) -> web.Response:
    if request.app[STATE].status == "INACTIVE":
        return failed(400, "Project is paused")
    try:
        body = json.loads(await request.read())
    except ValueError:
        return failed(400, "Unexpected token in JSON")
    if problem := _problem(body):
        return failed(400, problem)
    runners = request.app[SQL]
    reads_only = reads_only or bool(body.get("read_only"))
    token = bearer(request)
    if not reads_only and token and token.permissions is not None and "database_write" not in token.permissions:
        return forbidden("database_write")
    runner = runners.reader if reads_only else runners.admin
    try:
        rows = await runner.run(body["query"], body.get("parameters") or [])
    except SqlFailed as error:
        return failed(400, f"Failed to run sql query: {error}")
    except Unavailable as error:
        return _no_database(error)
    return web.json_response(rows, status=201, dumps=_dumps)


def _problem(body: Any) -> str:
    if not isinstance(body, dict):
        return "Expected object"
    if not isinstance(body.get("query"), str) or not body["query"]:
        return "query: Required"
    return "" if isinstance(body.get("parameters", []), list) else "parameters: Expected array"


def _no_database(error: Exception) -> web.Response:
    """544, the gateway's code for a database that does not answer (Supabase docs, "HTTP status codes")."""
    return failed(544, f"Failed to run sql query: Connection terminated due to connection timeout ({error})")


def _dumps(rows: Any) -> str:
    return json.dumps(rows, default=str)


_BASE = "/v1/projects/{ref}/database"
OPERATIONS = [
    Operation("POST", f"{_BASE}/query", "v1-run-a-query", query, ("database_read", "database_write")),
    Operation("POST", f"{_BASE}/query/read-only", "v1-read-only-query", read_only_query, ("database_read",)),
    Operation(
        "GET", f"{_BASE}/migrations", "v1-list-migration-history", list_migrations, ("database_migrations_read",)
    ),
    Operation(
        "GET", f"{_BASE}/migrations/{{version}}", "v1-get-a-migration", get_migration, ("database_migrations_read",)
    ),
]
