"""/aikeys webhooks: what came in, what failed, what the wallet's own word hides."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bot.clients.errors import NobodyThere, Source
from bot.clients.wallet import Wallet
from bot.context import Target
from bot.webhooks import traffic
from bot.webhooks.questions import Keys, Refusals, Traffic
from bot.webhooks.signing import HmacSigner
from tests.chat import words
from tests.wait import eventually

_FAILED = """insert into public.idempotency_keys (provider, key, payload_hash, response_status)
             select 'circle', 'evt-' || n, 'x', 500 from generate_series(1, 30) n"""


async def test_what_came_in(chat, bot):
    await chat.says("zoe", "/aikeys webhooks")
    card = await chat.until("webhooks in the last day, none failed", "zoe")
    told = words(card)
    for each in ("payments.confirmed", "data_visualization", "at the 95th percentile", "Idempotency keys:", "MB"):
        assert each in told, each
    assert "healthy, which it always says" in told
    assert "How I know" in told
    assert "none failed of those that left a row" in told
    assert "usual are" not in told, "the table is a day old"


@pytest.mark.parametrize(
    ("days", "usual"), [(0.4, None), (1.9, None), (3.0, "; usual are 200 a day"), (7.0, "86 a day")]
)
def test_what_is_usual_needs_days_to_take_it_from(days, usual):
    away = NobodyThere(Source("x", "y"))
    keys = Keys(1500, 900, 600, days, 1e6)
    report = traffic.judge(
        Traffic(away, away, away, keys, away, away, away, datetime(2026, 3, 29, tzinfo=UTC)), Target("a", "b", "c")
    )
    (said,) = (line.says for line in report.groups[-1].lines if line.name == "Idempotency keys:")
    assert ("usual" in said) is (usual is not None)
    assert (usual or "") in said
    assert any("usual are" in one.what for one in report.wrong) is (usual is not None)


@pytest.mark.parametrize(("hour", "wrong"), [(5, False), (6, True)])
def test_up_to_five_wrong_signatures_an_hour_are_noise_here_as_for_health(hour, wrong):
    away = NobodyThere(Source("x", "y"))
    seen = Traffic(away, away, away, away, away, Refusals(9, hour, 2), away, datetime(2026, 3, 29, tzinfo=UTC))
    report = traffic.judge(seen, Target("a", "b", "c"))
    assert any("wrong signatures in the last hour" in one.what for one in report.wrong) is wrong


async def test_deliveries_fail_while_the_wallet_says_healthy(chat, project, bot):
    async with project.postgres.superuser() as connection:
        await connection.execute(_FAILED)
    await chat.says("ana", "/aikeys webhooks")
    card = await chat.until("failed with 500")  # in the words of the alarm
    assert "healthy, which it always says" in words(card)
    assert "500" in words(card)


async def test_a_missing_table_is_said_and_the_rest_is_there(chat, project, bot):
    async with project.postgres.superuser() as connection:
        await connection.execute("alter table public.idempotency_keys rename to gone")
    await chat.says("ana", "/aikeys webhooks")
    card = await chat.until("Not known: idempotency keys, deliveries")
    assert "payments.confirmed" in words(card)


async def test_nothing_ever_came_and_a_type_that_is_hostile(chat, project, bot):
    async with project.postgres.superuser() as connection:
        await connection.execute("delete from public.payment_events")
    await chat.says("ana", "/aikeys webhooks")
    await chat.until("No webhook ever came")
    async with project.postgres.superuser() as connection:
        await connection.execute(
            "insert into public.payment_events (event_id, event_type, raw_event) values ('1', $1, '{}')",
            "<!channel> '; drop table x \u202e" + "x" * 500,
        )
    await chat.says("ana", "/aikeys webhooks")
    card = await chat.until("1 webhook in the last day")
    assert "<!channel>" not in words(card)


async def test_nothing_can_be_asked(chat, town, bot):
    await town.slack.faults.set("management_down", True)
    await chat.says("ana", "/aikeys webhooks")
    card = await chat.until("What came in is not known")
    assert "The wallet's own word" in words(card)


@pytest.fixture
async def wallet(project, clock):
    """The bot's own door to the functions, as it makes it."""
    wallet = Wallet(project.functions_url, clock, project.ref, project.access_token.encode())
    yield wallet
    await wallet.close()


async def test_our_own_events_and_probes_are_in_no_count(chat, project, bot, wallet):
    """Rows that the bot caused are left out; the same from somebody else are counted."""
    await chat.says("ana", "/aikeys webhooks")
    before = words(await chat.until("none failed"))
    for _ in range(6):
        await wallet.probe("payments-circle-webhook", "POST")
    secret = project.secrets["CIRCLE_WEBHOOK_SECRET"]
    raw = json.dumps({"eventType": "aikeys.synthetic", "eventId": "aikeys-test-1"}).encode()
    signed = HmacSigner(SecretStr(secret)).headers(raw)
    assert (await wallet.deliver("payments-circle-webhook", raw, signed)).word == "success"
    await chat.says("ana", "/aikeys webhooks")
    await eventually(lambda: len([one for one in chat.sees() if "none failed" in words(one)]) == 2)
    after = words([one for one in chat.sees() if "none failed" in words(one)][-1])
    for told in ("webhooks in the last day", "Wrong signatures: ", "Idempotency keys: "):
        assert _around(before, told) == _around(after, told)


def _around(text: str, told: str) -> str:
    at = text.index(told)
    return text[max(0, at - 5) : at + len(told) + 8]


async def test_the_same_from_somebody_else_is_counted(chat, project, bot, clock):
    other = Wallet(project.functions_url, clock, project.ref, b"another bot's token")
    for _ in range(6):
        await other.probe("payments-circle-webhook", "POST")
    await other.close()
    await chat.says("ana", "/aikeys webhooks")
    await chat.until("6 webhooks in the last hour had a wrong signature")
