"""A program to be killed (tests.chaos.weather), with PATH API_URL TOKEN CHANNEL COUNT: letters in ten threads, a P0."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from structlog.typing import Processor

from bot.clients.slack import Slack, web_client
from bot.clock import SystemClock
from bot.post.outbox import Outbox
from bot.telemetry import logs
from bot.views.blocks import Message
from store.database import Store, open_store
from store.letter import Urgency

KEY = b"a key for tests, 32 bytes at least"
THREADS = 10


def keys(count: int) -> list[str]:
    """What is written, in this order; the first of each thread is its root, the last of all a P0 of its own."""
    return [*(f"{number % THREADS}/{number}" for number in range(count)), "p0"]


async def run(store: Store, url: str, token: str, channel: str, count: int) -> None:
    """Write what is not written yet, in its own time, and send until all is sent."""
    async with aiohttp.ClientSession() as session:
        clock = SystemClock()
        outbox = Outbox(store, Slack(web_client(token, url, session, clock), session), clock, can_look=True)
        outbox.open()
        for key in keys(count):
            if store.outbox.get(key) is None:
                thread = key.partition("/")[0]
                under = f"{thread}/{thread}" if key not in ("p0", f"{thread}/{thread}") else None
                urgency = Urgency.P0 if key == "p0" else Urgency.USUAL
                outbox.say(key, channel, Message(key), under=under, urgency=urgency)
                await asyncio.sleep(0.25)
        while store.outbox.waiting():  # noqa: ASYNC110  # looks from outside, as a person would
            await asyncio.sleep(0.05)
        await outbox.close()


def main(arguments: Sequence[str], killers: Sequence[Processor]) -> None:
    """Run until all is sent, or until somebody kills it."""
    path, url, token, channel, count = arguments
    logs.configure("error", killers)
    store = open_store(Path(path), audit_key=KEY)
    asyncio.run(run(store, url, token, channel, int(count)))
    store.close()
