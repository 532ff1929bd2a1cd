"""A program to be killed (tests.mortal), with PATH SMTP_URL: writes one mail, once, and sends until none is owed."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from structlog.typing import Processor

from bot.clients.mail import Mailer
from bot.clock import SystemClock
from bot.post.mails import MailLane
from bot.telemetry import logs
from store.database import Store, open_store
from store.letter import Urgency

KEY = b"a key for tests, 32 bytes at least"


async def run(store: Store, url: str) -> None:
    """Write once, send until all is sent."""
    clock = SystemClock()
    lane = MailLane(store.mails, Mailer(url), clock)
    store.mails.write("a", "lead@aikeys.test", "P0", "It burns.\n", clock.now(), urgency=Urgency.P0)
    lane.open()
    while store.mails.waiting():  # noqa: ASYNC110  # looks from outside, as a person would
        await asyncio.sleep(0.01)
    await lane.close()


def main(arguments: Sequence[str], killers: Sequence[Processor]) -> None:
    """Run until all is sent, or until the point is reached."""
    path, url = arguments
    logs.configure("debug", killers)
    store = open_store(Path(path), audit_key=KEY)
    asyncio.run(run(store, url))
    store.close()
