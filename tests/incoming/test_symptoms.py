"""What comes from elsewhere while our own outage is open is on its card; what outlives it pages by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.detectors import Firing
from bot.incidents.deciding import Opened, Resolved
from bot.incoming import symptoms
from store.incidents import Incident
from tests.chat import words
from tests.incidents.test_report import text
from tests.incoming.conftest import alert
from tests.incoming.test_pure import NOON, group

DOWN = Firing("The wallet cannot reach its database.", "Call.", title="outage")


@pytest.fixture
def ours(bot):
    """Our own database outage, as the watch opens and ends it."""
    alerts = bot._answering._ctx.alerts

    class Ours:
        def begins(self):
            opened = Opened("database_outage", "P0", "Database outage", DOWN, bot.clock.now())
            self.subject = alerts.heed(opened, {}).subject

        def ends(self):
            alerts.heed(Resolved(self.subject, timedelta(minutes=1)), {})

    return Ours()


async def test_a_symptom_is_no_second_page(sender, chat, bot, clock, ours):
    ours.begins()
    await sender.sends(alert("CheckoutFails", severity="critical", description="5xx above 5 %."))
    await chat.until("With it, from elsewhere: CheckoutFails on db-1. 5xx", channel="#incidents")
    await sender.sends(alert("Slow", node="a"), alert("Slow", node="b"))
    await clock.passes(seconds=12)
    card = words(
        await chat.until("*From elsewhere, explained by it* 3 alerts of 3 kinds, 2 causes", channel="#incidents")
    )
    assert "P0 Database outage" in card
    assert "seen by me" in card
    assert [one.subject for one in bot.store.incidents.recent()] == [ours.subject], "one cause, one page"

    ours.ends()
    await sender.sends(alert("CheckoutFails", "resolved", severity="critical"))
    await clock.passes(minutes=5)
    assert [one.subject for one in bot.store.incidents.recent()] == [ours.subject], "its sender is slow to say so"
    await clock.passes(seconds=70)
    late = [one for one in bot.store.incidents.recent() if one.open]
    assert [(one.title, one.severity) for one in late] == [("Alert: Slow", "P1")], "what still fires is another cause"
    assert bot.store.alerts.told_by(ours.subject) == []
    await chat.until("Fires on, and is told for itself: Alert: Slow", channel="#incidents")
    over = words(await chat.until("2 alerts that have an incident of their own now", channel="#incidents"))
    assert "P0 Database outage · resolved" in over
    assert "firing" not in over
    told = words(await chat.until("P1 Alert: Slow"))
    assert "2 alerts of 2 kinds, all firing" in told, "those that came last, together"
    assert "as a symptom of incident 1" in told, "why it comes so late"
    assert "reported from elsewhere" in told
    await chat.says("ana", "/aikeys incident show 2")
    assert "seen by me" not in words(await chat.until("Export"))
    said = text(bot.store, subject=late[0].subject, now=clock.now())
    assert "an alert from elsewhere reported it" in said
    assert "after the alert arrived: until then it was held back as a symptom of incident 1" in said
    assert "The alert arrived. It was held back as a symptom of incident 1." in said
    assert "It still fires: Alert: Slow (incident 2)" in text(bot.store, subject=ours.subject, now=clock.now())


async def test_it_is_remembered_of_each_that_it_was_held_back(sender, chat, bot, clock, ours):
    """Also of those that came when ten were told one by one already."""
    ours.begins()
    await sender.sends(alert("First"))
    await clock.passes(seconds=12)
    ours.ends()
    await sender.sends(alert("First", "resolved"))
    await clock.passes(seconds=2)
    await chat.until("*From elsewhere, explained by it* 1 alert, resolved", channel="#incidents")
    ours.begins()
    names = [f"T{number}" for number in range(symptoms.NAMED)]
    await sender.sends(*map(alert, names))
    await clock.passes(seconds=12)
    await sender.sends(alert("Last"))
    await clock.passes(seconds=12)
    ours.ends()
    await sender.sends(*(alert(one, "resolved") for one in names))
    await clock.passes(minutes=6, seconds=2)
    assert "as a symptom of incident 2" in words(await chat.until("P1 Alert: Last"))


async def test_what_begins_when_it_is_over_pages_at_once(sender, bot, clock, ours):
    ours.begins()
    await sender.sends(alert("A", severity="critical"))
    await clock.passes(seconds=2)
    ours.ends()
    await clock.passes(seconds=30)
    await sender.sends(alert("B", severity="critical"), alert("A", node="b", severity="critical"))
    await clock.passes(seconds=2)
    assert {one.title for one in bot.store.incidents.recent() if one.open} == {"Alert: A", "Alert: B"}


async def test_ours_under_theirs_is_a_page_of_its_own(sender, bot, clock, ours):
    await sender.sends(alert("DatabaseGone", severity="critical"))
    await clock.passes(seconds=2)
    ours.begins()
    await clock.passes(seconds=2)
    assert len([one for one in bot.store.incidents.recent() if one.open]) == 2


async def test_a_silenced_alert_opens_nothing_until_the_silence_is_over(sender, chat, bot, clock):
    await sender.sends(alert())
    await clock.passes(seconds=11)
    await chat.until("Alert: DiskFull")
    now = clock.now()
    bot.store.quiet.silence(
        "incident/1", "alerts:alertname=DiskFull", "P1", "U0ANA", "known", now + timedelta(hours=1), now
    )
    await sender.sends(alert(status="resolved"))
    await clock.passes(seconds=2)
    await sender.sends(alert())
    await clock.passes(seconds=30)
    assert not bot.store.incidents.of("incident/1").open
    await sender.sends(alert("DiskFull", severity="critical", node="b"))
    await clock.passes(seconds=2)
    worse = bot.store.incidents.recent()[0]
    assert (worse.severity, worse.open) == ("P0", True), "a worse class breaks it"


INCIDENT = Incident("incident/1", 1, "database_outage", "P0", "x", "open", NOON, "bot")


@pytest.mark.parametrize(
    ("incident", "of", "explains"),
    [
        ({}, {}, True),
        ({}, {"critical": 1}, True),
        ({"dedup_key": "wallet_unreachable"}, {}, True),
        ({"dedup_key": "secret_changed"}, {}, False),
        ({"dedup_key": ""}, {}, False),
        ({"state": "resolved"}, {}, False),
        ({"severity": "P1"}, {}, True),
        ({"severity": "P1"}, {"critical": 1}, False),
    ],
)
def test_what_explains_it(incident, of, explains):
    assert symptoms.explains(replace(INCIDENT, **incident), group(**of)) is explains


def test_the_bounds_of_what_is_freed():
    ended = replace(INCIDENT, state="resolved", resolved_at=NOON)
    settles = symptoms.SETTLES
    fires, calm = group(fired_at=NOON - settles), group(root="calm", firing=0)
    assert symptoms.freed([fires, calm], ended, NOON + settles - timedelta(seconds=1)) == []
    assert symptoms.freed([fires, calm], ended, NOON + settles) == ["r"]
    assert symptoms.over([fires, calm], ended) == ["calm"]
    assert symptoms.over([fires, calm], INCIDENT) == []
    assert symptoms.freed([group(critical=1)], replace(INCIDENT, severity="P1"), NOON) == ["r"]
