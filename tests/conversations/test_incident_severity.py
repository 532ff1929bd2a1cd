"""`/aikeys incident severity`: worse, told where the worse ones are; less bad; and never a way to act alone."""

import pytest

from store.audit import verify
from tests.chat import words
from tests.running import KEY


async def test_made_a_p0_it_is_told_in_the_incident_channel_and_is_nobodys(chat, bot):
    bot.store.incidents.open("P1", "Slow", "performance", bot.clock.now(), data={"what": "slow"})
    incident = bot.store.incidents.of("incident/1")
    with bot.store.transaction():
        bot._answering._ctx.alerts.redraw(incident.subject)
    await chat.until("P1 Slow")
    await chat.clicks("ben", "Acknowledge", "#ops")
    await chat.until("*Acknowledged* by <@U0BEN>")

    await chat.says("ana", '/aikeys incident severity P0 --why "customers write"')

    card = words(await chat.until("P0 Slow", channel="#incidents"))
    assert "Nobody has it yet" in card
    await chat.until("<@U0BEN> had it as a P1: nobody has it now")
    await chat.until("see <#C0INC>")  # the card in the ops channel leads there
    await chat.until("made it a P0: customers write", channel="#incidents")
    # Nobody makes the emergency that lets them act alone.
    requests = bot.changes.requests
    assert requests.incident("U0ANA") is None
    await chat.clicks("ana", "Acknowledge", "#incidents")
    await chat.until("*Acknowledged* by <@U0ANA>", channel="#incidents")
    assert requests.incident("U0ANA") is None, "who made it one has not been seconded"

    await chat.says("ana", "/aikeys incident severity P0")
    await chat.until("It cannot be made a P0: nothing was changed")
    await chat.says("ana", "/aikeys incident severity P1")
    await chat.until("P1 Slow", channel="#incidents")
    assert bot.store.events.open_incidents()[0].severity == "P1"
    await chat.until("P1 *Slow* · acknowledged: see <#C0INC>")  # what leads there from the ops channel says so too

    # Its card stands in the incident channel already, and an edit calls nobody.
    await chat.says("ana", '/aikeys incident severity P0 --why "worse again"')
    asks = await chat.until("It was made a P0: worse again", channel="#incidents")
    assert "incident:ack" not in words(asks), "who has it, and made it worse, has it still"
    await chat.says("ana", "/aikeys incident resolve 1")
    await chat.until("*Resolved* by <@U0ANA>", channel="#incidents")
    await chat.says("ana", '/aikeys incident reopen 1 "not over"')
    again = await chat.until("It was opened again: not over", channel="#incidents")
    assert "incident:ack" in words(again)
    await chat.clicks("ben", "Acknowledge", "#incidents")
    await chat.until(
        lambda one: one["ts"] == again["ts"] and "👀 Acknowledged by <@U0BEN>" in words(one), channel="#incidents"
    )
    # Each message is edited by itself, the card perhaps after this one.
    await chat.slack.until(lambda: not [one for one in chat.sees("ben", "#incidents") if "incident:ack" in words(one)])


async def test_a_second_who_has_it_lets_them_act(chat, bot):
    bot.store.incidents.open("P1", "Slow", "performance", bot.clock.now(), data={"what": "slow"})
    await chat.says("ana", "/aikeys incident severity P0")
    await chat.until("P0 Slow", channel="#incidents")
    await chat.clicks("ben", "Acknowledge", "#incidents")
    await chat.until("*Acknowledged* by <@U0BEN>", channel="#incidents")
    assert bot.changes.requests.incident("U0ANA") == "incident/1"


class TestWithALead:
    @pytest.fixture
    def environment(self, environment):
        return environment | {"AIKEYS_LEAD": "U0CY", "AIKEYS_LEAD_PHONE": "+34 600 123 456", "AIKEYS_ON_CALL": "U0BEN"}

    async def test_all_that_a_p0_asks_for_is_owed_also_of_one_that_was_made_one(self, chat, bot, town):
        """Channel, mail, message, checklist, whom to ring; and again when it comes back, which the lead must hear."""
        bot.store.incidents.open("P1", "Slow", "performance", bot.clock.now(), data={"what": "slow"})
        await chat.says("ana", '/aikeys incident severity P0 --why "customers write"')
        card = await chat.until("P0 Slow", channel="#incidents")
        assert "<@U0BEN>" in card["text"]
        assert "If nobody answers here" in words(card)
        assert "+34 600 123 456" in card["text"], "whom to ring reads well alone"
        checklist = await chat.until("What the runbook asks for at a P0", channel="#incidents")
        assert "hardly theirs, so no mail is drafted" in words(checklist), "that it is slow is no outage of Supabase's"
        assert "Send it to Supabase" not in words(checklist)
        assert checklist["thread_ts"] == card["ts"]
        await town.slack.until(lambda: [one for one in town.slack.state.channels.values() if one.name[:4] == "inc-"])
        await chat.until("An incident was made a P0, and you are the technical lead", "cy", "@cy")
        await town.slack.until(lambda: len(town.mailbox.messages) == 1)
        assert "+34 600 123 456" in town.mailbox.messages[0].text
        assert "An incident was made a P0" in town.mailbox.messages[0].text

        await chat.says("ana", "/aikeys incident resolve 1")
        await chat.until("*Resolved* by <@U0ANA>", channel="#incidents")
        await chat.says("ana", '/aikeys incident reopen 1 "refunds fail again"')
        await chat.until("A P0 is open again, and you are the technical lead", "cy", "@cy")
        # Between the two perhaps the mail that it is over, where that had time to go out.
        await town.slack.until(
            lambda: "A P0 is open again, and you are the technical lead" in town.mailbox.messages[-1].text
        )
        called = [one.data["to"] for one in bot.store.incidents.story("incident/1") if one.kind == "incident.paged"]
        assert called == [{"U0BEN": ["mention"], "U0CY": ["message", "mail"]}] * 2
        assert verify(bot.store.db, KEY).ok
