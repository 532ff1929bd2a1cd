"""Edge functions as the platform lists them."""

from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.management.operation import Operation, failed


async def list_functions(request: web.Request) -> web.Response:
    """All functions. ACTIVE here is no proof that one can be called (supabase/supabase#47739)."""
    state = request.app[STATE]
    return web.json_response([function.as_json(state.ref) for function in state.functions.values()])


async def get_function(request: web.Request) -> web.Response:
    """One function by slug."""
    state = request.app[STATE]
    function = state.functions.get(request.match_info["slug"])
    return web.json_response(function.as_json(state.ref)) if function else failed(404, "Function not found")


_BASE = "/v1/projects/{ref}"
OPERATIONS = [
    Operation("GET", f"{_BASE}/functions", "v1-list-all-functions", list_functions, ("edge_functions_read",)),
    Operation("GET", f"{_BASE}/functions/{{slug}}", "v1-get-a-function", get_function, ("edge_functions_read",)),
]
