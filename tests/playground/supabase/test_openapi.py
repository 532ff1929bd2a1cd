"""What is served exists in Supabase's OpenAPI document, and answers fit its schemas."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from playground.supabase.management import OPERATIONS

_FOLDER = os.environ.get("REFERENCE_DATA")
pytestmark = pytest.mark.skipif(
    _FOLDER is None, reason="REFERENCE_DATA names no folder: nothing to compare the Management API's answers with"
)
_FORM = {"metadata": json.dumps({"entrypoint_path": "index.ts", "verify_jwt": False})}
_BODIES: dict[str, Any] = {
    "v1-update-a-function": {"verify_jwt": False},
    "v1-bulk-update-functions": [],
    "v1-run-a-query": {"query": "select 1"},
    "v1-read-only-query": {"query": "select 1"},
    "v1-bulk-create-secrets": [{"name": "NEW", "value": "made up"}],
    "v1-bulk-delete-secrets": ["NEW"],
    "v1-create-restore-point": {"name": "one"},
    "v1-undo": {"name": "there"},
}
_QUERIES: dict[str, dict[str, Any]] = {
    "v1-get-services-health": {"services": ["auth", "db", "realtime", "rest"]},
    "v1-get-project-function-combined-stats": {"interval": "1hr", "function_id": "x"},
}


def _load(name: str) -> Any:
    return json.loads((Path(_FOLDER or "") / "supabase" / name).read_text())


@pytest.fixture(scope="module")
def document() -> Any:
    return _load("openapi.json")


@pytest.fixture(scope="module")
def permissions() -> Any:
    return _load("permissions.json")


async def _kept(project, switch) -> None:
    """There is something to go back to."""
    project.archive.takes = 0.0
    await project.archive.keep("there")
    await switch["pitr"].set(True)


def _declared(document, operation):
    path = operation.path.replace("{slug}", "{function_slug}")
    return document["paths"][path][operation.method.lower()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_it_exists_under_its_name_with_its_permission(document, permissions, operation):
    assert _declared(document, operation)["operationId"] == operation.id
    alternatives = {name for group in permissions[operation.id]["fga"] for name in group}
    assert set(operation.permissions) <= alternatives
    assert operation.permissions


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
@pytest.mark.parametrize("trouble", ["", "database_outage", "project_paused"])
async def test_its_answer_fits_the_schema(document, project, api, switch, operation, trouble):
    version = (await api.get("/database/migrations")).json()[-1]["version"] if "{version}" in operation.path else ""
    if "restore" in operation.id or "undo" in operation.id:
        await _kept(project, switch)
        _BODIES["v1-restore-pitr-backup"] = {"recovery_time_target_unix": int(project.clock.now().timestamp())}
    if trouble:
        await switch[trouble].set(True)
    path = operation.path.format(ref=project.ref, slug="health", version=version)
    query = _QUERIES.get(operation.id, {})
    body = _BODIES.get(operation.id)
    sent: dict[str, Any] = {"json": body}
    if path.endswith("/deploy"):
        query, sent = {"slug": "health"}, {"data": _FORM, "files": [("file", ("index.ts", "x", "text/plain"))]}
    answer = await api.request(operation.method, f"{project.api_url}{path}", params=query, **sent)
    if trouble and answer.status_code >= 400:
        assert isinstance(answer.json()["message"], str)
        return
    responses = _declared(document, operation)["responses"]
    declared = responses.get(str(answer.status_code)) or responses.get(f"{answer.status_code // 100}XX")
    assert declared is not None, f"{answer.status_code} is not among {sorted(responses)}"
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return  # a body's form depends on Accept, which the document does not tell
    schema = declared.get("content", {}).get("application/json", {}).get("schema")
    if schema is not None:
        jsonschema.validate(answer.json(), schema)
