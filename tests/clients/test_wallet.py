"""The wallet's functions: what is an answer, what is a failure, and who failed."""

import pytest

from bot.clients.errors import (
    DatabaseAway,
    FunctionRefused,
    NotJson,
    NotThere,
    Odd,
    OutOfResources,
    Paused,
    ServerFailed,
    TokenRefused,
    TooMany,
    WrongShape,
)
from bot.clients.wallet import Wallet

WHOLE = {
    "status": "healthy",
    "timestamp": "2026-11-22T03:00:00Z",
    "database": {"connected": True, "latency_ms": 45},
    "secrets": {"CIRCLE_API_KEY": True, "CIRCLE_WEBHOOK_SECRET": True, "ALERT_EMAIL": False},
    "webhooks": {
        "status": "healthy",
        "recentWebhooks": 12,
        "failedWebhooks": 1,
        "lastWebhookTime": "2026-11-22T02:59:00+00:00",
        "checkTime": "2026-11-22T03:00:00Z",
    },
    "security": {"recentHighRiskEvents": 2, "last24Hours": 5},
    "version": "1.0.0",
}


async def test_the_report_is_read_whole(wallet, project):
    async with project.answers("GET", "^/health", body=WHOLE):
        health = await wallet.health()
    report = health.report
    assert report.database.connected
    assert report.database.latency_ms == 45
    assert report.secrets["ALERT_EMAIL"] is False
    assert (report.webhooks.recent, report.webhooks.failed, report.webhooks.last.hour) == (12, 1, 2)
    assert report.security.high_risk == 2
    assert 0 < health.seconds < 5


async def test_the_playgrounds_own_report_and_its_older_copy(wallet, project):
    assert (await wallet.health()).report.security is not None
    project.state.older_health = True
    try:
        assert (await wallet.health()).report.security is None
    finally:
        project.state.older_health = False


@pytest.mark.parametrize(
    "body",
    [
        {"status": "degraded", "database": {"connected": True, "latency_ms": 1500.5}},
        {"status": "unhealthy", "timestamp": "now", "error": "Database connectivity failed: gone"},
        {"status": "degraded", "webhooks": {"status": "unknown"}, "later": {"anything": 1}},
        {"status": "degraded", "webhooks": {"status": "healthy", "lastWebhookTime": None}},
    ],
)
async def test_a_503_with_a_report_is_an_answer(wallet, project, body):
    async with project.answers("GET", "^/health", status=503, body=body):
        health = await wallet.health()
    assert health.report.status == body["status"]


@pytest.mark.parametrize("body", ["<html>", "", "[]", '{"message": "upstream"}', '{"status": 1}'])
async def test_a_503_without_a_report_is_a_failing_server(wallet, project, body):
    async with project.answers("GET", "^/health", status=503, body=body):
        with pytest.raises(ServerFailed):
            await wallet.health()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"database": {"connected": "true"}}, "database.connected"),
        ({"database": {"connected": True, "latency_ms": "45"}}, "database.latency_ms"),
        ({"database": {"connected": True, "latency_ms": -1}}, "database.latency_ms"),
        ({"database": []}, "database"),
        ({"secrets": {"CIRCLE_API_KEY": "yes"}}, "secrets.CIRCLE_API_KEY"),
        ({"webhooks": {"status": "healthy", "failedWebhooks": "0"}}, "webhooks.failedWebhooks"),
        ({"status": None}, "status"),
    ],
)
async def test_wrong_types_are_named(wallet, project, change, where):
    async with project.answers("GET", "^/health", body=WHOLE | change):
        with pytest.raises(WrongShape) as caught:
            await wallet.health()
    assert caught.value.where == where


async def test_not_a_number_is_no_latency(wallet, project):
    async with project.answers(
        "GET", "^/health", body='{"status":"healthy","database":{"connected":true,"latency_ms":NaN}}'
    ):
        with pytest.raises((WrongShape, NotJson)):
            await wallet.health()


@pytest.mark.parametrize(
    ("status", "code", "leaf", "words"),
    [
        (401, "UNAUTHORIZED_NO_AUTH_HEADER", FunctionRefused, "asks callers for a JWT"),
        (401, "UNAUTHORIZED_LEGACY_JWT", FunctionRefused, "asks callers for a JWT"),
        (404, "NOT_FOUND", FunctionRefused, "is not deployed"),
        (404, "NOT_FOUND_FUNCTION_BLOB", FunctionRefused, "its code is missing"),
        (429, "RATE_LIMIT_EXCEEDED", TooMany, "too many requests"),
        (500, "WORKER_ERROR", FunctionRefused, "crashed"),
        (503, "BOOT_ERROR", FunctionRefused, "does not start"),
        (504, "IDLE_TIMEOUT", FunctionRefused, "sent nothing"),
        (546, "WORKER_LIMIT", FunctionRefused, "memory or CPU"),
        (546, "WORKER_RESOURCE_LIMIT", FunctionRefused, "memory or CPU"),
        (540, "PROJECT_PAUSED", Paused, "paused"),
        (418, "SOMETHING_NEW", FunctionRefused, "the platform answered instead"),
        (401, "", TokenRefused, "refuses us itself"),
        (404, "", NotThere, "Nothing answers"),
        (429, "", TooMany, "too many requests"),
        (500, "", ServerFailed, "failed (500)"),
        (540, "", Paused, "paused"),
        (544, "", DatabaseAway, "database"),
        (546, "", OutOfResources, "memory"),
        (204, "", Odd, "answered 204"),
        (418, "", Odd, "answered 418"),
    ],
)
async def test_the_platforms_words_and_the_functions_own_are_told_apart(wallet, project, status, code, leaf, words):
    body = {"code": code, "message": "x"} if code else {"error": "x"}
    headers = {"sb-error-code": code} if code else {}
    async with project.answers("GET", "^/health", status=status, body=body, headers=headers):
        with pytest.raises(leaf) as caught:
            await wallet.health()
    assert type(caught.value) is leaf
    assert words in caught.value.what
    assert caught.value.do


async def test_the_old_platforms_401_had_no_header(wallet, project):
    body = {"code": 401, "message": "Missing authorization header"}
    async with project.answers("GET", "^/health", status=401, body=body):
        with pytest.raises(FunctionRefused):
            await wallet.health()


async def test_the_webhook_function_proves_itself_alive_by_its_own_405(wallet):
    assert (await wallet.probe("payments-circle-webhook")).status == 405


async def test_a_405_of_the_platform_proves_nothing(wallet, project):
    async with project.answers(
        "GET", "webhook", status=405, body="{}", headers={"sb-error-code": "METHOD_NOT_ALLOWED"}
    ):
        with pytest.raises(FunctionRefused):
            await wallet.probe("payments-circle-webhook")


async def test_a_function_that_is_not_there(wallet):
    with pytest.raises(FunctionRefused) as caught:
        await wallet.probe("nothing-here")
    assert caught.value.code == "NOT_FOUND"


@pytest.mark.parametrize("slug", ["../health", "a/b", "", "a?b", "%2e%2e"])
async def test_a_slug_that_would_change_the_address_is_refused(wallet, slug):
    with pytest.raises(ValueError, match="name"):
        await wallet.probe(slug)


async def test_a_function_is_told_nothing_about_the_bot(raw, clock):
    raw.says(b'{"status": "healthy"}')
    client = Wallet(raw.url, clock)
    await client.health()
    assert b"authorization" not in raw.heard.lower()
    assert b"cookie" not in raw.heard.lower()
    await client.close()
