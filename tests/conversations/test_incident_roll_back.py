"""“Roll back last deploy” on an incident's card: its own approval, by another person; and the incident says so."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.deploys.hindering import hindered, likely, outlived
from bot.detectors import Firing
from bot.incidents.deciding import Opened, Resolved
from bot.incidents.telling import page
from store.incidents import Incident
from store.views import OpenIncident
from tests.chat import words
from tests.deploys import WEBHOOK, has_button

INCIDENTS, LABEL = "#incidents", "Roll back last deploy"


def danger(card):
    """Whether the button is a red one."""
    return any(
        one.get("style") == "danger"
        for block in card["blocks"]
        for one in block.get("elements", [])
        if one["type"] == "button" and one["text"]["text"] == LABEL
    )


@pytest.mark.parametrize(
    ("key", "command", "function", "said"),
    [
        ("database_outage", "rollback", WEBHOOK, "The database is down: a roll back of a function will hardly end"),
        ("database_outage", "deploy", WEBHOOK, "The database is down: a deploy of a function will hardly end"),
        ("database_outage", "rollback", "health", "Unless only health says so, and Supabase does not"),
        ("project_away", "rollback", "health", "The project does not run: a roll back"),
        ("webhooks_dead", "rollback", WEBHOOK, ""),
        ("database_outage", "rotate", WEBHOOK, "There may be no way back to the value that is live now."),
        ("database_outage", "migrate", WEBHOOK, "The database is down: a migration will hardly end this"),
        ("database_outage", "rollback migration", WEBHOOK, "taking a migration back will hardly end this, and cannot"),
        ("database_outage", "restore", WEBHOOK, ""),
    ],
)
def test_what_hardly_ends_it_and_cannot_be_proved(key, command, function, said):
    found = [OpenIncident("incident/1", "P0", "t", key, datetime(2026, 11, 25, tzinfo=UTC), 1)]
    words_ = hindered(found, command, f"function/{function}")
    assert said in words_
    assert bool(words_) is bool(said)


@pytest.mark.parametrize(
    ("command", "opened", "ended", "said"),
    [
        ("rollback", -1, 1, True),
        ("restore", -1, 1, True),
        ("deploy", -1, 1, False),
        ("rollback", -1, None, False),
        ("rollback", 1, 2, False),
        ("rollback", -2, -1, False),
    ],
)
def test_a_way_back_that_outlives_what_it_was_asked_for(command, opened, ended, said):
    asked = datetime(2026, 11, 25, 3, tzinfo=UTC)
    over = asked + timedelta(minutes=ended) if ended is not None else None
    begun = asked + timedelta(minutes=opened)
    one = Incident("incident/1", 1, "x", "P1", "t", "resolved" if over else "open", begun, "bot", resolved_at=over)
    assert bool(outlived([one], command, asked)) is said


def test_the_button_is_red_only_where_it_is_likely_the_cure():
    assert likely("webhooks_dead", WEBHOOK)
    assert likely("database_outage", "health")
    assert not likely("database_outage", WEBHOOK)
    assert not likely("project_away", "health")


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def test_pressed_approved_by_another_rolled_back_and_written_into_the_incident(deploying, chat, bot):
    card = await deploying.asks(f"deploy {WEBHOOK}")
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Done.")
    deployed = deploying.effects[-1]
    await chat.says("ana", '/aikeys incident open "payments fail" P0')
    incident = await chat.until(has_button(LABEL), channel=INCIDENTS)
    assert f"`{WEBHOOK}` version {deployed[1]} was put live by <@U0ANA>" in words(incident)

    assert not danger(incident), "nothing says that the deploy is the cause"
    down = Firing("The wallet cannot reach its database.", "Call.", title="outage")
    opened = Opened("database_outage", "P1", "Database outage", down, bot.clock.now())  # a P1, so that it is in #ops
    bot._answering._ctx.alerts.heed(opened, {})

    await chat.clicks("zoe", LABEL, INCIDENTS)
    await chat.until("is not for you", "zoe", INCIDENTS)
    await chat.clicks("ana", LABEL, INCIDENTS)
    card = await chat.until(has_button("Approve"), "ben", INCIDENTS)
    assert f"Roll back {WEBHOOK}" in words(card)
    assert "Open: incidents " in words(card)
    assert "*The database is down: a roll back of a function will hardly end this, and cannot be proved" in words(card)
    assert card["thread_ts"] == incident["ts"], "all of it stands below the incident"
    await chat.says("ana", f"/aikeys rollback {WEBHOOK} --plan")
    await chat.until(lambda one: "only a plan" in words(one) and "*The database is down: a roll back" in words(one))
    bot._answering._ctx.alerts.heed(Resolved("incident/2", timedelta(minutes=1)), {})
    now = "Asked for during incident 2 (P1 Database outage), which ended"
    card = await chat.until(now, "ben", INCIDENTS)
    assert "is it needed still?" in words(card)
    assert "The database is down" not in words(card)
    await deploying.click("ana", card, "Approve", INCIDENTS)
    await chat.until("You cannot approve this", "ana", INCIDENTS)
    assert deploying.effects[-1] == deployed, "pressing changes nothing"
    await deploying.click("ben", card, "Approve", INCIDENTS)

    said = await chat.until(f"↩️ <@U0ANA> rolled back `{WEBHOOK}`", channel=INCIDENTS)
    assert said["thread_ts"] == incident["ts"], "in the incident's own thread"
    assert "approved by <@U0BEN>" in words(said)
    assert deploying.effects[-1] == (WEBHOOK, deployed[1] + 1)
    gone = await chat.until(lambda one: one["ts"] == incident["ts"] and not has_button(LABEL)(one), channel=INCIDENTS)
    assert "P0 payments fail · open" in words(gone), "the card is no answer, and what it offers was done"
    found = page(bot.store, bot.store.incidents.of("incident/1"), bot.clock.now()).page.moments
    assert [one.event.data["command"] for one in found if one.event.kind == "deploy.finished"] == ["rollback"]

    await chat.says("ana", '/aikeys incident resolve 1 "the old version is back"')
    over = words(await chat.until("P0 payments fail · resolved", channel=INCIDENTS))
    assert f"*Before it ended* `{WEBHOOK}` was rolled back by <@U0ANA>" in over


async def test_of_several_functions_the_one_that_was_put_live_last(deploying, chat, bot):
    """And nothing where the button comes from nowhere."""
    done = {"function": "health", "version": 9, "commit": None, "ok": 1, "operation": "operation/1"}
    row = bot.store.events.append("function/health", "deploy.finished", "U0ANA", done, bot.clock.now())
    await chat.says("ana", '/aikeys incident open "payments fail"')
    card = await chat.until(has_button(LABEL))
    press = next(
        one for block in card["blocks"] for one in block.get("elements", []) if one.get("value", "")[:5] == "event"
    )
    assert press["value"] == f"event/{row.id}"
    await chat.clicks("ana", LABEL)
    await chat.until("health is not rolled back.")
