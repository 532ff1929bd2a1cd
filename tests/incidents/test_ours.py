"""What the bot itself writes and causes feeds no detector; what it asks stays far below Supabase's limits."""

from collections import Counter

_OURS = """
insert into public.security_events (id, event_type, risk_score, user_agent, ip_address, created_at)
select gen_random_uuid(), 'AIKEYS_INCIDENT', 0, 'x', ('203.0.113.' || n)::inet, now() from generate_series(1, 30) as n;
insert into public.security_events (id, event_type, risk_score, user_agent, ip_address, created_at)
select gen_random_uuid(), 'WEBHOOK_SIGNATURE_INVALID', 30, '{agent}', ('203.0.113.' || n)::inet, now()
from generate_series(1, 30) as n;
insert into public.idempotency_keys (provider, key, created_at, payload_hash, response_status)
select 'circle', 'aikeys-test-' || n, now(), 'x', 500 from generate_series(1, 30) as n;
insert into public.payment_events (id, event_id, event_type, status, raw_event, created_at)
select gen_random_uuid(), 'aikeys-test-' || n, 'aikeys.synthetic', 'failed', '{{}}', now()
from generate_series(1, 30) as n;
"""


async def test_what_is_our_own_feeds_no_detector(watching, project):
    """Thirty of each would be a P0 and a P1, were they anybody else's. Rows of an incident have the risk 0."""
    await watching.looks()
    before, _ = await watching.eyes.once(None)
    agent = watching.eyes._ctx.wallet.agents(1).split(",")[0]
    async with project.postgres.superuser() as connection:
        await connection.execute(_OURS.format(agent=agent.replace("'", "")))
    after, _ = await watching.eyes.once(None)
    assert after.answers.webhooks.suspicions == before.answers.webhooks.suspicions
    assert after.answers.webhooks.deliveries.hour_failed == before.answers.webhooks.deliveries.hour_failed
    assert after.answers.webhooks.events.last_hour == before.answers.webhooks.events.last_hour
    await watching.looks(3)
    assert watching.incidents.recent() == []


async def test_a_minute_of_looks_leaves_room_for_people(watching, project):
    """By endpoint: 120 a minute are there, of the logs 30; /health four times, which is 175,000 a month."""
    watch = watching.bot._answering.watch
    await watch.round()  # the first, at everything
    for _ in range(3):
        await watch.round()
    began = project.journal.entries[-1].n
    for _ in range(4):
        await watch.round()
    calls = Counter(one.path.split("?")[0] for one in project.journal.entries if one.n > began)
    api = {path: number for path, number in calls.items() if path.startswith("/v1/")}
    assert max(api.values()) <= 4, api
    assert sum(number for path, number in api.items() if path.endswith("/endpoints/logs")) == 2
    assert [number for path, number in calls.items() if path.endswith("/health") and path not in api] == [4]
    assert not [path for path in api if path.endswith("/backups")], "once an hour"
