"""Deploying as Supabase does it, judged from the outside: another client, the documents' rules."""

import asyncio
import hashlib
import json
from email import message_from_bytes
from typing import Any

import pytest

INDEX = "supabase/functions/health/index.ts"
CODE = 'const VERSION = "2.0.0";\nDeno.serve(() => new Response("hello"));\n'


@pytest.fixture
def deploy(api):
    """Sends a deploy as the CLI does; `metadata` and `files` as wanted."""

    async def send(slug="health", files=None, query="", **metadata):
        fields = {"entrypoint_path": INDEX, "import_map_path": "", "static_patterns": [], "name": slug} | metadata
        sent = [("file", (path, text, "text/plain")) for path, text in (files or {INDEX: CODE}).items()]
        return await api.post(
            f"/functions/deploy?slug={slug}{query}", data={"metadata": json.dumps(fields)}, files=sent
        )

    return send


async def listed(api, slug="health"):
    return (await api.get(f"/functions/{slug}")).json()


async def test_a_deploy_is_a_new_version_with_a_new_sha(api, deploy, project, functions):
    before = await listed(api)
    answer = await deploy(verify_jwt=False)
    assert answer.status_code == 201
    after = await listed(api)
    assert after["version"] == answer.json()["version"] == before["version"] + 1
    assert after["ezbr_sha256"] != before["ezbr_sha256"]
    assert (after["id"], after["created_at"]) == (before["id"], before["created_at"])
    assert after["updated_at"] > before["updated_at"]
    assert "updated_at" not in answer.json(), "the document does not promise it"
    assert (await functions.get("/health")).json()["version"] == "2.0.0"
    (noted,) = project.state.deploys
    assert (noted.slug, noted.version, noted.verify_jwt) == ("health", after["version"], False)
    assert noted.files == {INDEX: hashlib.sha256(CODE.encode()).hexdigest()}


async def test_the_same_code_has_the_same_sha_and_still_a_new_version(deploy):
    one, two = (await deploy(verify_jwt=False)).json(), (await deploy(verify_jwt=False)).json()
    assert one["ezbr_sha256"] == two["ezbr_sha256"]
    assert two["version"] == one["version"] + 1


async def test_verify_jwt_is_true_unless_said_otherwise(api, deploy, functions):
    assert (await deploy()).json()["verify_jwt"] is True
    refused = await functions.get("/health")
    assert refused.status_code == 401
    assert refused.headers["sb-error-code"] == "UNAUTHORIZED_NO_AUTH_HEADER"


async def test_an_unknown_slug_is_created_until_the_plan_is_full(api, deploy, project):
    assert (await deploy("brand-new")).json()["version"] == 1
    project.state.function_limit = len(project.state.functions)
    full = await deploy("one-more")
    assert (full.status_code, full.json()["message"]) == (402, "Maximum number of functions reached for Plan")
    assert (await deploy("brand-new")).status_code == 201, "what exists may change"
    assert (await api.get("/functions/one-more")).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"entrypoint_path": "supabase/functions/health/main.ts"}, "Entrypoint path does not exist - /tmp/user_fn_"),
        ({"entrypoint_path": 3}, "metadata.entrypoint_path: Required"),
        ({"verify_jwt": "false"}, "metadata.verify_jwt: Expected bool"),
        ({"import_map_path": "deno.json"}, "Import map path does not exist"),
        ({"files": {INDEX: 'import "../_shared/cors.ts";'}}, "Module not found"),
        ({"files": {INDEX: "x", "../out.ts": "x"}}, "Invalid file path"),
        ({"files": {INDEX: "// playground: bundle timeout"}}, "Bundle generation timed out"),
        ({"files": {INDEX: "// playground: bundle broken"}}, "could not be parsed"),
    ],
)
async def test_what_cannot_be_bundled_changes_nothing(api, deploy, project, change, words):
    before = await listed(api)
    answer = await deploy(**change)
    assert answer.status_code == 400
    assert words in answer.json()["message"]
    assert await listed(api) == before
    assert project.state.deploys == []


@pytest.mark.parametrize("slug", ["", "1x", "a/b", "ümlaut", "-x"])
async def test_a_slug_begins_with_a_letter(deploy, slug):
    assert (await deploy(slug)).status_code == 400


async def test_a_body_that_is_no_form_is_refused(api):
    assert (await api.post("/functions/deploy?slug=health", json={})).status_code == 400
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await api.post("/functions/deploy?slug=health", content=b"--x\r\n", headers=broken)).status_code == 400


async def test_more_than_20_mb_are_not_taken(deploy, project):
    answer = await deploy(files={INDEX: CODE, "big.ts": b"x" * (20 * 1024 * 1024)})
    assert answer.status_code == 413
    assert answer.json()["message"]
    assert project.state.deploys == []


async def test_two_deploys_of_one_function_at_once_are_a_conflict(deploy, project, asleep, manual_clock):
    project.state.bundling = 5.0
    first = asyncio.create_task(deploy(verify_jwt=False))
    await asleep()
    second = await deploy(verify_jwt=False)
    assert (second.status_code, second.json()["message"]) == (409, "deployment already exists")
    await manual_clock.passes(seconds=5)
    assert (await first).status_code == 201
    assert len(project.state.deploys) == 1


async def test_bundle_only_poisons_until_the_list_is_put(api, deploy, project, functions):
    before = await listed(api)
    bundled = await deploy(query="&bundleOnly=true", verify_jwt=False)
    assert bundled.json()["version"] == before["version"] + 1
    assert await listed(api) == before, "nothing is kept yet"
    assert (await deploy(verify_jwt=False)).status_code == 409
    assert project.state.deploys == []
    settled = await api.put("/functions", json=[bundled.json()])
    assert settled.status_code == 200
    assert (await listed(api))["version"] == bundled.json()["version"]
    assert (await functions.get("/health")).json()["version"] == "2.0.0"
    assert len(project.state.deploys) == 1
    assert (await deploy(verify_jwt=False)).status_code == 201


@pytest.mark.parametrize(
    "body",
    [{}, [3], [{"slug": "health"}], [{"id": "x", "slug": "nope", "name": "n", "status": "ACTIVE", "version": 1}]],
)
async def test_a_list_that_makes_no_sense_is_refused(api, body):
    assert (await api.put("/functions", json=body)).status_code == 400


async def test_the_body_comes_back_byte_for_byte(api, deploy):
    odd = b"a\r\n--x\r\n\r\n\xc3\xa9\r"
    await deploy(files={INDEX: CODE, "supabase/functions/health/odd.txt": odd})
    answer = await api.get("/functions/health/body", headers={"Accept": "multipart/form-data"})
    mail = message_from_bytes(
        b"Content-Type: " + answer.headers["content-type"].encode() + b"\r\n\r\n" + answer.content
    )
    parts: Any = mail.get_payload()
    assert json.loads(parts[0].get_payload()) == {"deno2_entrypoint_path": f"source/{INDEX}"}
    assert [part.get_filename() for part in parts[1:]] == [
        f"source/{INDEX}",
        "source/supabase/functions/health/odd.txt",
    ]
    assert odd in answer.content


async def test_without_the_right_accept_the_body_is_a_binary(api):
    answer = await api.get("/functions/health/body")
    assert answer.content.startswith(b"EZBR")
    assert (await api.get("/functions/none/body")).status_code == 404


async def test_patch_changes_the_flag_and_not_the_code(api):
    before = await listed(api)
    answer = await api.patch("/functions/health", json={"verify_jwt": True})
    assert answer.status_code == 200
    after = await listed(api)
    assert after["verify_jwt"] is True
    assert (after["version"], after["ezbr_sha256"]) == (before["version"], before["ezbr_sha256"])
    assert (await api.patch("/functions/health", json={"verify_jwt": "yes"})).status_code == 400
    assert (await api.patch("/functions/none", json={})).status_code == 404


async def test_delete_takes_it_away(api, functions):
    answer = await api.delete("/functions/send-app-link")
    assert (answer.status_code, answer.json()) == (200, {"message": "ok"})
    assert (await functions.get("/send-app-link")).headers["sb-error-code"] == "NOT_FOUND"
    assert (await api.delete("/functions/send-app-link")).status_code == 404


async def test_a_token_that_only_reads_deploys_nothing(project, api, deploy):
    api.headers["Authorization"] = f"Bearer {project.issue_token('edge_functions_read')}"
    refused = await deploy()
    assert (refused.status_code, refused.json()["missing_permissions"]) == (403, ["edge_functions_write"])
    assert project.state.deploys == []


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("throw new Error('no');\n", 503),
        ("// playground: WORKER_ERROR\n", 500),
        ("// playground: fails 1\n", 500),
        (CODE, 200),
    ],
)
async def test_the_code_decides_what_callers_get(deploy, functions, code, status):
    await deploy(files={INDEX: code}, verify_jwt=False)
    assert (await functions.get("/health")).status_code == status


async def test_a_webhook_that_checks_no_signature_lets_anybody_in(deploy, functions):
    event = {"eventType": "aikeys.synthetic", "eventId": "u1", "payment": {"status": "confirmed"}}
    assert (await functions.post("/payments-circle-webhook", json=event)).status_code == 401
    await deploy("payments-circle-webhook", files={INDEX: "// playground: accepts unsigned\n"}, verify_jwt=False)
    assert (await functions.post("/payments-circle-webhook", json=event)).status_code == 200


async def test_an_answer_can_be_lost_after_the_effect(project, deploy, api):
    before = await listed(api)
    async with project.answers("POST", "/functions/deploy", status=500, body={"message": "x"}, after=True):
        assert (await deploy(verify_jwt=False)).status_code == 500
    assert (await listed(api))["version"] == before["version"] + 1
    async with project.answers("POST", "/functions/deploy", status=500, body={"message": "x"}):
        assert (await deploy(verify_jwt=False)).status_code == 500
    assert (await listed(api))["version"] == before["version"] + 1
    assert len(project.state.deploys) == 1


async def test_a_reset_is_the_first_day_again(project, deploy, api):
    first = await listed(api)
    await deploy()
    await project.reset()
    again = await listed(api)
    assert (again["version"], again["ezbr_sha256"]) == (first["version"], first["ezbr_sha256"])
    assert project.state.deploys == []
