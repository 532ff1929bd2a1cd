"""The two wallet functions and the platform's door in front of them."""

import asyncio
import json

import pytest

from playground.supabase.functions.circle_webhook import signature

EVENT = {"eventType": "aikeys.synthetic", "eventId": "aikeys-test-1", "payment": {"status": "confirmed"}}


@pytest.fixture
def post(project, functions):
    """Posts an event, signed unless told otherwise."""

    async def send(event, **headers):
        raw = event if isinstance(event, bytes) else json.dumps(event).encode()
        signed = {"circle-signature": signature(project.secrets["CIRCLE_WEBHOOK_SECRET"], raw)}
        return await functions.post("/payments-circle-webhook", content=raw, headers=signed | headers)

    return send


async def test_health_says_what_the_runbook_shows(functions):
    answer = await functions.get("/health")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "healthy"
    assert body["database"]["connected"] is True
    assert body["secrets"] == {"CIRCLE_API_KEY": True, "CIRCLE_WEBHOOK_SECRET": True, "ALERT_EMAIL": True}
    assert body["webhooks"]["status"] == "healthy"
    assert body["webhooks"]["recentWebhooks"] > 0
    assert body["security"] == {"recentHighRiskEvents": 0, "last24Hours": 5}
    assert (await functions.get("/functions/v1/health")).status_code == 200


async def test_an_older_copy_says_less(project, functions):
    project.state.older_health = True
    body = (await functions.get("/health")).json()
    assert "security" not in body
    assert "version" not in body


async def test_health_without_the_webhook_secret_is_degraded(project, functions):
    project.state.take_away("CIRCLE_WEBHOOK_SECRET")
    answer = await functions.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "degraded")


async def test_webhooks_stay_healthy_in_word_while_payments_fail(post, functions):
    for n in range(3):
        await post({"eventType": "payments.failed", "eventId": f"f{n}", "status": "failed"})
    webhooks = (await functions.get("/health")).json()["webhooks"]
    assert webhooks["status"] == "healthy"
    assert webhooks["failedWebhooks"] >= 3


async def test_without_its_database_function_webhooks_are_unknown(api, functions):
    await api.post("/database/query", json={"query": "drop function public.webhook_health_check()"})
    assert (await functions.get("/health")).json()["webhooks"] == {"status": "unknown"}


async def test_ten_high_risk_events_degrade(api, functions):
    await api.post(
        "/database/query",
        json={
            "query": """insert into public.security_events (event_type, risk_score)
                        select 'X', 71 from generate_series(1, 10)"""
        },
    )
    answer = await functions.get("/health")
    assert (answer.status_code, answer.json()["security"]["recentHighRiskEvents"]) == (503, 10)


async def test_an_event_is_accepted_once(post, sql):
    first = await post(EVENT)
    assert first.status_code == 200
    assert first.json()["status"] == "success"
    assert (first.json()["eventId"], first.json()["eventType"]) == ("aikeys-test-1", "aikeys.synthetic")
    assert first.json()["processedAt"].endswith("Z")
    second = await post(EVENT)
    assert (second.status_code, second.json()) == (200, {"status": "already_processed"})
    assert await sql("select response_status as s from public.idempotency_keys where key = 'aikeys-test-1'") == [
        {"s": 200}
    ]
    assert await sql("select count(*) as n from public.payment_events where event_id = 'aikeys-test-1'") == [{"n": 1}]


async def test_ten_deliveries_at_once_are_one_event(post):
    answers = await asyncio.gather(*(post(EVENT) for _ in range(10)))
    assert sorted(answer.json()["status"] for answer in answers) == ["already_processed"] * 9 + ["success"]


async def test_a_payment_settles_its_transaction(project, sql):
    assert await project.traffic.send(20) == [200] * 20
    rows = await sql(
        """select e.status as event, t.status as transaction from public.payment_events e
           join public.circle_transactions t on t.circle_transaction_id = e.payment_id
           where e.event_type like 'payments.%' and t.transaction_type = 'deposit'
           order by e.created_at desc limit 15"""
    )
    assert len(rows) == 15
    assert all(row["event"] == row["transaction"] for row in rows)


@pytest.mark.parametrize(
    "given", [{"circle-signature": "v1=00"}, {"circle-signature": ""}, {"circle-signature": "ünsigned"}]
)
async def test_a_wrong_signature_is_refused_and_noted(post, sql, project, given):
    given = {name: value.encode() for name, value in given.items()}
    answer = await post(EVENT, **given, **{"x-forwarded-for": b"198.51.100.5, 10.0.0.1", "user-agent": b"curl"})
    assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized"})
    assert "sb-error-code" not in answer.headers, "the function's own 401, not the platform's"
    assert await sql(
        """select host(ip_address) as ip, user_agent as agent, risk_score < 71 as low from public.security_events
           where event_type = 'WEBHOOK_SIGNATURE_INVALID'"""
    ) == [{"ip": "198.51.100.5", "agent": "curl", "low": True}]
    assert project.state.console[-1].text == "Invalid webhook signature"


async def test_a_signature_is_over_the_exact_bytes(project, functions):
    compact = json.dumps(EVENT, separators=(",", ":")).encode()
    pretty = json.dumps(EVENT, indent=2).encode()
    headers = {"circle-signature": signature(project.secrets["CIRCLE_WEBHOOK_SECRET"], compact)}
    assert (await functions.post("/payments-circle-webhook", content=pretty, headers=headers)).status_code == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
async def test_only_post_is_taken(functions, method):
    assert (await functions.request(method, "/payments-circle-webhook")).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"eventId": "x"}',
        b'{"eventId": "x", "eventType": "y", "amount": {"amount": "many"}}',
        b"\xff",
    ],
)
async def test_a_signed_body_that_is_nonsense_fails(post, body):
    answer = await post(body)
    assert answer.status_code == 500
    assert answer.json()["error"] == "Internal server error"
    assert set(answer.json()) == {"error", "eventId", "requestId"}


async def test_a_failed_event_may_come_again(post, switch, sql):
    await switch["webhook_failing"].set(True)
    failed = await post(EVENT)
    assert (failed.status_code, failed.json()["eventId"]) == (500, "aikeys-test-1")
    assert await sql("select response_status as s from public.idempotency_keys where key = 'aikeys-test-1'") == [
        {"s": 500}
    ]
    await switch["webhook_failing"].set(False)
    assert (await post(EVENT)).json()["status"] == "success"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "UNAUTHORIZED_NO_AUTH_HEADER"),
        ({"Authorization": "Bearer nonsense"}, "UNAUTHORIZED_INVALID_JWT_FORMAT"),
    ],
)
async def test_the_platform_guards_functions_that_verify_a_jwt(project, functions, headers, code):
    answer = await functions.post("/withdraw-funds", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["sb-error-code"] == answer.json()["code"] == code
    allowed = await functions.post("/withdraw-funds", headers={"Authorization": f"Bearer {project.state.anon_key}"})
    assert allowed.status_code == 200


@pytest.mark.parametrize(
    ("failure", "status"), [("BOOT_ERROR", 503), ("WORKER_ERROR", 500), ("WORKER_LIMIT", 546), ("IDLE_TIMEOUT", 504)]
)
async def test_the_platforms_own_errors(project, functions, failure, status):
    project.state.functions["health"].failure = failure
    answer = await functions.get("/health")
    assert answer.status_code == status
    assert answer.headers["sb-error-code"] == answer.json()["code"] == failure


async def test_a_function_that_is_not_there(functions):
    answer = await functions.get("/nope")
    assert answer.status_code == 404
    assert answer.headers["sb-error-code"] == "NOT_FOUND"


async def test_the_first_call_waits_for_a_cold_start(project, functions, manual_clock, asleep):
    project.state.cold_start = 3.0
    cold = asyncio.create_task(functions.get("/health"))
    await asleep()
    assert not cold.done()
    await manual_clock.passes(seconds=3)
    assert (await cold).status_code == 200
    assert (await functions.get("/health")).status_code == 200, "warm now: no clock has to move"
