"""A program to be killed (tests.mortal), with PATH API_URL TOKEN CHANNEL.

Writes three letters and a file in a thread and changes the first, once; then sends until nothing is owed.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from structlog.typing import Processor

from bot.clients.slack import Slack, web_client
from bot.clock import SystemClock
from bot.post.outbox import Outbox
from bot.telemetry import logs
from bot.views.blocks import Message, TextFile
from store.database import Store, open_store

KEY = b"a key for tests, 32 bytes at least"
DIFF = TextFile("x.diff", "What changes", "-old\n+new\n")


async def run(store: Store, url: str, token: str, channel: str) -> None:
    """Write once, send until all is sent."""
    async with aiohttp.ClientSession() as session:
        clock = SystemClock()
        outbox = Outbox(store, Slack(web_client(token, url, session, clock), session), clock, can_look=True)
        outbox.open()
        if store.outbox.get("a") is None:
            with store.transaction():
                outbox.say("a", channel, Message("running"))
                outbox.say("b", channel, Message("step one"), under="a")
                outbox.say("c", channel, Message("step two", files=[DIFF]), under="a")
        while store.outbox.waiting():  # noqa: ASYNC110  # looks from outside, as a person would
            await asyncio.sleep(0.01)
        outbox.say("a", channel, Message("done"))
        while store.outbox.waiting():  # noqa: ASYNC110  # the same
            await asyncio.sleep(0.01)
        await outbox.close()


def main(arguments: Sequence[str], killers: Sequence[Processor]) -> None:
    """Run until all is sent, or until the point is reached."""
    path, url, token, channel = arguments
    logs.configure("debug", killers)
    store = open_store(Path(path), audit_key=KEY)
    asyncio.run(run(store, url, token, channel))
    store.close()
