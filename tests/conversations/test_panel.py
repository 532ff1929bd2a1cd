"""The control panel from outside, over HTTP, as a stranger's script would: each switch on, asked, off, asked."""

import aiohttp
import pytest

from tests.chat import verdict, words


@pytest.fixture
async def control(town):
    """POST to the Control API; a GET where there is no body."""
    async with aiohttp.ClientSession() as session:

        async def call(name: str, body=None, **query):
            url = f"{town.slack.url}/control/{name}"
            asked = session.get(url, params=query) if body is None else session.post(url, json=body)
            async with asked as answer:
                assert answer.status == 200, await answer.text()
                return await answer.json()

        yield call


SEEN = {
    "database_outage": "Database outage",
    "slow_database": "database slow",
    "disk_full": "Database read-only",
    "webhook_failing": "webhooks failing",
    "webhooks_silent": "webhooks silent",
    "secret_missing": "CIRCLE_API_KEY missing",
    "function_throttled": "payments-circle-webhook not invokable",
    "function_not_invokable": "Function health not invokable",
    "signature_attack": "signature attack",
    "high_risk_event": "high-risk event",
    "management_down": "no answers from Supabase's Management API",
    "management_429": "no answers from Supabase's Management API",
    "project_paused": "Project paused",
}


# What `/aikeys triage` finds and the card of health does not ask about.
TRIAGE = {"supabase_incident"}
# What a rotation meets: tests/rotations/test_ways.py
ROTATING = {"circle_down", "secrets_kept", "stale_secrets"}
# What a restore may choose from, and how it ends: tests/conversations/test_restore.py
RESTORING = {"pitr", "restore_fails"}


async def test_every_switch_of_the_wallet_and_of_supabase_is_one_of_these(control, town):
    faults = (await control("faults"))["faults"]
    known = set(SEEN) | TRIAGE | ROTATING | RESTORING
    assert {one["name"] for one in faults if one["group"] in {"wallet", "supabase"}} == known


@pytest.mark.parametrize("name", SEEN)
async def test_a_switch_reaches_the_card_and_its_end_too(control, town, bot, chat, name):
    await control("faults", {"name": name, "on": True})
    said = await control("say", {"user": "ana", "channel": "#ops", "text": "/aikeys health"})
    assert said["acked"]
    await chat.until(lambda one: SEEN[name] in one["blocks"][0]["text"]["text"])
    seen = (await control("messages", channel="#ops", user="zoe"))["messages"]
    assert any(SEEN[name] in words(one) and not one["ephemeral"] for one in seen)

    await control("faults", {"name": name, "on": False})
    before = len(chat.sees("ana"))
    await control("say", {"user": "ana", "channel": "#ops", "text": "/aikeys health"})
    await chat.until(lambda one: one in chat.sees("ana")[before:] and verdict(one))


@pytest.mark.parametrize("name", ["slack_429", "slack_5xx", "slack_away"])
async def test_a_slack_that_was_away_hears_the_answer_when_it_is_back(control, town, bot, chat, name):
    """What is asked while Slack takes nothing is not answered twice afterwards, and the bot is well again."""
    await control("faults", {"name": name, "on": True})
    await control("say", {"user": "ana", "channel": "#ops", "text": "/aikeys health"})
    await control("faults", {"name": name, "on": False})
    await town.slack.until(lambda: len(town.slack.sockets.open) == 2)

    await control("say", {"user": "ben", "channel": "#ops", "text": "/aikeys health"})

    await chat.until(lambda one: "<@U0BEN> asked" in words(one) and verdict(one))
    cards = [one for one in chat.sees("ana") if one.get("bot_id") and not one["ephemeral"]]
    assert len([one for one in cards if "<@U0BEN> asked" in words(one)]) == 1
    assert len([one for one in cards if "<@U0ANA> asked" in words(one)]) <= 1
