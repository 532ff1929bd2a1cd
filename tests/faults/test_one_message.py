"""Two looks on one message, and messages that Slack puts elsewhere or does not take."""

import asyncio

from bot.views.blocks import Message, context, section
from tests.chat import verdict, words
from tests.wait import eventually


async def test_an_older_look_never_overwrites_a_newer_one(chat, town, project):
    """Ana asks again while the secrets hang; Ben asks again when they answer: Ben's card stays when Ana's ends."""
    await chat.says("ana", "/aikeys health")
    await chat.until(verdict)
    there = asyncio.Event()

    async def late():
        await there.wait()
        yield b"[]"  # no secret is set: the older look ends with a finding

    async with project.answers("GET", "/secrets$", body=late):
        await chat.clicks("ana", "Ask again")
        await chat.until("waiting for secrets")
    await chat.clicks("ben", "Ask again")
    card = await chat.until(lambda one: "<@U0BEN> asked" in words(one) and "all done in" in words(one))
    edits = len(town.slack.journal.entries("chat.update"))

    there.set()
    await eventually(lambda: not asked_still())
    await chat.says("ana", "/aikeys afterwards")
    await chat.until("afterwards")

    now = next(one for one in chat.sees("ana") if one["ts"] == card["ts"])
    assert "<@U0BEN> asked" in words(now)
    assert len(town.slack.journal.entries("chat.update")) == edits, "the older look wrote nothing more"


def asked_still() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("health.")}


async def test_a_mention_whose_message_was_deleted_is_answered_to_the_asker_alone(chat, town, project):
    """Slack posts a reply to a deleted message into the channel: it is taken back, and said privately."""
    await chat.says("ana", "@aikeys warmup")
    await chat.until("warmup")
    await town.slack.faults.set("slack_latency", True)
    said = await chat.says("ana", "@aikeys health")
    town.slack.state.remove(town.slack.state.public("C0OPS", said["ts"]))
    await town.slack.faults.set("slack_latency", False)

    answer = await chat.until("is gone, so only you see this")

    assert answer["ephemeral"]
    assert not [one for one in chat.sees("ben") if "services" in words(one) or verdict(one)]
    final = await chat.until(lambda one: one["ephemeral"] and verdict(one))
    assert "<@U0ANA> asked" in words(final)


CHART = {"type": "data_visualization", "title": "x" * 60, "chart": {"type": "line", "series": []}}


async def test_a_chart_that_slack_does_not_take_is_left_out(chat, answer):
    """The words carry it: a new kind of block must not cost the verdict."""
    await answer.show(Message("All is well", [section("*All is well*"), CHART, context("usually 40 ms")]))
    card = await chat.until("usually 40 ms")
    assert [block["type"] for block in card["blocks"]] == ["section", "context"]


async def test_a_card_that_slack_does_not_take_is_said_in_words(chat, answer):
    await answer.show(Message("All is well", [section("*All is well*")]))
    await answer.show(Message("It is down", [section("x") | {"text": {"type": "mrkdwn", "text": "x" * 3001}}]))
    card = await chat.until("It is down")
    assert not card.get("blocks"), "the old card must not stand over new words"


async def test_words_take_the_place_of_a_card(chat, answer):
    """chat.update keeps blocks that are not sent: an answer in words would stay hidden behind the old card."""
    await answer.show(Message("card", [section("the old card")]))
    await answer.show(Message("only words"))
    card = await chat.until("only words")
    assert "the old card" not in words(card)


async def test_who_asks_in_an_archived_channel_is_told_alone(chat, town, answer):
    """Archived between the first reply and the verdict: the edit is refused, the verdict still said."""
    await answer.show(Message("asking"))
    town.slack.state.channels["C0OPS"].is_archived = True
    await answer.show(Message("the verdict"))
    await answer.finish()
    told = [one for one in town.slack.messages("@aikeys", "ana") if "the verdict" in words(one)]
    assert told
    assert "archived" in words(told[0])
