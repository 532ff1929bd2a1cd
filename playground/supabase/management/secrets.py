"""Secrets as the platform takes and lists them: never a value is given back.

The OpenAPI document: POST takes `[{"name", "value"}]`, at most 100, a name of 256 characters that does not begin with
SUPABASE_, a value of 24,576; 201 with an empty body (recorded). It is an upsert. DELETE takes a list of names; 200,
empty.
"""

from datetime import datetime
from typing import Any

from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.management.operation import Operation, failed
from playground.supabase.state import State, digest

_MOST, _MOST_NAME, _MOST_VALUE = 100, 256, 24_576


async def list_secrets(request: web.Request) -> web.Response:
    """Names, digests (SHA-256 in hex) and dates; never a value."""
    state = request.app[STATE]
    return web.json_response(
        [
            {"name": name, "value": digest(value), "updated_at": _second(state.secret_dates[name])}
            for name, value in sorted(state.secrets.items())
        ]
    )


async def set_secrets(request: web.Request) -> web.Response:
    """All of them, or none."""
    state = request.app[STATE]
    try:
        body = await request.json()
    except ValueError:
        return failed(400, "Bad Request")
    if problem := _problem(body, state):
        return failed(400, problem)
    state.set_secrets({one["name"]: one["value"] for one in body})
    return web.Response(status=201)


async def delete_secrets(request: web.Request) -> web.Response:
    """By name; what is not there is no error."""
    state = request.app[STATE]
    try:
        names = await request.json()
    except ValueError:
        return failed(400, "Bad Request")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return failed(400, "Expected array of strings")
    for name in names:
        state.secrets.pop(name, None)
        state.secret_dates.pop(name, None)
    return web.Response(status=200)


def _problem(body: Any, state: State) -> str:
    if not isinstance(body, list):
        return "Expected array"
    for one in body:
        if not isinstance(one, dict) or not all(isinstance(one.get(key), str) for key in ("name", "value")):
            return "name: Required, value: Required"
        if one["name"].startswith("SUPABASE_"):
            return "Secret name must not start with the SUPABASE_ prefix."
        if not one["name"] or len(one["name"]) > _MOST_NAME:
            return f"name: String must contain at most {_MOST_NAME} character(s)"
        if len(one["value"]) > _MOST_VALUE:
            return f"value: String must contain at most {_MOST_VALUE} character(s)"
    if len(body) > _MOST or len(state.secrets.keys() | {one["name"] for one in body}) > _MOST:
        return f"Array must contain at most {_MOST} element(s)"
    return ""


def _second(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


_PATH = "/v1/projects/{ref}/secrets"
OPERATIONS = [
    Operation("GET", _PATH, "v1-list-all-secrets", list_secrets, ("edge_functions_secrets_read",)),
    Operation("POST", _PATH, "v1-bulk-create-secrets", set_secrets, ("edge_functions_secrets_write",)),
    Operation("DELETE", _PATH, "v1-bulk-delete-secrets", delete_secrets, ("edge_functions_secrets_write",)),
]
