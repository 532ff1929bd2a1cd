"""SIGTERM while somebody is answered: 20 s for what runs, the rest at the next start."""

import asyncio
import math

import pytest

from tests.chat import words
from tests.wait import eventually


@pytest.mark.slow
async def test_what_does_not_end_in_20_s_is_answered_after_the_next_start(chat, life, project, town, moved):
    """The last look hangs for ever here; the drain does not."""
    bot = await life.begins()
    async with project.answers("*", "/secrets$", delay=math.inf):
        await chat.says("ana", "/aikeys health")
        await chat.until("Asking 6 services")
        loop = asyncio.get_running_loop()
        began = loop.time()
        await life.ends()
        assert 19 <= loop.time() - began <= 24
    assert not town.slack.sockets.open
    assert bot.sockets.up == 0
    assert life.rows("SELECT settled_at FROM deliveries") == [(None,)]

    await life.begins()

    card = await chat.until("Healthy")
    assert "I was restarting" in words(card)
    cards = [one for one in chat.sees("ana") if one.get("bot_id") and "Audit head" not in one["text"]]
    assert len(cards) == 1, "the message that was begun is finished, none is added"
    await moved.passes(seconds=2)
    await eventually(lambda: life.rows("SELECT outcome FROM deliveries") == [("answered",)])
