"""Edge functions and secrets as the platform lists them."""

from datetime import datetime

from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.management.operation import Operation, failed
from playground.supabase.state import digest


async def list_functions(request: web.Request) -> web.Response:
    """All functions. ACTIVE here is no proof that one can be called (supabase/supabase#47739)."""
    state = request.app[STATE]
    return web.json_response([function.as_json(state.ref) for function in state.functions.values()])


async def get_function(request: web.Request) -> web.Response:
    """One function by slug."""
    state = request.app[STATE]
    function = state.functions.get(request.match_info["slug"])
    return web.json_response(function.as_json(state.ref)) if function else failed(404, "Function not found")


async def list_secrets(request: web.Request) -> web.Response:
    """Names, digests (SHA-256 in hex) and dates; never a value."""
    state = request.app[STATE]
    return web.json_response(
        [
            {"name": name, "value": digest(value), "updated_at": _second(state.secret_dates[name])}
            for name, value in sorted(state.secrets.items())
        ]
    )


def _second(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


_BASE = "/v1/projects/{ref}"
OPERATIONS = [
    Operation("GET", f"{_BASE}/functions", "v1-list-all-functions", list_functions, ("edge_functions_read",)),
    Operation("GET", f"{_BASE}/functions/{{slug}}", "v1-get-a-function", get_function, ("edge_functions_read",)),
    Operation("GET", f"{_BASE}/secrets", "v1-list-all-secrets", list_secrets, ("edge_functions_secrets_read",)),
]
