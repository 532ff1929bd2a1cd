"""Triage in the channel: each switch of the control panel leads to its cause, with the way out."""

from datetime import timedelta

import pytest

from tests.chat import whole, words
from tests.deploys import has_button

FOUND = [
    ("database_outage", "database", "The database is down", "As Supabase sees it: down"),
    ("database_outage", "webhook", "The database is down", "Database connectivity failed"),
    ("slow_database", "database", "The database is slow", "The wallet's own query took"),
    ("disk_full", "webhook", "The database is read-only", "read-only transaction"),
    ("disk_full", "database", "The database is read-only", "The disk is 96 % full"),
    ("webhook_failing", "webhook", "Storing events fails: 6 of", "risk_checked"),
    ("webhooks_silent", "webhook", "Circle sends nothing", "No webhook for"),
    ("secret_missing", "webhook", "CIRCLE_API_KEY is missing", "is not in Supabase's list"),
    ("function_throttled", "webhook", "Supabase throttles the function payments-circle-webhook", "546"),
    ("function_not_invokable", "function health", "The function health is listed, but cannot be invoked", "BLOB"),
    ("signature_attack", "webhook", "Somebody posts webhooks with wrong signatures", "right events came in"),
    ("project_paused", "database", "The project is paused", "restore it there"),
    ("supabase_incident", "database", "Supabase has an incident", "Partial System Outage"),
]


@pytest.mark.parametrize(("switch", "about", "cause", "evidence"), FOUND, ids=[f"{s} {a}" for s, a, *_ in FOUND])
async def test_a_switch_leads_to_its_cause(chat, town, switch, about, cause, evidence):
    await town.slack.faults.set(switch, True)
    await chat.says("ana", f"/aikeys triage {about}")
    card = await chat.until(lambda one: cause in one["blocks"][0]["text"]["text"] and whole(evidence)(one))
    assert "1. " in words(card), "and what to do"
    assert switch != "database_outage" or "not known while it is down" in words(card)


@pytest.mark.parametrize(
    ("about", "verdict"),
    [
        ("webhook", "Nothing found wrong with the webhook"),
        ("database", "Nothing found wrong with the database"),
        ("function withdraw-funds", "Nothing found wrong with the function withdraw-funds"),
        ("function nosuch", "The function nosuch is not deployed"),
    ],
)
async def test_a_viewer_asks_on_a_good_day(chat, about, verdict):
    await chat.says("zoe", f"/aikeys triage {about}")
    card = await chat.until(
        lambda one: verdict in one["blocks"][0]["text"]["text"] and whole("Checked")(one), who="zoe"
    )
    assert "All Systems Operational" in words(card)
    assert "Supabase's own status: <https://status.supabase.com|status.supabase.com>" in words(card)


async def test_a_button_leads_on(chat, town):
    await town.slack.faults.set("signature_attack", True)
    await chat.says("zoe", "/aikeys triage webhook")
    await chat.until(whole("Somebody posts webhooks"), who="zoe")
    await chat.clicks("zoe", "Security")
    await chat.until(whole("from 8 addresses in the last day"), who="zoe")


async def test_a_function_needs_its_name_and_the_others_have_none(chat):
    await chat.says("ana", "/aikeys triage function")
    await chat.until(whole("Name it: triage function withdraw-funds"))
    await chat.says("ana", "/aikeys triage database health")
    await chat.until(whole("The database has no name"))
    await chat.says("ana", "/aikeys triage function <!channel>")
    refused = await chat.until(lambda one: "name" in words(one) and "channel" in words(one))
    assert "<!channel>" not in words(refused)


async def test_without_supabases_api_and_its_page_the_wallet_is_still_looked_at(chat, town, project):
    await town.slack.faults.set("management_down", True)
    async with project.answers("GET", "status.json", drop=True):
        await chat.says("ana", "/aikeys triage webhook")
        card = await chat.until(whole("So not known: Supabase's status page"))
    assert "Nothing found wrong with the webhook, as far as that is known" in words(card)
    assert "The wallet's /health: answers" in words(card)


class TestJustDeployed:
    """What went live lately, and goes badly since, is the likeliest cause; the way back is a request like any other."""

    @pytest.fixture
    def environment(self, environment, repository):
        return environment | {"AIKEYS_SOURCE": str(repository.path)}

    async def test_the_way_back_is_a_button_and_still_needs_a_second_person(self, chat, town, deploying, bot):
        card = await deploying.asks()
        await deploying.click("ben", card, "Approve")
        await deploying.ended("Done.")
        await town.slack.faults.set("webhook_failing", True)

        await chat.says("ana", "/aikeys triage webhook")

        found = await chat.until(whole("s ago, and it goes worse since"))
        assert "went live from" in words(found)
        assert "Type /aikeys rollback payments-circle-webhook" in words(found)
        await deploying.click("ana", found, "Roll back")
        asked = await chat.until(lambda one: has_button("Approve")(one) and "Roll back" in words(one))
        assert len(deploying.effects) == 1, "nothing is done before somebody approves"
        assert "<@U0ANA>" in words(asked)

        await town.slack.faults.set("webhook_failing", False)
        now = bot.clock.now()
        outage = bot.store.incidents.open("P0", "Database outage", "database_outage", now - timedelta(minutes=5))
        bot.store.incidents.resolve(outage, "bot", now)
        await chat.says("ana", "/aikeys triage webhook")
        later = await chat.until(whole("what failed while the database was down"))
        assert "goes worse since" not in words(later), "what an outage explains is not held against the deploy"
