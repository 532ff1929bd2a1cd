"""Each switch breaks something for real, and off again mends it."""

import asyncio

import pytest

SERVICES = {"services": ["db", "pooler", "realtime"]}
WALLET = {
    "database_outage", "slow_database", "webhook_failing", "webhooks_silent", "secret_missing", "function_throttled",
    "function_not_invokable", "signature_attack", "high_risk_event", "disk_full",
    "circle_down",
}  # fmt: skip


async def _status(functions, slug="health"):
    return (await functions.get(f"/{slug}")).status_code


def test_the_panel_has_what_it_promises(project):
    assert {switch.name for switch in project.switches if switch.group == "wallet"} == WALLET
    assert {switch.name for switch in project.switches if switch.group == "supabase"} == {
        "stale_secrets",
        "secrets_kept",
        "management_down",
        "management_429",
        "project_paused",
        "supabase_incident",
        "pitr",
        "restore_fails",
    }
    assert all(switch.label and switch.hint for switch in project.switches)


async def test_database_outage(switch, functions, api, project):
    await switch["database_outage"].set(True)
    down = await functions.get("/health")
    assert down.status_code == 503
    assert set(down.json()) == {"status", "timestamp", "error"}
    assert down.json()["status"] == "unhealthy"
    assert down.json()["error"].startswith("Database connectivity failed: ")
    states = {row["name"]: row["status"] for row in (await api.get("/health", params=SERVICES)).json()}
    assert states == {"db": "UNHEALTHY", "pooler": "UNHEALTHY", "realtime": "ACTIVE_HEALTHY"}
    assert (await api.post("/database/query/read-only", json={"query": "select 1"})).status_code == 544
    assert await project.traffic.send() == [500]
    await switch["database_outage"].set(False)
    assert await _status(functions) == 200
    states = {row["name"]: row["status"] for row in (await api.get("/health", params=SERVICES)).json()}
    assert set(states.values()) == {"ACTIVE_HEALTHY"}
    assert (await api.post("/database/query/read-only", json={"query": "select 1"})).status_code == 201
    assert await project.traffic.send() == [200]


async def test_database_outage_cuts_a_query_that_runs(switch, api):
    query = asyncio.create_task(api.post("/database/query", json={"query": "select pg_sleep(30)"}))
    while not (
        await api.post(
            "/database/query", json={"query": "select 1 from pg_stat_activity where query = 'select pg_sleep(30)'"}
        )
    ).json():
        pass
    await switch["database_outage"].set(True)
    assert (await query).status_code == 400


async def test_slow_database(switch, functions):
    await switch["slow_database"].set(True)
    slow = await functions.get("/health")
    assert slow.status_code == 503
    assert slow.json()["status"] == "degraded"
    assert slow.json()["database"]["latency_ms"] >= 1200
    await switch["slow_database"].set(False)
    assert (await functions.get("/health")).json()["database"]["latency_ms"] < 1000


async def test_webhook_failing(switch, project, sql, functions):
    failed = "select count(*) as n from public.idempotency_keys where response_status = 500"
    stored = "select count(*) as n from public.payment_events"
    (before,) = await sql(stored)
    await switch["webhook_failing"].set(True)
    assert await sql(failed) == [{"n": 6}], "enough for the card to say so at once"
    assert await project.traffic.send(3) == [500, 500, 500]
    assert await sql(failed) == [{"n": 9}]
    assert await _status(functions) == 200, "the real /health does not notice"
    await switch["webhook_failing"].set(False)
    assert await sql(failed) == [{"n": 0}], "Circle sent them again"
    assert await sql(stored) == [{"n": before["n"] + 9}]
    assert await project.traffic.send(2) == [200, 200]


async def test_what_failed_comes_again_only_when_all_is_mended(switch, project, sql):
    failed = "select count(*) as n from public.idempotency_keys where response_status = 500"
    await switch["webhook_failing"].set(True)
    await switch["database_outage"].set(True)
    assert await project.traffic.send() == [500]
    await switch["database_outage"].set(False)
    assert await sql(failed) == [{"n": 6}]
    await switch["webhook_failing"].set(False)
    assert await sql(failed) == [{"n": 0}]


async def test_webhooks_silent(switch, project, manual_clock):
    await project.traffic.start(per_hour=3600)
    try:
        await switch["webhooks_silent"].set(True)
        before = project.traffic.sent
        await manual_clock.passes(minutes=10)
        assert project.traffic.sent == before
        await switch["webhooks_silent"].set(False)
        while project.traffic.sent == before:
            await manual_clock.passes(seconds=2)
    finally:
        await project.traffic.stop()


@pytest.mark.parametrize("outage", [False, True])
async def test_silence_is_long_at_once_and_ends_without_a_trace(switch, project, sql, outage):
    """Also where the database was away when the switch was put off."""
    newest = "select extract(epoch from max(created_at))::float8 as at, count(*) as n from public."
    tables = ("payment_events", "idempotency_keys")
    before = [(await sql(newest + table))[0] for table in tables]
    await switch["webhooks_silent"].set(True)
    aged = [(await sql(newest + table))[0] for table in tables]
    assert [round(old["at"] - new["at"]) for old, new in zip(before, aged, strict=True)] == [2700, 2700]
    await switch["database_outage"].set(outage)
    await switch["webhooks_silent"].set(False)
    await switch["database_outage"].set(False)
    assert [(await sql(newest + table))[0] for table in tables] == before


async def test_what_comes_during_a_silence_keeps_its_time(switch, project, sql):
    newest = "select extract(epoch from max(created_at))::float8 as at from public.idempotency_keys"
    await switch["webhooks_silent"].set(True)
    assert await project.traffic.send() == [200]
    (during,) = await sql(newest)
    await switch["webhooks_silent"].set(False)
    assert await sql(newest) == [during]


async def test_secret_missing(switch, functions, api, project):
    before = project.secrets["CIRCLE_API_KEY"]
    await switch["secret_missing"].set(True)
    body = (await functions.get("/health")).json()
    assert body["secrets"]["CIRCLE_API_KEY"] is False
    assert body["status"] == "healthy", "the real function looks at the webhook secret only"
    assert "CIRCLE_API_KEY" not in {row["name"] for row in (await api.get("/secrets")).json()}
    await switch["secret_missing"].set(False)
    assert project.secrets["CIRCLE_API_KEY"] == before


async def test_function_throttled(switch, api, project):
    await switch["function_throttled"].set(True)
    assert (await api.get("/functions/payments-circle-webhook")).json()["status"] == "THROTTLED"
    assert await project.traffic.send() == [546]
    await switch["function_throttled"].set(False)
    assert await project.traffic.send() == [200]


async def test_function_not_invokable(switch, functions, api):
    await switch["function_not_invokable"].set(True)
    assert (await api.get("/functions/health")).json()["status"] == "ACTIVE"
    answer = await functions.get("/health")
    assert (answer.status_code, answer.headers["sb-error-code"]) == (404, "NOT_FOUND_FUNCTION_BLOB")
    await switch["function_not_invokable"].set(False)
    assert await _status(functions) == 200


async def test_signature_attack(switch, sql, manual_clock):
    count = """select count(*) as n, count(distinct ip_address) as ips from public.security_events
               where event_type = 'WEBHOOK_SIGNATURE_INVALID'"""
    await switch["signature_attack"].set(True)
    (burst,) = await sql(count)
    assert burst["n"] >= 30
    assert burst["ips"] == 8
    while (await sql(count))[0]["n"] == burst["n"]:
        await manual_clock.passes(seconds=2)
    await switch["signature_attack"].set(False)
    assert (await sql(count))[0]["n"] == 0, "its rows are gone with it"
    await manual_clock.passes(minutes=1)
    assert (await sql(count))[0]["n"] == 0


async def test_high_risk_event(switch, functions):
    await switch["high_risk_event"].set(True)
    assert (await functions.get("/health")).json()["security"]["recentHighRiskEvents"] == 1
    await switch["high_risk_event"].set(False)
    assert (await functions.get("/health")).json()["security"]["recentHighRiskEvents"] == 0


@pytest.mark.parametrize(("name", "status"), [("management_down", 503), ("management_429", 429)])
async def test_the_management_api_is_unwell_and_the_wallet_is_not(switch, api, functions, name, status):
    await switch[name].set(True)
    answer = await api.get("/functions")
    assert answer.status_code == status
    assert answer.json()["message"]
    assert await _status(functions) == 200
    await switch[name].set(False)
    assert (await api.get("/functions")).status_code == 200


async def test_project_paused(switch, api, functions):
    await switch["project_paused"].set(True)
    assert (await api.get("")).json()["status"] == "INACTIVE"
    assert await _status(functions) == 540
    await switch["project_paused"].set(False)
    assert (await api.get("")).json()["status"] == "ACTIVE_HEALTHY"
    assert await _status(functions) == 200


async def test_switches_within_an_outage_take_effect_after_it(switch, functions, project):
    await switch["database_outage"].set(True)
    await switch["webhook_failing"].set(True)
    await switch["high_risk_event"].set(True)
    await switch["database_outage"].set(False)
    assert await project.traffic.send() == [500]
    assert (await functions.get("/health")).json()["security"]["recentHighRiskEvents"] == 1


async def test_all_on_and_a_reset_gives_the_first_day(switch, functions, api, project):
    for each in switch.values():
        await each.set(True)
    await project.reset()
    assert not any(each.on for each in switch.values())
    assert await _status(functions) == 200
    assert (await api.get("")).json()["status"] == "ACTIVE_HEALTHY"
    assert await project.traffic.send(2) == [200, 200]
