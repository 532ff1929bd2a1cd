"""Declared from anywhere; a message pinned into the timeline at its own time, once; worth being told or not."""

from datetime import UTC, datetime

import pytest

from bot.views.declaring import DECLARE, PIN
from playground.blockkit import check_view
from store.incidents import PINNED
from tests.chat import words
from tests.wait import eventually


async def modal(town, who, text):
    await town.slack.until(lambda: text in _shown(town, who))
    view = town.slack.views(who)["modals"][-1]
    keys = ("type", "title", "close", "submit", "callback_id", "private_metadata", "blocks")
    assert not check_view({key: view[key] for key in keys if view.get(key)})
    return view


def _shown(town, who):
    modals = town.slack.views(who)["modals"]
    return words({"blocks": modals[-1]["blocks"]}) if modals else ""


async def test_declared_from_anywhere(chat, town, bot):
    await town.slack.shortcut("ben", DECLARE)
    view = await modal(town, "ben", "What is wrong?")
    values = {
        "title": {"value": "refunds do not go out"},
        "severity": {"severity": "P0"},
        "note": {"value": "three customers wrote <!channel>"},
    }
    await town.slack.submit("ben", view["id"], values)
    card = words(await chat.until("P0 refunds do not go out", channel="#incidents"))
    assert "opened by <@U0BEN>" in card
    assert "<!channel>" not in card

    await town.slack.shortcut("zoe", DECLARE)
    await modal(town, "zoe", "takes an operator or an approver")
    assert len(bot.store.incidents.recent()) == 1


async def test_a_message_is_added_with_its_own_time_once(chat, town, bot):
    said = await town.slack.say("cy", "#ops", "it began with the deploy at noon")
    bot.store.incidents.open("P0", "Down", "a", bot.clock.now())
    await town.slack.shortcut("ana", PIN, "#ops", said["ts"])
    view = await modal(town, "ana", "it began with the deploy")
    values = {"incident": {"incident": "incident/1"}, "remark": {"value": "the cause?"}}
    await town.slack.submit("ana", view["id"], values)
    await eventually(lambda: bot.store.events.latest(PINNED))
    pinned = bot.store.events.latest(PINNED)
    assert pinned.text == "it began with the deploy at noon — the cause?"
    assert (pinned.data["by"], pinned.actor) == ("U0CY", "U0ANA")
    assert datetime.fromisoformat(pinned.data["occurred"]) == datetime.fromtimestamp(float(said["ts"]), UTC)

    await town.slack.react("ben", "#ops", said["ts"], "pushpin")
    other = await town.slack.say("cy", "#ops", "and refunds too, sbp_" + "0" * 40)
    await town.slack.react("zoe", "#ops", other["ts"], "pushpin")
    await chat.until("is not for you", "zoe")
    await town.slack.react("ben", "#ops", other["ts"], "thumbsup")
    await town.slack.react("ben", "#ops", other["ts"], "pushpin")
    await eventually(lambda: len(bot.store.events.newest(PINNED, 9)) == 2)
    assert bot.store.events.latest(PINNED).text == "and refunds too, [hidden]"

    await chat.says("zoe", "/aikeys incident show 1", "#incidents")
    story = words(await chat.until("Down was opened", "zoe", "#incidents"))
    assert story.index("it began with the deploy") < story.index("Down was opened")


async def test_a_pin_with_no_incident_is_nobodys_affair_and_with_two_it_is_asked(chat, town, bot):
    said = await town.slack.say("cy", "#ops", "lunch at one?")
    await town.slack.react("ana", "#ops", said["ts"], "pushpin")
    for title in ("A", "B"):
        bot.store.incidents.open("P1", title, title, bot.clock.now())
    said = await town.slack.say("cy", "#ops", "which one is it?")
    await town.slack.react("ana", "#ops", said["ts"], "pushpin")
    await chat.until("I do not know which incident you mean")
    assert bot.store.events.latest(PINNED) is None


async def test_in_the_thread_of_a_card_it_is_that_incident(chat, town, bot):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    card = await chat.until("P0 refunds", channel="#incidents")
    bot.store.incidents.open("P1", "Another", "b", bot.clock.now())
    said = await town.slack.say("cy", "#incidents", "the pool is full", thread_ts=card["ts"])
    await town.slack.react("ana", "#incidents", said["ts"], "pushpin")
    await eventually(lambda: bot.store.events.latest(PINNED))
    assert bot.store.events.latest(PINNED).subject == "incident/1"


@pytest.mark.parametrize(("label", "useful"), [("It was useful", True), ("It was noise", False)])
async def test_at_its_end_people_say_whether_it_was_worth_being_told(chat, bot, label, useful):
    await chat.says("ana", '/aikeys incident open "refunds do not go out"')
    await chat.until("P1 refunds")
    await chat.says("ana", "/aikeys incident resolve")
    await chat.until(label)
    await chat.clicks("ben", label)
    await eventually(lambda: bot.store.incidents.of("incident/1").useful is useful)
    await chat.clicks("zoe", label)
    await chat.until("is not for you", "zoe")
