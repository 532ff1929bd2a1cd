"""What a dead bot left in its inbox: reads are answered, what could change something is run late by nobody."""

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Bot
from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.registry import load
from bot.views.blocks import Message, actions, ask_button
from store.database import look_into, open_store
from store.inbox import Arrival
from tests.chat import Chat, verdict, words
from tests.wait import eventually

KEY = b"the key of a test, 32 bytes at least"


class Nothing(Args):
    """No arguments."""


@pytest.fixture
def poked() -> list[str]:
    """Who changed something."""
    return []


@pytest.fixture
def commands(poked):
    """The product's commands, and one that changes something: none of the product's does yet."""

    @command(role=Role.VIEWER, risk=Risk.CHANGE, examples=["poke"])
    async def poke(ctx: Context, args: Nothing) -> str:
        """Poke it."""
        poked.append(ctx.caller.user)
        return "It was poked."

    poke.view(Message)
    return load() | {"poke": poke}


@pytest.fixture
async def client(town):
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(town.slack.bot_token, base_url=town.slack.api_url, session=session)


@pytest.fixture
async def handed_over(town, client):
    """Plays the bot that dies: takes one envelope off a real socket, with its ack or without; returns it."""

    async def take(doing, *, ack: bool):
        opened = await client.apps_connections_open(app_token=town.slack.app_token)
        async with client.session.ws_connect(opened["url"]) as socket:
            assert (await socket.receive_json(timeout=3))["type"] == "hello"
            done = asyncio.ensure_future(doing)
            envelope = await socket.receive_json(timeout=3)
            if ack:
                await socket.send_json({"envelope_id": envelope["envelope_id"]})
            assert (await done)["acked"] is ack
        return envelope

    return take


@pytest.fixture
def left(town, settings):
    """Writes the row as the dead bot had committed it, *ago* seconds before now."""

    def write(kind: str, envelope, ago: float, *, acked: bool, begun: bool = False, reply: str = "") -> None:
        settings.data.mkdir(exist_ok=True)
        store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)
        at = town.clock.now() - timedelta(seconds=ago)
        payload = envelope["payload"]
        arrival = Arrival(f"{kind}:{payload['trigger_id']}", kind, envelope["envelope_id"], json.dumps(payload))
        (row,) = store.inbox.admit([arrival], at)
        if acked:
            store.inbox.later_acked(row.id, at)
            store.inbox.flush()
        if begun:
            store.inbox.begin(row.id)
        if reply:
            store.inbox.keep_reply(row.id, "C0OPS", reply)
        store.close()

    return write


@pytest.fixture
async def restarted(town, settings, commands):
    """Starts the bot that finds it; afterwards its row: (outcome, payload)."""
    store, bots = None, []

    async def start() -> None:
        nonlocal store
        store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)
        bots.append(Bot(settings, store, town.clock, commands))
        await bots[0].start()
        await eventually(lambda: bots[0].sockets.up == 2)

    yield start
    for bot in bots:
        await bot.stop()
    if store is not None:
        store.close()


def row(settings) -> tuple[str | None, str]:
    """The outcome and the payload of the first delivery, as they are on the disk."""
    db = look_into(settings.data / "aikeys.sqlite")
    try:
        outcome, payload = db.conn.execute("SELECT outcome, payload FROM deliveries ORDER BY id LIMIT 1").fetchone()
        return outcome, payload
    finally:
        db.close()


@pytest.fixture
def chat(town) -> Chat:
    """The channel; the bot in it comes and goes."""
    return Chat(town.slack)


@pytest.fixture
async def envelope(request, town, client, handed_over):
    """A typed `/aikeys poke`, or a click on a button that asks the same, as Slack really sends it."""
    how, acked = request.param
    if how == "command":
        return how, await handed_over(town.slack.say("ana", "#ops", "/aikeys poke"), ack=acked), acked
    said = await client.chat_postMessage(
        channel="C0OPS", text="card", blocks=[actions(ask_button("Poke", "poke"), block_id="b")]
    )
    shown = town.slack.messages("#ops", "ana")[-1]["blocks"][0]["elements"][0]
    doing = town.slack.click("ana", "#ops", said["ts"], shown["action_id"], block_id="b")
    return how, await handed_over(doing, ack=acked), acked


BOTH = pytest.mark.parametrize("envelope", [("command", True), ("click", True)], indirect=True)
NEVER = pytest.mark.parametrize("envelope", [("command", False), ("click", False)], indirect=True)


async def poking_comes_to_nothing(chat, restarted, settings, poked, where="#ops") -> None:
    await restarted()
    said = await chat.until("Nothing was changed", "ana", where)
    assert where == "@ana" or said["ephemeral"]
    await eventually(lambda: row(settings) == ("click_again", ""))
    assert poked == []


@BOTH
async def test_an_old_one_changes_nothing(envelope, chat, left, restarted, settings, poked):
    """Acknowledged, but more than a minute ago: the person has looked away or tried again."""
    kind, taken, acked = envelope
    left(kind, taken, 61, acked=acked)
    await poking_comes_to_nothing(chat, restarted, settings, poked)


@NEVER
async def test_one_that_was_never_acknowledged_changes_nothing(envelope, chat, left, restarted, settings, poked):
    """Slack has told the person that it failed: however young, it is not done behind their back."""
    kind, taken, acked = envelope
    left(kind, taken, 2, acked=acked)
    await poking_comes_to_nothing(chat, restarted, settings, poked)


@pytest.mark.parametrize("envelope", [("command", True)], indirect=True)
async def test_a_young_acknowledged_one_is_done_once(envelope, chat, left, restarted, settings, poked):
    """The two tests above would pass without a bot: this one would not."""
    kind, taken, acked = envelope
    left(kind, taken, 20, acked=acked)
    await restarted()
    await chat.until("It was poked")
    await eventually(lambda: row(settings) == ("answered", ""))
    assert poked == ["U0ANA"]


@BOTH
async def test_one_that_the_version_before_has_left_changes_nothing(envelope, chat, left, restarted, settings, poked):
    """Young and acknowledged, but not signed: it may be read, and no more. That is no alarm."""
    kind, taken, acked = envelope
    left(kind, taken, 20, acked=acked)
    with closing(sqlite3.connect(settings.data / "aikeys.sqlite")) as raw, raw:
        raw.execute("UPDATE deliveries SET mac = NULL")
    await poking_comes_to_nothing(chat, restarted, settings, poked, "@ana" if kind == "click" else "#ops")
    assert not [one for one in chat.sees("ana") if "My memory was edited" in words(one)]


@pytest.mark.parametrize("acked", [True, False])
@pytest.mark.parametrize("envelope", [("command", True)], indirect=True)
async def test_one_that_was_begun_is_done_no_second_time(envelope, chat, left, restarted, settings, poked, acked):
    """It died after the change and before it could say so: to do it again would do it twice."""
    kind, taken, _ = envelope
    left(kind, taken, 4, acked=acked, begun=True)
    await restarted()
    said = await chat.until("stopped in the middle of it")
    assert said["ephemeral"]
    assert "It may be done" in said["text"]
    await eventually(lambda: row(settings) == ("begun", ""))
    assert poked == []


@pytest.mark.parametrize("envelope", [("command", True)], indirect=True)
async def test_one_that_was_answered_is_only_settled(envelope, chat, client, left, restarted, settings, poked):
    kind, taken, _ = envelope
    there = await client.chat_postMessage(channel="C0OPS", text="It was poked")
    left(kind, taken, 4, acked=True, begun=True, reply=there["ts"])
    await restarted()
    await eventually(lambda: row(settings) == ("answered", ""))
    assert poked == []
    assert len(chat.sees("ana")) == 1


@pytest.mark.parametrize(("ago", "said"), [(40, "4[0-9] s ago: I was restarting"), (901, "It was not answered")])
async def test_a_read_is_answered_while_the_answer_is_of_use(town, handed_over, chat, left, restarted, ago, said):
    taken = await handed_over(town.slack.say("ana", "#ops", "/aikeys health"), ack=True)
    left("command", taken, ago, acked=True)
    await restarted()
    await chat.until(lambda one: re.search(said, words(one)))


async def test_an_event_killed_before_its_ack_is_answered_once_though_slack_sends_it_again(chat, mortal, town):
    """The row answers it after the restart, and the copy that Slack sends then is the same question."""
    await mortal.starts("inbox.committed")
    await chat.says("ana", "@aikeys health")
    await mortal.died()
    sent = len(town.slack.journal.entries("events_api"))
    await mortal.starts()
    await town.slack.until(lambda: len(town.slack.journal.entries("events_api")) > sent)
    await chat.until(verdict)
    await chat.says("ana", "/aikeys afterwards")
    await chat.until("afterwards")
    assert len([one for one in chat.sees("ana") if verdict(one)]) == 1
