"""What becomes of a function once it is there: its code handed back, renamed, settled in bulk, deleted."""

import json
from typing import Any

from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.management.operation import Operation, failed
from playground.supabase.state import SLUG, Function, State

_STATUSES = {"ACTIVE", "REMOVED", "THROTTLED"}
_REQUIRED: dict[str, type] = {"id": str, "slug": str, "name": str, "status": str, "version": int}


async def get_body(request: web.Request) -> web.Response:
    """Its metadata and files as multipart/form-data, where `Accept` asks for that; a binary otherwise."""
    state = request.app[STATE]
    function = state.functions.get(request.match_info["slug"])
    if function is None:
        return failed(404, "Function not found")
    if "multipart/form-data" not in request.headers.get("Accept", ""):
        return web.Response(body=b"EZBR" + bytes.fromhex(function.ezbr_sha256), content_type="application/octet-stream")
    boundary = f"----formdata-{state.random.getrandbits(64):016x}"
    return web.Response(
        body=_multipart(function, state, boundary),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )


def _multipart(function: Function, state: State, boundary: str) -> bytes:
    """Deno 2: paths as `source/…`. Deno 1: absolute ones, and one of them in the header that wins (CLI source)."""
    folder = f"/{state.folder(function.slug).strip('/')}/" if function.deno1 else "source/"
    metadata = {"entrypoint_path" if function.deno1 else "deno2_entrypoint_path": folder + function.entrypoint}
    pieces = [b'Content-Disposition: form-data; name="metadata"\r\n\r\n' + json.dumps(metadata).encode()]
    for n, (path, content) in enumerate(function.files.items()):
        named = "blob" if function.deno1 and n == 0 else (folder + path).replace('"', "%22")
        head = f'Content-Disposition: form-data; name="file"; filename="{named}"\r\nContent-Type: text/plain\r\n'
        if named == "blob":
            head += f"Supabase-Path: {folder}{path}\r\n"
        pieces.append(head.encode() + b"\r\n" + content)
    line = b"--" + boundary.encode()
    return b"".join(line + b"\r\n" + piece + b"\r\n" for piece in pieces) + line + b"--\r\n"


async def update(request: web.Request) -> web.Response:
    """PATCH of name and verify_jwt. The code and its version stay."""
    state = request.app[STATE]
    function = state.functions.get(request.match_info["slug"])
    if function is None:
        return failed(404, "Function not found")
    body = await _json(request)
    if not isinstance(body, dict):
        return failed(400, "Expected object")
    if not isinstance(body.get("verify_jwt", True), bool) or not isinstance(body.get("name", ""), str):
        return failed(400, "verify_jwt: Expected boolean; name: Expected string")
    if "body" in body:
        return failed(400, "body: not supported here, use the deploy endpoint")
    function.verify_jwt = body.get("verify_jwt", function.verify_jwt)
    function.name = body.get("name", function.name)
    function.updated_at = state.clock.now()
    return web.json_response(function.as_json(state.ref))


async def delete(request: web.Request) -> web.Response:
    """200, as recorded; all of it is gone."""
    state = request.app[STATE]
    if state.functions.pop(request.match_info["slug"], None) is None:
        return failed(404, "Function not found")
    return web.json_response({"message": "ok"})


async def update_all(request: web.Request) -> web.Response:
    """PUT of the objects that deploys with `bundleOnly` returned: now they count."""
    state = request.app[STATE]
    body = await _json(request)
    if not isinstance(body, list):
        return failed(400, "Expected array")
    for entry in body:
        if wrong := _objection(entry, state):
            return failed(400, wrong)
    for entry in body:
        state.settle(entry)
    return web.json_response({"functions": [function.as_json(state.ref) for function in state.functions.values()]})


def _objection(entry: Any, state: State) -> str:
    if not isinstance(entry, dict):
        return "Expected object"
    for name, kind in _REQUIRED.items():
        if not isinstance(entry.get(name), kind):
            return f"{name}: Expected {kind.__name__}"
    if not SLUG.fullmatch(entry["slug"]) or entry["status"] not in _STATUSES:
        return "slug or status: Invalid"
    known = entry["slug"] in state.functions or entry["slug"] in state.bundled
    return "" if known else f"Function not found: {entry['slug']}"


async def _json(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except ValueError:
        return None


_BASE = "/v1/projects/{ref}/functions"
_READ, _WRITE = ("edge_functions_read",), ("edge_functions_write",)
OPERATIONS = [
    Operation("GET", f"{_BASE}/{{slug}}/body", "v1-get-a-function-body", get_body, _READ),
    Operation("PATCH", f"{_BASE}/{{slug}}", "v1-update-a-function", update, _WRITE),
    Operation("DELETE", f"{_BASE}/{{slug}}", "v1-delete-a-function", delete, _WRITE),
    Operation("PUT", _BASE, "v1-bulk-update-functions", update_all, _WRITE),
]
