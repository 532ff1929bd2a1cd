"""A system that fails: what is posted, once, what people do with it, and that it ends."""

import asyncio
from datetime import timedelta
from hashlib import sha256

import pytest

from bot.health.answers import Question
from bot.incidents import maintenance
from bot.incidents.asking import SECOND
from bot.incidents.seeing import CONFIRM
from store.looks import recorded
from tests.chat import words
from tests.wait import eventually

INCIDENTS, OPS = "#incidents", "#ops"


async def test_acknowledged_and_over(watching, chat):
    await watching.looks(2)
    await watching.switch("database_outage")
    began, db = watching.clock.now(), watching.bot.store.db
    looking = asyncio.create_task(watching.eyes.look(frozenset({Question.WALLET})))
    await eventually(lambda: len(list(recorded(db, began))) == 1)
    await watching.clock.passes(seconds=CONFIRM - 1)
    assert watching.incidents.recent() == [], "one look is no proof"
    assert len(list(recorded(db, began))) == 1
    await watching.clock.passes(seconds=1)
    assert (await looking).asked == {Question.WALLET, *SECOND}, "the other vantage point is asked at the first failure"
    assert [at for at, _ in recorded(db, began)] == [began, began + timedelta(seconds=CONFIRM)]
    card = await chat.until("P0 Database outage", channel=INCIDENTS)
    assert "Nobody has it yet" in words(card)
    pointer = await chat.until("see <#C0INC>", channel=OPS)
    assert "P0" in words(pointer)

    await chat.clicks("zoe", "Acknowledge", INCIDENTS)
    await chat.until("not for you", "zoe", INCIDENTS)
    await chat.clicks("ben", "Acknowledge", INCIDENTS)
    held = await chat.until("*Acknowledged* by <@U0BEN>", channel=INCIDENTS)
    assert held["ts"] == card["ts"]

    await watching.switch("database_outage", on=False)
    await watching.looks(2)
    assert watching.incidents.of("incident/1").open, "two good looks are no recovery"
    await chat.until("*Not seen any more* since", channel=INCIDENTS)
    await watching.looks(6, apart=15)
    over = await chat.until("*Resolved* by itself", channel=INCIDENTS)
    assert over["ts"] == card["ts"]
    thread = [words(one) for one in chat.sees("zoe", INCIDENTS) if one.get("thread_ts") == card["ts"]]
    assert any("<@U0BEN> acknowledged it" in one for one in thread)


async def test_what_was_put_live_shortly_before_it_stands_on_the_card(watching, chat):
    done = {"function": "health", "version": 9, "commit": None, "ok": 1, "operation": "operation/1"}
    at = watching.clock.now() - timedelta(minutes=3)
    watching.bot.store.events.append("function/health", "deploy.finished", "U0ANA", done, at)
    await watching.switch("database_outage")
    await watching.looks(3)
    card = words(await chat.until("P0 Database outage", channel=INCIDENTS))
    assert "`health` version 9 was put live by <@U0ANA>" in card
    assert "min before it" in card
    assert '"value": "event/' in card, "Roll back last deploy asks for an approval, as below a bad deploy"


async def test_two_who_acknowledge_at_once(watching, chat):
    """One has it, the other hears who; it is told and counted once."""
    await watching.switch("database_outage")
    await watching.looks(3)
    await chat.until("P0 Database outage", channel=INCIDENTS)
    await asyncio.gather(*(chat.clicks(who, "Acknowledge", INCIDENTS) for who in ("ben", "cy")))
    await chat.until("*Acknowledged* by", channel=INCIDENTS)
    assert not chat.offers("cy", "Acknowledge", INCIDENTS)
    (had,) = [one for one in watching.incidents.story("incident/1") if one.kind == "incident.acknowledged"]
    late = "cy" if had.actor == "U0BEN" else "ben"
    await chat.until(f"<@{had.actor}> acknowledged it", late, INCIDENTS)
    assert "It is acknowledged already" in words(await chat.until(lambda one: one["ephemeral"], late, INCIDENTS))


async def test_a_p0_is_repeated_until_somebody_has_it(watching, chat):
    await watching.switch("database_outage")
    await watching.looks(3)
    await chat.until("P0 Database outage", channel=INCIDENTS)

    await watching.later(31)
    await chat.until("Nobody has acknowledged this for 30 minutes", channel=INCIDENTS)

    await chat.clicks("ben", "Acknowledge", INCIDENTS)
    await chat.until("*Acknowledged* by", channel=INCIDENTS)
    await watching.later(120)
    assert not [one for one in chat.sees("zoe", INCIDENTS) if "for 60 minutes" in words(one)]


async def test_a_p1_that_nobody_resolves_in_two_hours_goes_to_the_lead(watching, chat):
    """Acknowledging does not stop the clock: the runbook says resolved."""
    await watching.switch("secret_missing")
    await watching.looks(3)
    await chat.until("P1 Secret missing", channel=OPS)
    await chat.clicks("ana", "Acknowledge", OPS)
    await chat.until("*Acknowledged* by", channel=OPS)

    await watching.later(60)
    await chat.until("in 60 minutes it goes to the technical lead", channel=OPS)
    await watching.later(45)
    await chat.until("in 15 minutes it goes to the technical lead", channel=OPS)
    await watching.later(15)
    await chat.until("the technical lead is told", channel=OPS)
    story = watching.incidents.story("incident/1")
    assert [one.kind for one in story].count("incident.escalated") == 1

    await chat.clicks("ana", "Resolve", OPS)
    await chat.until("*Resolved* by <@U0ANA>", channel=OPS)
    await watching.later(240)
    assert [one.kind for one in watching.incidents.story("incident/1")].count("incident.escalated") == 1


async def test_a_person_who_resolves_it_is_not_contradicted_at_once(watching, chat):
    await watching.switch("secret_missing")
    await watching.looks(3)
    await chat.until("P1 Secret missing", channel=OPS)
    await chat.clicks("ana", "Resolve", OPS)
    await chat.until("*Resolved* by <@U0ANA>", channel=OPS)
    await watching.looks(5)
    assert not watching.incidents.of("incident/1").open
    assert len(watching.incidents.recent()) == 1


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({"version": 1}, "I made version 1"),
        ({"verify_jwt": True}, "verify_jwt is off, I left it on"),
        ({"ezbr_sha256": "b" * 64}, "other code than I sent"),
    ],
    ids=["version", "flag", "code"],
)
async def test_a_change_by_somebody_else_is_a_security_alert_until_a_person_calls_it_right(
    watching, chat, project, made, told
):
    bot, slug = watching.bot, "payments-circle-webhook"
    version = project.state.functions[slug].version
    done = {"function": slug, "version": version, "commit": None, "ok": 1} | made
    bot.store.events.append(
        f"function/{slug}", "deploy.finished", "U0ANA", done, watching.clock.now() - timedelta(hours=1)
    )

    await watching.looks(3)

    card = await chat.until("P0 Webhook function changed by somebody else", channel=INCIDENTS)
    assert told in words(card)
    await chat.clicks("ben", "Resolve", INCIDENTS)
    await chat.until("*Resolved* by <@U0BEN>", channel=INCIDENTS)
    await watching.later(31)
    await watching.looks(3)
    assert len(watching.incidents.recent()) == 1, "it was called right, also after half an hour"


async def test_what_is_open_stays_open_through_a_restart(watching, chat, town):
    await watching.switch("database_outage")
    await watching.looks(3)
    await chat.until("P0 Database outage", channel=INCIDENTS)

    watching.eyes._tracks = {}  # all that a restart forgets
    await watching.looks(3)
    assert len(watching.incidents.recent()) == 1
    await watching.switch("database_outage", on=False)
    await watching.looks(6, apart=15)
    await chat.until("*Resolved* by itself", channel=INCIDENTS)


async def test_what_comes_back_is_heard_again(watching, chat):
    """The old card is edited, and edits notify nobody."""
    await watching.switch("database_outage")
    await watching.looks(3)
    card = await chat.until("P0 Database outage", channel=INCIDENTS)
    await watching.switch("database_outage", on=False)
    await watching.looks(6, apart=15)
    await chat.until("*Resolved* by itself", channel=INCIDENTS)
    await watching.switch("database_outage")
    await watching.looks(3)
    back = await chat.until(lambda one: "It has come back" in words(one) and "thread_ts" not in one, channel=INCIDENTS)
    assert back["ts"] != card["ts"]
    assert "Acknowledge" in words(back)


async def test_looking_from_the_card_leaves_the_card(watching, chat):
    await watching.switch("database_outage")
    await watching.looks(3)
    card = await chat.until("P0 Database outage", channel=INCIDENTS)
    await chat.clicks("zoe", "Open triage", INCIDENTS)
    below = await chat.until("How I know", "zoe", INCIDENTS)
    assert below["ts"] != card["ts"]
    await chat.clicks("ben", "Acknowledge", INCIDENTS)
    await chat.until("*Acknowledged* by <@U0BEN>", channel=INCIDENTS)


async def test_what_is_still_seen_is_not_resolved_by_a_slip(watching, chat):
    await watching.switch("database_outage")
    await watching.looks(3)
    await chat.until("P0 Database outage", channel=INCIDENTS)
    await chat.says("ana", "/aikeys incident resolve")
    assert "--anyway" in words(await chat.until("I still see it"))
    assert watching.incidents.of("incident/1").open
    await chat.says("ana", "/aikeys incident resolve 1 --anyway")
    await chat.until("*Resolved* by <@U0ANA>", channel=INCIDENTS)


async def test_slack_is_away_when_it_begins(watching, chat):
    """It is told as soon as Slack is back, once."""
    await watching.switch("slack_away")
    await watching.switch("database_outage")
    await watching.looks(4)
    assert watching.incidents.of("incident/1").open
    await watching.switch("slack_away", on=False)
    await watching.later(2)
    await chat.until("P0 Database outage", channel=INCIDENTS)
    await watching.later(2)
    cards = [one for one in chat.sees("zoe", INCIDENTS) if "P0 Database outage" in words(one)]
    assert len(cards) == 1


async def test_under_a_p0_of_the_detectors_the_glass_may_be_broken(watching):
    await watching.switch("database_outage")
    await watching.looks(3)
    assert watching.bot.changes.requests.incident("U0ANA") == "incident/1"


async def test_a_secret_that_somebody_else_set_is_an_alarm_until_a_person_calls_it_right(watching, chat, project):
    await watching.looks(2)
    assert watching.incidents.recent() == [], "the first look is the baseline"
    project.state.secrets["CIRCLE_API_KEY"] = "another"
    await watching.looks(3)
    card = await chat.until("P0 Secret changed by somebody else", channel=INCIDENTS)
    assert "was set to another value" in words(card)
    assert "another" not in words(card).replace("another value", ""), "the value is nowhere"
    channels = chat.slack.state.channels
    await chat.slack.until(lambda: any(one.name.startswith("inc-") for one in channels.values()))
    assert [one.is_private for one in channels.values() if one.name.startswith("inc-")] == [True]
    project.state.secrets["CIRCLE_WEBHOOK_SECRET"] = "mine"
    await watching.looks(2)
    below = await chat.until(
        lambda one: "CIRCLE_WEBHOOK_SECRET" in words(one) and one["ts"] != card["ts"], channel=INCIDENTS
    )
    assert below["thread_ts"] == card["ts"], "the second one is told in the thread of the first"
    both = await chat.until(
        lambda one: one["ts"] == card["ts"] and "CIRCLE_WEBHOOK_SECRET" in words(one), channel=INCIDENTS
    )
    assert "CIRCLE_API_KEY" in words(both), "and on its card, with it"
    await chat.clicks("ben", "Resolve", INCIDENTS)
    await chat.until("*Resolved* by <@U0BEN>", channel=INCIDENTS)
    await watching.later(31)
    await watching.looks(3)
    assert len(watching.incidents.recent()) == 1, "both were called right"


async def test_a_secret_that_a_rotation_of_ours_set_is_none(watching, project):
    await watching.looks(2)
    project.state.secrets["CIRCLE_API_KEY"] = "another"
    begins = sha256(b"another").hexdigest()[:8]
    watching.bot.store.events.append(
        "secret/CIRCLE_API_KEY", "rotation.set", "U0ANA", {"begins": begins, "operation": "operation/1"},
        watching.clock.now(),
    )  # fmt: skip
    await watching.looks(3)
    assert watching.incidents.recent() == []


async def test_what_is_maintained_is_not_told(watching):
    await watching.looks()
    maintenance.begin(watching.bot.store, watching.clock, "a rehearsal", {"secret_missing"})
    await watching.switch("secret_missing")
    await watching.looks(4)
    assert watching.incidents.recent() == []
    maintenance.end(watching.bot.store, watching.clock, "a rehearsal")
    await watching.later(6)
    await watching.looks(3)
    assert [one.title for one in watching.incidents.recent()] == ["Secret missing"]
