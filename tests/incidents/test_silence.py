"""Silence: with a reason and an end, a P0 by two people; what is worse breaks it, and it ends by itself."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.detectors import load
from bot.incidents.deciding import Past, gravity
from bot.incidents.evidence import evidence
from bot.views import moments
from bot.views.pens import SlackPen
from store.errors import BadEvent, TooLate
from store.quiet import Silence
from tests.attack.test_doors import click, handed
from tests.chat import words

INCIDENTS, OPS = "#incidents", "#ops"


async def silence(watching, chat, who, channel, *, reason="Circle is mending it", until="2h", button="Silence"):
    await chat.clicks(who, button, channel)
    slack = watching.town.slack
    await slack.until(lambda: slack.views(who)["modals"])
    view = slack.views(who)["modals"][-1]
    values = {"reason": {"reason": reason}}
    if until:
        values["until"] = {"until": until}
    answer = await slack.submit(who, view["id"], values)
    await watching.later(0.05)  # an edit waits for the one before it
    return answer


async def old_button(watching, chat, value, name, refusal):
    """Ben presses it on a screen that has not seen the edit."""
    handed(watching.bot, "interactive", click(f"aikeys:{name}", str(value), user="U0BEN"))
    await chat.until(refusal, "ben")


async def test_a_p1_is_silenced_by_one_with_a_reason_and_an_end(watching, chat):
    await watching.looks()
    await watching.switch("secret_missing")
    await watching.looks(2)
    await chat.until("P1 Secret missing", channel=OPS)

    await silence(watching, chat, "ana", OPS)
    card = await chat.until("*Silent* until", channel=OPS)
    assert "Circle is mending it" in words(card)
    assert "End the silence" in words(card)

    await watching.switch("secret_missing", on=False)
    await watching.looks(6, apart=15)
    await chat.until("*Resolved* by itself", channel=OPS)
    await watching.switch("secret_missing")
    await watching.looks(3)
    assert [one.open for one in watching.incidents.recent()] == [False], "it is silent still"
    await watching.later(121)
    await watching.looks(2)
    assert watching.incidents.of("incident/2").open, "and then it is told"


async def test_made_a_p0_what_one_person_silenced_is_heard_again_and_is_still_whose_it_was(watching, chat):
    await watching.looks()
    await watching.switch("secret_missing")
    await watching.looks(2)
    await chat.until("P1 Secret missing", channel=OPS)
    await chat.clicks("ana", "Acknowledge", OPS)
    await silence(watching, chat, "ana", OPS)
    assert (quiet := watching.bot.store.quiet).of("secret_missing").state == "on"
    await chat.says("ana", '/aikeys incident severity P0 --why "customers write"')
    await chat.until("It is a P0 now. You have it still.")
    card = words(await chat.until("P0 Secret missing", channel=INCIDENTS))
    await watching.later(0.1)
    assert "silenced" not in card
    assert "*Silent*" not in card
    await chat.until("It is a P0 now: the silence that one person made is over.", channel=INCIDENTS)
    await chat.until("<@U0ANA> has it still", channel=INCIDENTS)
    assert watching.incidents.of("incident/1").acked_by == "U0ANA"
    assert quiet.of("secret_missing") is None
    ended = [one for one in watching.incidents.story("incident/1") if one.kind == "silence.ended"]
    assert [one.data["worse"] for one in ended] == ["P0"]


@pytest.mark.parametrize(("called", "silent"), [("P1", True), ("P0", False)])
def test_a_silence_is_judged_by_what_the_incident_is_called_now(store, clock, called, silent):
    """Also one that was made before raising ended it: on the card, and in what the watch decides by."""
    now = clock.now()
    subject = store.incidents.open("P1", "x", "secret_missing", now)
    standing = store.quiet.silence(subject, "secret_missing", "P1", "U0ANA", "why", now + timedelta(hours=1), now)
    incident = replace(store.incidents.of(subject), severity=called)
    assert evidence(incident, store.incidents.story(subject)).silent is silent
    detector = next(one for one in load() if one.id == "secret_missing")
    assert standing.holds(gravity(detector, Past(subject, True, "", severity=called)), now) is silent


async def test_a_p0_is_silenced_by_two(watching, chat):
    await watching.looks()
    await watching.switch("database_outage")
    await watching.looks(3)
    card = await chat.until("P0 Database outage", channel=INCIDENTS)

    await silence(watching, chat, "ana", INCIDENTS)
    asked = words(await chat.until("*Silence asked for* by <@U0ANA>", channel=INCIDENTS))
    assert "It waits for a second person (<@U0BEN> <@U0CY>): see the thread" in asked
    assert "End the silence" not in asked
    await chat.until("<@U0BEN> <@U0CY>: it waits for a second person", channel=INCIDENTS)
    for who, waits in (("ben", True), ("ana", False), ("zoe", False)):
        await watching.town.slack.open_home(who)
        await watching.town.slack.until(lambda who=who: watching.town.slack.views(who)["home"])
        shown = words({"blocks": watching.town.slack.views(who)["home"]["blocks"]})
        assert ("*Silence P0 Database outage* until" in shown) is waits
    await chat.clicks("ana", "Agree", INCIDENTS)
    await chat.until("Another person agrees", channel=INCIDENTS)
    await watching.later(31)
    await chat.until("Nobody has acknowledged this for 30 minutes", channel=INCIDENTS)

    await chat.clicks("ben", "Agree", INCIDENTS)
    silent = words(await chat.until("*Silent* until", channel=INCIDENTS))
    assert "P0 Database outage · silenced" in silent
    assert "by <@U0ANA>, agreed by <@U0BEN>: Circle is mending it" in silent
    await watching.later(0.1)
    request = words(await chat.until("<@U0ANA> asks to silence this", channel=INCIDENTS))
    assert "<@U0BEN> agreed: it is silent now" in request
    assert "silence-agree" not in request
    await watching.later(40)
    assert not [one for one in chat.sees("zoe", INCIDENTS) if "for 60 minutes" in words(one)]
    await watching.later(52)
    await chat.until("Nobody has acknowledged this for 120 minutes", channel=INCIDENTS)
    assert not [one for one in chat.sees("zoe", INCIDENTS) if "*Silent* until" in words(one)]
    over = await chat.until("The silence is over", channel=INCIDENTS)
    assert over["thread_ts"] == card["ts"], "its end is told where it was asked for"
    await watching.later(0.1)
    await chat.until(lambda one: "asks to silence" in words(one) and "silence is over" in words(one), channel=INCIDENTS)


async def test_an_old_request_decides_nothing_over_a_newer_one(watching, chat):
    """Its buttons carry it alone, also where somebody presses them on a screen that has not seen the edit."""
    quiet = watching.bot.store.quiet
    await watching.looks()
    await watching.switch("database_outage")
    await watching.looks(3)
    await chat.until("P0 Database outage", channel=INCIDENTS)
    await silence(watching, chat, "ana", INCIDENTS, reason="the first")
    await chat.clicks("ben", "Withdraw", INCIDENTS)
    await chat.until("<@U0BEN> called off <@U0ANA>’s request for silence", channel=INCIDENTS)
    await watching.later(0.1)
    old = words(await chat.until("the first", channel=INCIDENTS))
    assert "called off" in old
    assert "silence-withdraw" not in old
    first = next(one.id for one in watching.incidents.story("incident/1") if one.kind == "silence.asked")

    presses = partial(old_button, watching, chat, first)
    await presses("silence-agree", "Press Silence on the card")
    await presses("silence-withdraw", "Nothing is silent by it")
    await silence(watching, chat, "ana", INCIDENTS, reason="the second")
    await presses("silence-agree", "Agree to the newer one, below")
    await presses("silence-withdraw", "Withdraw the newer one, below")
    assert quiet.of("database_outage").state == "asked"
    await chat.clicks("ben", "Agree", INCIDENTS)
    await chat.until("*Silent* until", channel=INCIDENTS)
    await presses("silence-withdraw", "Another silence runs since")
    assert quiet.of("database_outage").state == "on", "what runs is ended by its own button"


async def test_the_silence_of_a_p0_is_for_that_outage_alone(watching, chat):
    """Two people agreed to this one: the next is told, also while its buttons are still on somebody's screen."""
    quiet = watching.bot.store.quiet

    await watching.looks()
    await watching.switch("database_outage")
    await watching.looks(3)
    await chat.until("P0 Database outage", channel=INCIDENTS)
    await silence(watching, chat, "ana", INCIDENTS, until="24h")
    await chat.clicks("ben", "Agree", INCIDENTS)
    await chat.until("*Silent* until", channel=INCIDENTS)
    pointer = words(await chat.until("🔇 P0 *Database outage* · silenced until", channel=OPS))
    assert "by <@U0ANA>, agreed by <@U0BEN>: see <#" in pointer
    await chat.says("zoe", "/aikeys incident")
    await chat.until("by <@U0ANA> and <@U0BEN>", "zoe", OPS)
    first = quiet.of("database_outage").id

    await watching.switch("database_outage", on=False)
    await watching.looks(6, apart=15)
    await chat.until("The silence ends with it: another outage is told at once", channel=INCIDENTS)
    await watching.switch("database_outage")
    await watching.looks(3)
    await chat.until("It has come back", channel=INCIDENTS)

    await silence(watching, chat, "ana", INCIDENTS, until="24h")
    await chat.clicks("ben", "Agree", INCIDENTS)
    await chat.until("*Silent* until", channel=INCIDENTS)
    await old_button(watching, chat, first, "silence-end", "Another one was asked for since")
    await old_button(watching, chat, "incident/1", "silence-end", "Press End the silence once more")
    assert quiet.of("database_outage").state == "on", "what ends a silence names it"

    await chat.clicks("ben", "End the silence", INCIDENTS)
    await chat.until("<@U0BEN> ended the silence", channel=INCIDENTS)
    await watching.later(0.05)
    await silence(watching, chat, "ana", INCIDENTS, reason="the third")
    third = quiet.of("database_outage").id
    await chat.says("ben", "/aikeys incident resolve 1 --anyway")
    await chat.until("It was over before anybody agreed to <@U0ANA>’s request", channel=INCIDENTS)
    await old_button(watching, chat, third, "silence-agree", "It is resolved already")
    assert quiet.of("database_outage") is None
    handed(watching.bot, "interactive", click("aikeys:errand:send:support", "incident/1", user="U0BEN"))
    await watching.town.slack.until(
        lambda: sum("It is resolved already" in words(one) for one in chat.sees("ben", OPS)) == 2
    )
    assert watching.bot.store.errands.get("incident/1", "support").state == "offered", "no outage to write of any more"


@pytest.mark.parametrize(
    ("by", "more", "said"),
    [
        pytest.param("U0BEN", {}, "✋ <@U0BEN> called off <@U0ANA>’s request for silence.", id="another"),
        pytest.param("U0ANA", {}, "✋ <@U0ANA> called off their own request for silence.", id="who asked"),
        pytest.param("bot", {}, "⌛ Nobody agreed in time to <@U0ANA>’s request for silence.", id="expiry"),
        pytest.param(
            "U0BEN", {"anew": True}, "✋ <@U0BEN> asked for another silence instead of <@U0ANA>’s request.", id="anew"
        ),
    ],
)
def test_a_silence_that_never_began_was_not_ended(store, clock, by, more, said):
    now = clock.now()
    incident = store.incidents.open("P0", "x", "database_outage", now)
    asked = store.quiet.silence(incident, "database_outage", "P0", "U0ANA", "why", now + timedelta(hours=1), now)
    store.quiet.end(asked, by, now, **more)
    assert moments.line(store.incidents.story(incident)[-1], SlackPen()) == said


async def test_a_p0_whose_silence_is_ended_by_hand_is_repeated_soon(watching, chat):
    """Not when the silence would have ended by itself: that may be a day away."""
    await watching.looks()
    await watching.switch("database_outage")
    await watching.looks(3)
    await chat.until("P0 Database outage", channel=INCIDENTS)
    await silence(watching, chat, "ana", INCIDENTS, until="24h")
    await chat.clicks("ben", "Agree", INCIDENTS)
    await chat.until("*Silent* until", channel=INCIDENTS)
    await watching.later(40)
    assert not [one for one in chat.sees("zoe", INCIDENTS) if "Nobody has acknowledged" in words(one)]
    await chat.clicks("ben", "End the silence", INCIDENTS)
    await watching.later(31)
    await chat.until("Nobody has acknowledged this for 60 minutes", channel=INCIDENTS)


async def test_and_ended_by_hand(watching, chat):
    await watching.looks()
    await watching.switch("secret_missing")
    await watching.looks(2)
    await chat.until("P1 Secret missing", channel=OPS)
    await chat.clicks("zoe", "Silence", OPS)
    await chat.until("not for you", "zoe", OPS)
    await silence(watching, chat, "ana", OPS)
    await watching.clock.passes(seconds=2)  # two edits of one card are a second apart, one told the likely cause
    await chat.until("*Silent* until", channel=OPS)
    await watching.later(1)
    await chat.clicks("ben", "End the silence", OPS)
    await watching.later(1)
    await chat.until(lambda one: "P1 Secret missing" in words(one) and "*Silent*" not in words(one), channel=OPS)


@pytest.mark.parametrize(
    ("severity", "holds"), [pytest.param("P1", True, id="the same"), pytest.param("P0", False, id="a worse one")]
)
def test_a_worse_class_breaks_it(clock, severity, holds):
    now = clock.now()
    standing = Silence(7, "incident/1", "x", "P1", "U0ANA", now, now.replace(year=now.year + 1), "on")
    assert standing.holds(severity, now) is holds


def test_the_database_refuses_what_has_no_reason_or_no_end(store, clock):
    now = clock.now()
    incident = store.incidents.open("P0", "x", "database_outage", now)

    def ask(reason, **lasts):
        return store.quiet.silence(incident, "database_outage", "P0", "U0ANA", reason, now + timedelta(**lasts), now)

    with pytest.raises((TooLate, BadEvent)):
        ask("  ", hours=1)
    with pytest.raises((TooLate, BadEvent)):
        ask("why", hours=25)
    asked = ask("why", hours=24)
    assert not asked.holds("P0", now)
    with pytest.raises(TooLate):
        store.quiet.agree(asked, "U0ANA", now)
    assert store.quiet.agree(asked, "U0BEN", now).holds("P0", now)
    with pytest.raises(TooLate):
        store.quiet.agree(asked, "U0CY", now)
    store.quiet.end(asked, "U0BEN", now)
    with pytest.raises(TooLate):
        store.quiet.end(asked, "U0BEN", now)
    assert store.quiet.of("database_outage") is None
