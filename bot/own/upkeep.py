"""What keeps the bot itself well: what is old is forgotten; its memory is looked at, copied and sealed."""

import asyncio
from datetime import timedelta

from bot.clients.mail import Mailer
from bot.clients.slack import Slack
from bot.clockwork.rounds import Every
from bot.context import Context
from bot.incidents.alerting import Alerts
from bot.memory.anchor import Anchor
from bot.memory.copying import EVERY, Copying, own_key
from bot.memory.posted import Comparison
from bot.own.jumps import Jumps
from bot.own.memory import EVERY as LOOK_AT_MEMORY
from bot.own.memory import PAGES, Memory

KEEP = timedelta(days=7)  # inbox rows, timers that fired, how answers came about
KEPT_LOOKS = timedelta(days=1)  # what each look found, to be judged again by other thresholds
KEPT_LETTERS = timedelta(days=90)  # a card can be brought up to date for so long
PULSE = 60.0  # seconds between auth.test calls: a revoked token is noticed, a sleepy socket woken (bolt-python #1529)
HOUR = 3600.0


class Upkeep:
    """`begin` once. *bot_id*: whose posts in the ops channel the timeline is held against."""

    def __init__(self, ctx: Context, alerts: Alerts, slack: Slack, mailer: Mailer | None, bot_id: str) -> None:
        self._ctx = ctx
        self._alerts = alerts
        self._slack = slack
        self._mailer = mailer
        self._bot_id = bot_id

    def begin(self, every: Every) -> None:
        """Begin its rounds."""
        ctx, rows = self._ctx, self._ctx.store
        every(PULSE, "pulse", self._pulse, first=PULSE)
        every(HOUR, "tidy", self._tidy, first=5)
        every(1, "flush", self._flush, first=1)
        memory = Memory(ctx, self._slack, self._mailer)
        every(LOOK_AT_MEMORY, "memory", memory.round, first=LOOK_AT_MEMORY)
        every(PAGES, "pages", memory.pages, first=20)
        put_off = (rows.outbox.hurry, rows.mails.hurry, rows.errands.hurry, rows.timers.hurry)
        every(1, "jumps", Jumps(ctx.clock, put_off).round, first=1)
        if ctx.settings.ops_channel:
            here = (rows, self._slack, ctx.clock, ctx.settings.ops_channel)
            every(HOUR, "compare", Comparison(*here, self._bot_id).round, first=8)  # before a new head is posted
            every(30, "anchor", Anchor(*here).round, first=10)
        if ctx.settings.copies is not None:
            folder, key = ctx.settings.copies.expanduser(), own_key(ctx.settings)
            every(EVERY, "copy", Copying(rows.path, folder, ctx.clock, self._alarm, key=key).round, first=5)

    def _alarm(self, title: str, text: str) -> None:
        """A P1 about the bot itself."""
        self._alerts.open("P1", title, "bot", text)

    async def _pulse(self) -> None:
        await self._slack.call("auth.test")

    async def _tidy(self) -> None:
        rows, now = self._ctx.store, self._ctx.clock.now()
        more = True
        while more:
            more = rows.inbox.purge(now - KEEP) > 0
            await asyncio.sleep(0)  # a few thousand rows at a time: acks go between
        rows.samples.roll_up(now)
        rows.timers.purge(now - KEEP)
        rows.traces.purge(now - KEEP)
        rows.looks.purge(now - KEPT_LOOKS)
        rows.alerts.purge(now - KEEP)
        rows.outbox.purge(now - KEPT_LETTERS)
        rows.mails.purge(now - KEPT_LETTERS)
        rows.quotes.purge(now - KEPT_LETTERS)
        rows.forget()  # also what an earlier life did not come to

    async def _flush(self) -> None:
        self._ctx.store.inbox.flush()
        self._ctx.store.forget_again()
