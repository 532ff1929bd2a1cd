"""Deploying a function (Supabase docs and OpenAPI document; messages as observed in public issues).

A deploy replaces all of a function, `verify_jwt` too: true where the metadata do not say otherwise. With `bundleOnly`
the code is bundled under the next version and nothing else is kept, until a PUT of the list settles it; a deploy in
between gets 409.
"""

import json
from typing import Any

from aiohttp import web

from playground.supabase.bundling import Upload, problem
from playground.supabase.keys import STATE
from playground.supabase.management.operation import Operation, failed
from playground.supabase.state import SLUG, State

LARGEST = 20 * 1024 * 1024  # bytes (Supabase docs, "Edge Functions limits")
_TOO_LARGE = 413
_TYPES: dict[str, type] = {"import_map_path": str, "static_patterns": list, "verify_jwt": bool, "name": str}


async def deploy(request: web.Request) -> web.Response:
    """201 with the function, without its dates: the document does not promise them here."""
    state = request.app[STATE]
    slug, bundle_only = request.query.get("slug", ""), request.query.get("bundleOnly", "false")
    if not SLUG.fullmatch(slug):
        return failed(400, "slug must match ^[A-Za-z][A-Za-z0-9_-]*$")
    if bundle_only not in {"true", "false"}:
        return failed(400, "bundleOnly must be a boolean string")
    if state.status == "INACTIVE":
        return failed(400, "Project is paused")
    try:
        upload = await _upload(request)
    except web.HTTPRequestEntityTooLarge:
        return failed(_TOO_LARGE, "request entity too large")
    except ValueError as error:
        return failed(400, str(error))
    return await _take(slug, upload, state, bundle_only=bundle_only == "true")


async def _take(slug: str, upload: Upload, state: State, *, bundle_only: bool) -> web.Response:
    if slug in state.deploying or (slug in state.bundled and not bundle_only):
        return failed(409, "deployment already exists")
    if slug not in state.functions and len(state.functions) >= state.function_limit:
        return failed(402, "Maximum number of functions reached for Plan")
    state.deploying.add(slug)
    try:
        if state.bundling:
            await state.clock.sleep(state.bundling)
    finally:
        state.deploying.discard(slug)
    if wrong := problem(upload, state.folder(slug)):
        return failed(400, wrong)
    found = state.bundle(slug, upload) if bundle_only else state.deploy(slug, upload)
    answer = found.as_json(state.ref)
    return web.json_response({name: answer[name] for name in answer if not name.endswith("ed_at")}, status=201)


async def _upload(request: web.Request) -> Upload:
    """Raises ValueError with the platform's message."""
    if not request.content_type.startswith("multipart/form-data"):
        raise ValueError("Expected multipart/form-data")
    if (request.content_length or 0) > LARGEST:  # before reading: aiohttp would leave its half-read files open
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST, actual_size=request.content_length or 0)
    form = await request.post()
    metadata = _metadata(form.get("metadata"))
    files: dict[str, bytes] = {}
    for part in form.getall("file", []):
        if not isinstance(part, web.FileField):
            raise ValueError("file: Expected a file name")  # noqa: TRY004 — an answer, not a mistake of ours
        path = part.filename
        if path.startswith("/") or any(step in {"", ".", ".."} for step in path.split("/")):
            raise ValueError(f"Invalid file path: {path[:200]}")
        if path in files:
            raise ValueError(f"Duplicate file path: {path[:200]}")
        with part.file:
            files[path] = part.file.read()
    if not files:
        raise ValueError("file: Required")
    return Upload(
        files,
        metadata["entrypoint_path"],
        metadata.get("import_map_path", ""),
        metadata.get("verify_jwt", True),
        metadata.get("name", ""),
    )


def _metadata(part: Any) -> dict[str, Any]:
    """The CLI sends it as a field, others as a file of type application/json: both are taken."""
    text = part.file.read() if isinstance(part, web.FileField) else part
    try:
        metadata = json.loads(text or b"")
    except ValueError:
        raise ValueError("metadata: Invalid JSON") from None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("entrypoint_path"), str):
        raise ValueError("metadata.entrypoint_path: Required")  # noqa: TRY004 — an answer, not a mistake of ours
    for name, kind in _TYPES.items():
        if name in metadata and not isinstance(metadata[name], kind):
            raise ValueError(f"metadata.{name}: Expected {kind.__name__}")
    return metadata


OPERATIONS = [
    Operation(
        "POST",
        "/v1/projects/{ref}/functions/deploy",
        "v1-deploy-a-function",
        deploy,
        ("edge_functions_write",),
    ),
]
