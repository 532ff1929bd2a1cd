"""Can the bot still write down what it does? Where it cannot, it says so past its memory, in Slack and by mail.

What is said of everything else is a row first. Of this there can be none: the disk is full or broken, the file was
damaged, cut off or taken away. Until it can write again nothing is acknowledged and no effect begins.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from bot.clients.mail import Mail, Mailer
from bot.clients.slack import Slack
from bot.context import Context
from bot.errors import Unanswered
from bot.incidents.team import team
from bot.views import own as view
from bot.views.blocks import Message
from store import pages
from store.errors import StoreDamaged, StoreError

log = structlog.get_logger(__name__)

EVERY = 5.0  # seconds between two looks
TWICE = 2  # looks that find it before it is told: one write that fails is tried again by whoever wanted it
PAGES = 300.0  # seconds between two readings of the whole file, in a thread: bytes that nobody asks for rot unseen
QUIET = 600.0  # seconds until it is told again, where it comes and goes
WRITABLE = "memory.writable"


class Memory:
    """A `round` looks whether anything can be written, `pages` whether the file is whole."""

    def __init__(
        self, ctx: Context, slack: Slack, mailer: Mailer | None, *, whole: Callable[[Path], None] = pages.check
    ) -> None:
        self._ctx = ctx
        self._slack = slack
        self._mailer = mailer
        self._whole = whole
        self._failed = 0
        self._since: datetime | None = None  # that it was told
        self._why = ""
        self._told = -QUIET

    async def round(self) -> None:
        """Look; tell where it has begun, or is over."""
        connection = self._ctx.store.connection
        if connection.damaged:
            await self.pages()  # nobody writes meanwhile: is it whole again?
        why = self._ctx.store.unwritable()
        if why:
            self._failed, self._why = self._failed + 1, why
            if self._failed >= TWICE and self._since is None:
                self._since = self._ctx.clock.now()
                await self._tell(why)
            return
        self._failed = 0
        if self._since is not None:
            await self._over(self._since)

    async def pages(self) -> None:
        """Read the whole file beside the bot. What is found stops all writing until it is whole again."""
        connection = self._ctx.store.connection
        try:
            await asyncio.to_thread(self._whole, connection.path)
        except StoreDamaged as error:
            connection.damaged = str(error)
            log.critical("memory.damaged", error=str(error))
        except StoreError as error:
            log.warning("memory.unread", error=str(error))  # gone, or the disk: the next round says what it is
        else:
            connection.damaged = ""

    async def _tell(self, why: str) -> None:
        log.critical("memory.unwritable", error=why)
        now = self._ctx.clock.monotonic()
        if now - self._told < QUIET:
            return
        self._told = now
        await self._say(view.unwritable(why), "P1 I can write nothing down, and take nothing")

    async def _over(self, since: datetime) -> None:
        now = self._ctx.clock.now()
        data = {"from": since.isoformat(), "to": now.isoformat(), "why": self._why[:300]}
        self._ctx.store.events.append("bot", WRITABLE, "bot", data, now)
        self._since = None
        log.warning("memory.writable", seconds=round((now - since).total_seconds()))
        await self._say(view.writable(since), "I can write again, and take commands")

    async def _say(self, message: Message, subject: str) -> None:
        settings, now = self._ctx.settings, self._ctx.clock.now()
        if settings.ops_channel:
            try:
                where = {"channel": settings.ops_channel, "text": message.text, "blocks": list(message.blocks)}
                await self._slack.call("chat.postMessage", **where)
            except Unanswered as error:
                log.error("memory.untold", to="Slack", error=str(error))  # noqa: TRY400  # the sentence says it all
        to = team(settings, self._ctx.target).lead_mail if self._mailer is not None else ""
        if self._mailer is not None and to:
            mail = Mail(f"memory/{now.isoformat()}", to, f"[AIKeys] {subject}", message.text, "")
            try:
                await self._mailer.send(mail, now)
            except Unanswered as error:
                log.error("memory.untold", to="mail", error=str(error))  # noqa: TRY400  # the same
