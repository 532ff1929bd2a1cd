"""The shortcuts: a modal of questions, from anywhere or on somebody's message."""

import asyncio
import json
from typing import Any

import pytest

from bot.context import Caller
from bot.desks.scribing import Scribing
from bot.desks.shortcuts import ABOUT, ASK, Offer, Place, Shortcuts, place
from bot.errors import Refused
from bot.views.shortcut import WHERE, modal
from playground.blockkit import check_view
from tests.chat import verdict, words

HOSTILE = "<!channel> *x* '; drop table y; <https://evil.example|click> \u202e \x1b[31m " + "payment 401 " * 300


async def modal_of(town, who: str, text: str) -> dict[str, Any]:
    """The modal in front of *who*, once it holds *text*."""
    await town.slack.until(lambda: text in shown(town, who))
    view: dict[str, Any] = town.slack.views(who)["modals"][-1]
    keys = ("type", "title", "close", "callback_id", "private_metadata", "blocks")
    assert not check_view({key: view[key] for key in keys})
    return view


def shown(town, who: str) -> str:
    modals = town.slack.views(who)["modals"]
    return words({"blocks": modals[-1]["blocks"]}) if modals else ""


async def presses(town, who: str, view: dict[str, Any], label: str, values: dict[str, Any] | None = None) -> None:
    for block in view["blocks"]:
        for one in [*block.get("elements", []), block.get("accessory", {})]:
            if one.get("type") == "button" and one["text"]["text"] == label:
                await town.slack.click(
                    who, view_id=view["id"], action_id=one["action_id"], block_id=block["block_id"], values=values
                )
                return
    raise AssertionError(f"no button {label!r}")


async def test_on_a_message_the_page_for_its_words_and_answers_in_its_thread(chat, town):
    said = await town.slack.say("cy", "#ops", "a customer's payment is missing, I see invalid signature 401 in the log")

    await town.slack.shortcut("zoe", ABOUT, "#ops", said["ts"])
    view = await modal_of(town, "zoe", "Webhook Failures")
    await presses(town, "zoe", view, "health webhooks")

    assert "in the thread of that message" in shown(town, "zoe")
    view = await modal_of(town, "zoe", "is asked")
    card = await chat.until("asked `/aikeys health webhooks`")
    assert card["thread_ts"] == said["ts"]

    await presses(town, "zoe", view, "Show the page")
    page = await chat.until("signature validation failures")
    assert page["thread_ts"] == said["ts"]


async def test_in_a_thread_the_answer_stays_in_that_thread(chat, town):
    root = await town.slack.say("cy", "#ops", "hm")
    reply = await town.slack.say("cy", "#ops", "the database is down?", thread_ts=root["ts"])

    await town.slack.shortcut("ana", ABOUT, "#ops", reply["ts"])
    view = await modal_of(town, "ana", "Database Connection Issues")
    await presses(town, "ana", view, "health database")

    assert (await chat.until("asked `/aikeys health database`"))["thread_ts"] == root["ts"]


async def test_from_anywhere_the_answer_goes_where_one_says_or_into_a_direct_message(chat, town):
    await town.slack.shortcut("ana", ASK)
    view = await modal_of(town, "ana", "Answer in")
    await presses(town, "ana", view, "health")
    await chat.until(verdict, channel="@ana")
    assert "in our direct message" in shown(town, "ana")

    view = await modal_of(town, "ana", "is asked")
    await presses(town, "ana", view, "health", {"where": {WHERE: "C0OPS"}})
    await chat.until(verdict)
    assert "where you chose" in shown(town, "ana")


async def test_a_hostile_message_is_read_and_never_shown(chat, town):
    said = await town.slack.say("cy", "#ops", HOSTILE)
    await town.slack.shortcut("zoe", ABOUT, "#ops", said["ts"])
    view = str(await modal_of(town, "zoe", "Webhook Failures"))
    assert "evil" not in view
    assert "<!channel>" not in view


async def test_a_message_about_nothing_still_offers_questions(chat, town):
    said = await town.slack.say("cy", "#ops", "zzzz")
    await town.slack.shortcut("zoe", ABOUT, "#ops", said["ts"])
    assert "Or ask" in str(await modal_of(town, "zoe", "nothing for the words"))


async def test_a_guest_is_told_why_not(chat, town):
    await town.slack.shortcut("gus", ASK)
    view = await modal_of(town, "gus", "members of this workspace only")
    assert "aikeys:ask:" not in str(view["blocks"])


async def test_when_slack_has_waited_too_long_there_is_a_sentence(bot):
    """Three seconds (docs.slack.dev, trigger_id): the router says it to who ran the shortcut."""
    with pytest.raises(Refused, match="Run it again"):
        await shortcuts(bot).open({"callback_id": ASK, "trigger_id": "1.2.gone"}, zoe(bot))


async def test_while_it_is_not_known_who_it_is_the_modal_opens_empty(bot, town):
    """Slack may take seconds to say that; the trigger id would be over."""
    trigger = town.slack.backend.triggers.issue("U0ZOE")
    known = asyncio.get_running_loop().create_future()
    opening = asyncio.create_task(shortcuts(bot).open({"callback_id": ASK, "trigger_id": trigger}, known))
    assert "aikeys:ask:" not in str(await modal_of(town, "zoe", "One moment"))
    known.set_result(await zoe(bot))
    await opening
    assert "aikeys:ask:" in str(await modal_of(town, "zoe", "Answer in"))


def shortcuts(bot) -> Shortcuts:
    return Shortcuts(bot._answering._ctx, bot.slack, Scribing(bot._answering._ctx, bot.slack))


async def zoe(bot) -> Caller:
    return Caller("U0ZOE", "U0ZOE", frozenset({"viewer"}), bot.clock.now())


@pytest.mark.parametrize(
    ("kept", "picked", "there"),
    [
        ({"channel": "C0OPS", "thread": "1.2", "pages": []}, None, Place("C0OPS", "1.2")),
        ({"channel": "C0OPS", "thread": "<!channel>"}, None, Place("C0OPS")),
        ({"channel": "x", "thread": "1.2"}, None, Place()),
        ({}, "C0INC", Place("C0INC")),
        ("not json", None, Place()),
        ([1], "<@U1>", Place()),
    ],
)
def test_where_an_answer_goes_is_read_with_suspicion(kept, picked, there):
    metadata = kept if isinstance(kept, str) else json.dumps(kept)
    values = {"where": {WHERE: {"selected_conversation": picked}}}
    assert place({"view": {"private_metadata": metadata, "state": {"values": values}}}) == there


def test_the_modal_without_anything_is_one_slack_takes():
    for about in (True, False):
        assert not check_view(modal(Offer(about=about, place=Place())))
