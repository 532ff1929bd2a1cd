"""SIGTERM while somebody is answered: 20 s for what runs, the rest at the next start."""

import asyncio

import pytest

from bot.app import DRAIN
from bot.clock import SystemClock
from playground.clock import ManualClock
from tests.chat import verdict, words
from tests.wait import eventually


@pytest.fixture
def clock() -> ManualClock:
    """Slack's, which stands still: a slow call there takes for ever."""
    return ManualClock(SystemClock().now())


async def test_what_does_not_end_in_20_s_is_answered_after_the_next_start(chat, life, town, moved):
    """Slack swallows the last edit here; the drain does not wait for it."""
    bot = await life.begins()
    await town.slack.faults.set("slack_latency", True, only="chat.update")
    await chat.says("ana", "/aikeys health")
    await chat.until("Asking 6 services")
    assert DRAIN == 20
    ending = asyncio.create_task(life.ends())
    await eventually(lambda: not town.slack.sockets.open)
    await moved.passes(seconds=DRAIN - 1)
    assert not ending.done()
    await moved.passes(seconds=1)
    await ending
    assert bot.sockets.up == 0
    assert life.rows("SELECT settled_at FROM deliveries") == [(None,)]

    await town.slack.faults.set("slack_latency", False)
    await life.begins()

    card = await chat.until(verdict)
    assert "I was restarting" in words(card)
    cards = [one for one in chat.sees("ana") if one.get("bot_id") and "Audit head" not in one["text"]]
    assert len(cards) == 1, "the message that was begun is finished, none is added"
    await moved.passes(seconds=2)
    await eventually(lambda: life.rows("SELECT outcome FROM deliveries") == [("answered",)])
