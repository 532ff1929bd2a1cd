"""Somebody is slow: the first reply does not wait, at 4 s the card names who is missing, and it is edited once more."""

import asyncio
import math
import statistics

import pytest

from tests.chat import words
from tests.running import unwatched
from tests.wait import eventually

SECRETS = (
    b"["
    + b",".join(
        b'{"name":"%s","value":"x"}' % name for name in (b"CIRCLE_API_KEY", b"CIRCLE_WEBHOOK_SECRET", b"ALERT_EMAIL")
    )
    + b"]"
)
FIRST_REPLY = 0.4  # seconds from the typed command to the message in the channel


def cards(chat):
    """The bot's answers; at ten seconds it posts the audit head too."""
    return [one for one in chat.sees("ana") if one.get("bot_id") and "Audit head" not in one["text"]]


def asked_still() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("health.")}


class TestOnItsOwnClock:
    @pytest.fixture
    async def bot(self, settings, moved):
        async with unwatched(settings, moved) as bot:
            yield bot

    async def test_named_at_four_seconds_and_edited_once_more_when_it_comes(self, chat, town, project, moved):
        there = asyncio.Event()

        async def late():
            await there.wait()
            yield SECRETS

        async with project.answers("GET", "/secrets$", body=late):
            await chat.says("ana", "/aikeys health")
            await chat.until("Asking 6 services")
            await eventually(lambda: asked_still() == {"health.secrets"})
            await moved.passes(seconds=3.9)
            assert "waiting for" not in words(cards(chat)[-1])
            await moved.passes(seconds=0.2)
            card = await chat.until("waiting for secrets")
            assert "edited once more" in words(card)
            assert "*Database*" in words(card), "what is known is shown meanwhile"

            there.set()
            done = await chat.until("Healthy")

        assert done["ts"] == card["ts"]
        assert len(cards(chat)) == 1
        assert len(town.slack.journal.entries("chat.update")) == 2

    async def test_at_ten_seconds_it_gives_up_and_says_who_never_answered(self, chat, town, project, moved):
        async with project.answers("GET", "^/health$", delay=math.inf):
            await chat.says("ana", "/aikeys health")
            await chat.until("Asking 6 services")
            await eventually(lambda: asked_still() == {"health.wallet"})
            await moved.passes(seconds=4.1)
            await chat.until("waiting for")
            await moved.passes(seconds=5)
            assert "did not answer within" not in words(cards(chat)[-1])
            await moved.passes(seconds=1.5)
            card = await chat.until("did not answer within 10 s")

        assert "Healthy" not in words(card)
        assert len(cards(chat)) == 1
        assert len(town.slack.journal.entries("chat.update")) == 2


async def test_the_first_reply_waits_for_nobody(chat, town, project):
    """Every probe is held, and still the channel reads “Asking 6 services…” in time; the median of five."""
    town.slack.limits.off = True
    took = []
    async with project.answers("*", ".", delay=math.inf):
        for number in range(1, 6):
            began = town.clock.monotonic()
            asking = asyncio.create_task(chat.says("ana", "/aikeys health"))
            await town.slack.until(lambda number=number: len(cards(chat)) == number)
            took.append(town.clock.monotonic() - began)
            await asking
    assert all("Asking 6 services" in words(one) for one in cards(chat)[-1:])
    assert statistics.median(took) <= FIRST_REPLY
