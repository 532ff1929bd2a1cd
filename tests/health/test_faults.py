"""Each switch of the control panel, thrown for real, and what the card then says first."""

import pytest

from bot.health.look import look
from bot.views.health import card
from playground.supabase.answers import megabytes
from tests.problems import problems


async def seen(ctx, part=None):
    """The complete look; every card on the way must be one that Slack takes."""
    async for checkup in look(ctx, part):
        message = card(checkup)
        assert not problems(message)
        assert len(message.blocks) <= 25
    return checkup


async def switch(project, name, on=True):
    await next(one for one in project.switches if one.name == name).set(on)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("database_outage", "Database outage"),
        ("slow_database", "Degraded: database slow and wallet slow"),
        ("webhook_failing", "Degraded: webhooks failing"),
        ("webhooks_silent", "Degraded: webhooks silent"),
        ("signature_attack", "Degraded: signature attack"),
        ("secret_missing", "Degraded: CIRCLE_API_KEY missing"),
        ("function_throttled", "Function payments-circle-webhook not invokable"),
        ("function_not_invokable", "Function health not invokable"),
        ("high_risk_event", "Degraded: high-risk event"),
        ("management_down", "Unknown: no answers from Supabase's Management API"),
        ("management_429", "Unknown: no answers from Supabase's Management API"),
        ("project_paused", "Project paused"),
    ],
)
async def test_a_switch_is_seen_and_its_end_too(ctx, project, name, line):
    await switch(project, name)
    assert (await seen(ctx)).judgement.line == line
    await switch(project, name, on=False)
    assert (await seen(ctx)).judgement.line == "Healthy"


async def test_webhooks_that_fail_are_counted(ctx, project):
    await switch(project, "webhook_failing")
    assert set(await project.traffic.send(7)) == {500}
    checkup = await seen(ctx)
    assert checkup.judgement.line == "Degraded: webhooks failing"
    assert "13 of" in checkup.judgement.findings[0].what


async def test_webhooks_that_all_fail_have_stopped(ctx, project):
    await forget(project)
    await switch(project, "webhook_failing")
    await project.traffic.send(5)
    assert (await seen(ctx)).judgement.line == "Webhook processing stopped"


async def test_a_signature_attack_is_told_from_a_wrong_secret(ctx, project):
    for _ in range(21):
        await project.traffic.post(b"{}", {"circle-signature": "v1=00"})
    assert (await seen(ctx)).judgement.line == "Degraded: signature attack"

    await forget(project, hours=1)
    assert (await seen(ctx)).judgement.line == "Every webhook refused"


async def test_silence_is_measured_against_the_day(ctx, project):
    await forget(project, hours=1)
    checkup = await seen(ctx)
    assert checkup.judgement.line == "Degraded: webhooks silent"


async def test_what_the_bot_sends_for_a_test_is_in_no_count(ctx, project):
    before = (await seen(ctx)).answers.webhooks
    async with project.postgres.superuser() as connection:
        await connection.execute(
            """insert into public.payment_events (event_id, event_type, raw_event)
                 values ('aikeys-test-1', 'payments.confirmed', '{}'), ('x-1', 'aikeys.synthetic', '{}');
               insert into public.idempotency_keys (provider, key, payload_hash, response_status)
                 values ('circle', 'aikeys-test-1', 'x', 500);
               insert into public.security_events (event_type, risk_score) values ('AIKEYS_INCIDENT', 99)"""
        )
    after = (await seen(ctx)).answers.webhooks
    assert (after.events.last_hour, after.deliveries, after.suspicions) == (
        before.events.last_hour,
        before.deliveries,
        before.suspicions,
    )


@pytest.mark.parametrize(
    ("change", "word", "part"),
    [
        ("drop table public.idempotency_keys", "lacks a table", "idempotency_keys"),
        ("alter table public.payment_events drop column event_type", "lacks a column", "event_type"),
    ],
)
async def test_a_missing_table_or_column_is_said_in_words(ctx, project, change, word, part):
    async with project.postgres.superuser() as connection:
        await connection.execute(change)
    checkup = await seen(ctx, "webhooks")
    assert checkup.level == "unknown"
    assert word in checkup.judgement.findings[0].what
    assert part in checkup.judgement.findings[0].what


@pytest.mark.parametrize(
    ("path", "fault", "level", "words"),
    [
        ("/secrets", {"status": 401}, "unknown", "does not accept the bot's token"),
        ("/secrets", {"status": 402}, "unknown", "unpaid bill"),
        ("/secrets", {"status": 403, "body": {"message": "", "missing_permissions": ["a_b"]}}, "unknown", "a_b"),
        ("/secrets", {"status": 404}, "unknown", "404"),
        ("/secrets", {"status": 410}, "unknown", "removed"),
        ("/secrets", {"status": 429, "headers": {"Retry-After": "9"}}, "unknown", "too many requests"),
        ("/secrets", {"status": 500}, "unknown", "failed (500)"),
        ("/secrets", {"status": 540}, "unknown", "paused"),
        ("/secrets", {"status": 544}, "unknown", "544"),
        ("/secrets", {"body": "<html>"}, "unknown", "not JSON"),
        ("/secrets", {"body": [{"name": 3}]}, "unknown", "in a shape the bot does not know"),
        ("/secrets", {"body": megabytes(3)}, "unknown", "2 MB"),
        ("/secrets", {"drop": True}, "unknown", "broke the connection off"),
        ("/secrets", {"raw": b"\x00\x01"}, "unknown", "broke the connection off"),
        ("/secrets", {"status": 307, "headers": {"Location": "http://evil.example/"}}, "unknown", "did not go"),
        ("^/health$", {"status": 429}, "unknown", "too many requests"),
        ("^/health$", {"status": 500}, "down", "failed (500)"),
        ("^/health$", {"status": 546, "headers": {"sb-error-code": "WORKER_LIMIT"}}, "down", "memory or CPU"),
        ("^/health$", {"body": "oops"}, "unknown", "not JSON"),
        ("^/health$", {"body": {"status": "healthy", "database": 1}}, "unknown", "database"),
        ("^/health$", {"body": megabytes(3)}, "unknown", "2 MB"),
        ("^/health$", {"drop": True}, "down", "broke the connection off"),
        ("/payments-circle-webhook", {"drop": True}, "down", "broke the connection off"),
    ],
)
async def test_every_failure_of_an_outside_system_has_its_sentence(ctx, project, path, fault, level, words):
    async with project.answers("GET", path, **fault):
        checkup = await seen(ctx)
    assert checkup.level == level
    finding = checkup.judgement.findings[0]
    assert words in finding.what
    assert finding.do


async def forget(project, hours=24):
    """The wallet got no event and no delivery in the last *hours*."""
    async with project.postgres.superuser() as connection:
        for table in ("payment_events", "idempotency_keys"):
            await connection.execute(f"delete from public.{table} where created_at > now() - interval '{hours} hours'")
