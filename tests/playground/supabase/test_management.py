"""The Management API answers as Supabase's does."""

import httpx
import pytest

from playground.supabase.management import OPERATIONS


async def test_a_project_is_shown_alone_and_in_the_list(project, api):
    alone = (await api.get("")).json()
    assert alone["ref"] == project.ref == "emolyyvmvvfjyxbguhyn"
    assert (alone["status"], alone["region"]) == ("ACTIVE_HEALTHY", project.region)
    listed = await api.get(f"{project.api_url}/v1/projects")
    assert listed.json() == [alone]


async def test_every_answer_counts_down_and_gives_seconds_left(api, manual_clock):
    first = await api.get("")
    assert first.headers["x-ratelimit-limit"] == "120"
    assert first.headers["x-ratelimit-remaining"] == "119"
    assert first.headers["x-ratelimit-reset"] == "60"
    await manual_clock.passes(seconds=12)
    second = await api.get("")
    assert second.headers["x-ratelimit-remaining"] == "118"
    assert second.headers["x-ratelimit-reset"] == "48"


async def test_the_121st_call_in_a_minute_is_refused_and_the_next_minute_is_new(api, manual_clock):
    for _ in range(120):
        assert (await api.get("/readonly")).status_code == 200
    refused = await api.get("/readonly")
    assert refused.status_code == 429
    assert refused.json() == {"message": "ThrottlerException: Too Many Requests"}
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert (await api.get("/secrets")).status_code == 200, "the limit is per endpoint"
    await manual_clock.passes(seconds=int(refused.headers["x-ratelimit-reset"]))
    assert (await api.get("/readonly")).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer sbp_0000", "Basic x", "Bearer"])
async def test_without_a_token_of_ours_nothing_is_said(api, header):
    answer = await api.get("", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json() == {"message": "Unauthorized"}


async def test_a_scoped_token_is_told_what_it_lacks(project, api):
    token = project.issue_token("edge_functions_read")
    assert token.startswith("sbp_fc")
    scoped = {"Authorization": f"Bearer {token}"}
    assert (await api.get("/functions", headers=scoped)).status_code == 200
    refused = await api.get("/secrets", headers=scoped)
    assert refused.status_code == 403
    assert refused.json()["missing_permissions"] == ["edge_functions_secrets_read"]


@pytest.mark.parametrize(("ref", "status"), [("a" * 20, 404), ("short", 400), ("A" * 20, 400)])
async def test_another_ref_is_refused(project, api, ref, status):
    answer = await api.get(f"{project.api_url}/v1/projects/{ref}")
    assert answer.status_code == status
    assert answer.json()["message"]


async def test_what_supabase_removed_is_gone_and_what_leaks_keys_is_not_served(api):
    assert (await api.get("/analytics/endpoints/logs.all")).status_code == 410
    leaky = await api.get("/postgrest")
    assert leaky.status_code == 404
    assert leaky.json()["message"].startswith("Cannot GET /v1/projects/")
    assert (await api.delete("/health?services=db")).status_code == 404


async def test_health_is_asked_by_service(api):
    answer = await api.get("/health", params={"services": ["db", "auth", "rest", "realtime", "storage", "pooler"]})
    assert [row["name"] for row in answer.json()] == ["db", "auth", "rest", "realtime", "storage", "pooler"]
    assert {row["status"] for row in answer.json()} == {"ACTIVE_HEALTHY"}


@pytest.mark.parametrize("query", ["", "?services=", "?services=db,auth", "?services=kitchen"])
async def test_health_wants_known_services_one_by_one(api, query):
    answer = await api.get(f"/health{query}")
    assert answer.status_code == 400
    assert "services" in answer.json()["message"]


async def test_functions_are_listed_with_their_jwt_flag(api):
    found = {row["slug"]: row for row in (await api.get("/functions")).json()}
    assert found["health"]["verify_jwt"] is False
    assert found["payments-circle-webhook"]["verify_jwt"] is False
    assert found["withdraw-funds"]["verify_jwt"] is True
    assert {row["status"] for row in found.values()} == {"ACTIVE"}
    assert (await api.get("/functions/health")).json() == found["health"]
    missing = await api.get("/functions/nope")
    assert (missing.status_code, missing.json()) == (404, {"message": "Function not found"})


async def test_secrets_are_digests(project, api):
    answer = await api.get("/secrets")
    names = {row["name"] for row in answer.json()}
    assert {"CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET", "ALERT_EMAIL", "SUPABASE_URL"} <= names
    assert all(len(row["value"]) == 64 for row in answer.json())
    assert not any(value in answer.text for value in project.secrets.values())


async def test_backups_are_of_the_last_nights(api, manual_clock):
    answer = (await api.get("/database/backups")).json()
    assert len(answer["backups"]) == 7
    assert answer["backups"][0]["inserted_at"] < manual_clock.now().isoformat()


async def test_advisors_see_a_table_without_row_level_security(api):
    assert (await api.get("/advisors/security")).json() != {"lints": []}
    names = {lint["name"] for lint in (await api.get("/advisors/security")).json()["lints"]}
    assert "rls_disabled_in_public" not in names
    await api.post("/database/query", json={"query": "create table public.forgotten (id int)"})
    lints = (await api.get("/advisors/security")).json()["lints"]
    assert [
        (lint["metadata"]["name"], lint["level"]) for lint in lints if lint["name"] == "rls_disabled_in_public"
    ] == [("forgotten", "ERROR")]


async def test_disk_read_only_mode_bans_and_migrations_are_answered(api):
    metrics = (await api.get("/config/disk/util")).json()["metrics"]
    assert metrics["fs_used_bytes"] + metrics["fs_avail_bytes"] == metrics["fs_size_bytes"]
    assert (await api.get("/readonly")).json()["enabled"] is False
    bans = await api.post("/network-bans/retrieve")
    assert (bans.status_code, bans.json()) == (201, {"banned_ipv4_addresses": []})
    history = (await api.get("/database/migrations")).json()
    assert history == sorted(history, key=lambda row: row["version"])
    assert len(history) == 12


def test_no_operation_is_served_twice():
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == len(OPERATIONS)


async def test_the_performance_advisor_sees_a_foreign_key_without_an_index_and_a_table_without_a_key(api):
    def found(answer):
        return {(lint["name"], lint["metadata"]["name"]) for lint in answer.json()["lints"]}

    assert found(await api.get("/advisors/performance")) == {("unindexed_foreign_keys", "circle_transactions")}
    await api.post("/database/query", json={"query": "create table public.forgotten (id int)"})
    await api.post("/database/query", json={"query": "create index on public.circle_transactions (user_id)"})
    assert found(await api.get("/advisors/performance")) == {("no_primary_key", "forgotten")}


async def test_settings_of_its_own_are_none_and_the_pooler_shows_no_password(api):
    assert (await api.get("/config/database/postgres")).json() == {}
    (pool,) = (await api.get("/config/database/pooler")).json()
    assert (pool["pool_mode"], pool["max_client_conn"]) == ("transaction", 200)
    assert "[YOUR-PASSWORD]" in pool["connection_string"]


async def test_supabases_own_status_page_asks_for_no_token(project, switch):
    async with httpx.AsyncClient() as anybody:
        assert (await anybody.get(project.status_url)).json()["status"] == {
            "indicator": "none",
            "description": "All Systems Operational",
        }
        await switch["supabase_incident"].set(True)
        assert (await anybody.get(project.status_url)).json()["status"]["indicator"] == "major"


async def test_a_full_disk_lets_nothing_be_written_until_it_is_mended(project, api, switch, sql):
    before = (await sql("select count(*)::int as n from public.payment_events"))[0]["n"]
    await switch["disk_full"].set(True)
    metrics = (await api.get("/config/disk/util")).json()["metrics"]
    assert metrics["fs_used_bytes"] / metrics["fs_size_bytes"] > 0.95
    assert (await api.get("/readonly")).json()["enabled"] is True
    assert set(await project.traffic.send(2)) == {500}
    await switch["disk_full"].set(False)
    assert (await api.get("/readonly")).json()["enabled"] is False
    after = (await sql("select count(*)::int as n from public.payment_events"))[0]["n"]
    assert after == before + 8, "Circle sends again what failed"
