"""A P0 is told where everybody looks, its actions are done or waited for, and said: channel, mail, row, checklist."""

import json

import pytest

from bot.incidents.documenting import Documenting
from bot.incidents.errands import Did
from store.errors import TooLate
from tests.chat import words
from tests.incidents.errands import ENVIRONMENT, INCIDENTS, OPS, passing, room, state

ROWS = "select event_type, risk_score, metadata from public.security_events where event_type = 'AIKEYS_INCIDENT'"


@pytest.fixture
def environment(environment):
    return environment | ENVIRONMENT


async def test_a_database_outage_from_the_first_page_to_the_row_after_it(  # noqa: PLR0915  # one conversation
    watching, chat, town, project, supabase
):
    """One P0 with its symptoms, a channel, mail, a checklist; the row once the database is back; and its end."""
    await watching.looks(3)
    await watching.switch("database_outage")
    await watching.switch("secret_missing")  # a P1, were the database there
    await watching.looks(4)

    card = await chat.until("P0 Database outage", channel=INCIDENTS)
    said = words(card)
    assert "*With it, explained by it:* Secret missing" in said
    assert "<!subteam^S0APPR> <!here>" in card["text"]
    assert "+34 600 123 456" in card["text"], "whom to ring reads well alone"
    assert "support/new" in said
    assert [one.title for one in watching.incidents.recent()] == ["Database outage"], "one cause, one page"

    # Its own channel: named, with the right people, the card pinned.
    await passing(watching, lambda: state(watching, "room/pin") == "done")
    own = room(chat)
    assert own.name == f"inc-{watching.clock.now():%Y%m%d}-database-outage"
    assert not own.is_private
    assert {"U0CY", "U0BEN", "U0BOT"} == set(own.members)
    assert "P0 Database outage" in own.topic
    pinned = next(one for one in chat.sees("cy", own.id) if one["ts"] == own.pins[0])
    assert "P0 Database outage" in words(pinned)
    await chat.until(f"*Channel* <#{own.id}>", channel=INCIDENTS)

    # It is the bot's own making, so what is asked there is answered there.
    await chat.clicks("ben", "Open triage", own.id)
    await chat.until("<@U0BEN> asked `/aikeys triage database`", "cy", own.id)
    assert not [one for one in chat.sees("ben", own.id) if "direct message" in words(one)]
    places = watching.bot._answering._ctx.places
    assert await places.why_not(own.id) == ""
    assert "direct messages only" in await places.why_not("C0INCNAME"), "by its id, not by what it is called"

    # The lead, by mail and by direct message.
    await passing(watching, lambda: state(watching, "lead") == "done")
    (mail,) = town.mailbox.messages
    assert mail.recipients == ("lead@aikeys.test",)
    assert "P0 Database outage" in mail.text
    assert "Technical lead: +34 600 123 456" in mail.text
    assert "P0" in words(await chat.until("you are the technical lead", "cy", "@cy"))

    # The row waits for the database; Supabase's support waits for a click, and its mail can be read before.
    await passing(watching, lambda: (watching.bot.store.errands.get("incident/1", "record").why or "") != "")
    checklist = await chat.until("What the runbook asks for at a P0", channel=INCIDENTS)
    assert checklist["thread_ts"] == card["ts"]
    await chat.until("the database is down: I write it when it is back", channel=INCIDENTS)
    assert f"Project ref: {project.ref}" in words(checklist)
    assert "whoever acknowledges" in words(checklist)
    await chat.clicks("ben", "Acknowledge", INCIDENTS)
    await chat.until("*Owner* <@U0BEN>", channel=INCIDENTS)
    await chat.clicks("zoe", "Send it to Supabase", INCIDENTS)
    await chat.until("not for you", "zoe", INCIDENTS)
    await chat.clicks("ben", "Send it to Supabase", INCIDENTS)
    await passing(watching, lambda: state(watching, "support") == "done")
    to_support = town.mailbox.messages[-1]
    assert to_support.recipients == ("support@supabase.io",)
    assert project.ref in to_support.subject
    assert "Evidence: " in to_support.text
    await chat.until("mail to support@supabase.io by <@U0BEN>", channel=INCIDENTS)

    # It ends, and is documented once.
    await watching.switch("secret_missing", on=False)
    await watching.switch("database_outage", on=False)
    await watching.looks(6, apart=15)
    await chat.until("*Resolved* by itself", channel=INCIDENTS)
    await passing(watching, lambda: state(watching, "record") == "done")
    await chat.slack.until(lambda: sum(one.recipients == mail.recipients for one in town.mailbox.messages) > 1)
    (_, over) = [one for one in town.mailbox.messages if one.recipients == mail.recipients]
    assert "It is over, after" in over.text, "who was called at the beginning hears of the end, once"
    assert "State: resolved" in over.text
    assert "Over: P0" in over.subject
    (row,) = await supabase.query(ROWS)
    assert row["risk_score"] == 0
    metadata = row["metadata"] if isinstance(row["metadata"], dict) else json.loads(row["metadata"])
    assert metadata["incident"] == "incident/1"
    again = Documenting(watching.bot._answering._ctx.supabase)  # as after a crash that left the row and not the word
    errand = watching.bot.store.errands.get("incident/1", "record")
    assert isinstance(await again.record(errand, watching.incidents.of("incident/1")), Did)
    own.is_shared = True
    await watching.clock.passes(seconds=301)
    assert "must not read logs" in await places.why_not(own.id), "never before strangers"
    assert len(await supabase.query(ROWS)) == 1
    await chat.until("4 of 4 done", channel=INCIDENTS)
    await passing(watching, lambda: "resolved" in own.topic)
    assert len(town.mailbox.messages) == 3


@pytest.fixture
async def outage(watching, chat):
    """A P0 whose card is posted."""
    await watching.switch("database_outage")
    await watching.looks(4)
    return await chat.until("P0 Database outage", channel=INCIDENTS)


async def test_kept_open_by_a_person_it_does_not_end_by_itself(watching, chat, outage):
    await chat.clicks("ben", "Keep open", INCIDENTS)
    await chat.until("*Kept open* by <@U0BEN>", channel=INCIDENTS)
    await watching.switch("database_outage", on=False)
    await watching.looks(8, apart=15)
    await chat.until("It is kept open: Resolve ends it", channel=INCIDENTS)
    assert watching.incidents.of("incident/1").open
    assert [one.kind for one in watching.incidents.story("incident/1")].count("incident.calm") == 1, "said once"
    await watching.switch("secret_missing")  # the database's outage would explain it
    await watching.looks(3)
    await chat.until("P1 Secret missing", channel=OPS)
    await chat.clicks("ben", "Let it end by itself", INCIDENTS)
    await chat.until("lets it end by itself again", channel=INCIDENTS)
    await watching.looks(2)
    await chat.until("*Resolved* by itself", channel=INCIDENTS)


async def test_two_send_the_drafted_mail_and_it_goes_once(watching, chat, town, outage):
    await chat.until("one click sends it", channel=INCIDENTS)
    alerts = watching.bot._answering._ctx.alerts
    alerts.errand("incident/1", "send", "support", "U0BEN")
    with pytest.raises(TooLate):
        alerts.errand("incident/1", "send", "support", "U0CY")
    await passing(watching, lambda: state(watching, "support") == "done")
    assert [mail.recipients for mail in town.mailbox.messages].count(("support@supabase.io",)) == 1


async def test_what_the_mail_server_refuses_is_ticked_by_hand(watching, chat, town):
    await town.mailbox.switches["mail_refused"].set(True)
    await watching.switch("database_outage")
    await watching.looks(4)
    await passing(watching, lambda: state(watching, "lead") == "lost")
    await chat.until("not by me, the mail server said 550", channel=INCIDENTS)
    await chat.clicks("ben", "I told the lead", INCIDENTS)
    await chat.until("by hand by <@U0BEN>", channel=INCIDENTS)


async def test_slack_away_during_a_p0_is_told_by_mail_once_an_outage(watching, chat, town, outage):
    await passing(watching, lambda: state(watching, "lead") == "done")
    for outages in (1, 2):
        await watching.switch("slack_away")
        await passing(watching, lambda n=outages: len(town.mailbox.messages) == 1 + n, 100)
        assert "Slack has not taken my messages since" in town.mailbox.messages[-1].text
        await watching.clock.passes(seconds=90)
        assert len(town.mailbox.messages) == 1 + outages
        await watching.switch("slack_away", on=False)
        await passing(watching, lambda: watching.incidents.story("incident/1")[-1].kind == "incident.reached", 100)


class TestAtOnce:
    """A team that sleeps lets the mail to Supabase go without a click."""

    @pytest.fixture
    def environment(self, environment):
        return environment | {"AIKEYS_SUPPORT_AT_ONCE": "true"}

    async def test_the_mail_to_supabase_goes_without_a_click(self, watching, chat, town):
        watching.bot._answering._ctx.alerts.open("P0", "Refunds do not go out", "U0ANA", "three customers wrote")
        await passing(watching, lambda: state(watching, "support") == "done")
        (mail,) = [one for one in town.mailbox.messages if one.recipients == ("support@supabase.io",)]
        assert "three customers wrote" in mail.text
        said = words(await chat.until("✅ Contact Supabase support: mail to support@supabase.io", channel=INCIDENTS))
        assert "Send it to Supabase" not in said


async def test_a_p1_escalates_by_mail_and_message_once_and_says_when_it_will(watching, chat, town):
    await watching.switch("secret_missing")
    await watching.looks(3)
    card = words(await chat.until("P1 Secret missing", channel=OPS))
    assert "*Goes to the technical lead*" in card
    await watching.later(61)
    await watching.later(150)  # down for a while: it is late, and says so
    await chat.until("minutes late: I was away", channel=OPS)
    await watching.later(20)
    await chat.until("the technical lead is told", "cy", "@cy")
    await passing(watching, lambda: len(town.mailbox.messages) >= 1)
    assert "minutes late" in town.mailbox.messages[0].text
    assert "P1 Secret missing" in town.mailbox.messages[0].text
    await chat.until("*Escalated* to the technical lead", channel=OPS)


class TestWithoutAWay:
    """A team that has set neither the lead's Slack id nor a mail server."""

    @pytest.fixture
    def environment(self, environment):
        return {key: value for key, value in environment.items() if key not in ("AIKEYS_LEAD", "AIKEYS_SMTP_URL")}

    async def test_a_lead_who_cannot_be_told_is_not_said_to_be_told(self, watching, chat):
        await watching.switch("secret_missing")
        await watching.looks(3)
        await chat.until("P1 Secret missing", channel=OPS)
        await watching.later(121)
        loud = await chat.until("Not resolved within 120 minutes: it is for the technical lead.", channel=OPS)
        assert "Tell them yourself: /aikeys contacts." in words(loud)
        card = words(await chat.until("*Is for the technical lead* since", channel=OPS))
        assert "Tell them yourself" in card
        assert "*Escalated*" not in card
        (event,) = [one for one in watching.incidents.story("incident/1") if one.kind == "incident.escalated"]
        assert (event.data["to"], event.data["mail"]) == ("", ""), "nobody is counted as called"
