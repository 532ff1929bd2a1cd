"""Everything that answers: Bolt, the router, the commands, and what the bot does by itself.

Imported once Slack is heard (bot.app): loading Bolt, the views and the commands would delay that by a third.
"""

import asyncio
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.anchor import Anchor
from bot.asking import Desk
from bot.clients.slack import Slack
from bot.context import Context
from bot.inbox import Delivery
from bot.posted import Comparison
from bot.roles import Roles
from bot.rounds import Rounds
from bot.router import Router
from bot.slack import dispatcher
from bot.startup import Identity
from bot.watch import Watch

KEEP = timedelta(days=7)  # inbox rows
PULSE = 60.0  # seconds between auth.test calls: a revoked token is noticed, a sleepy socket woken (bolt-python #1529)
HOUR = 3600.0


class Answering:
    """`dispatch` takes a delivery to its end; what the bot does by itself begins with `start`."""

    def __init__(self, ctx: Context, slack: Slack, client: AsyncWebClient, who: Identity) -> None:
        self._ctx = ctx
        self._slack = slack
        self._bot_id = who.bot_id
        router = Router(
            desk=Desk(ctx, ctx.commands),
            slack=slack,
            rows=ctx.store.inbox,
            roles=Roles(ctx.settings, slack, ctx.clock, who.team_id),
            who=who,
        )
        self._dispatch = dispatcher(client, who, router)
        self._rounds = Rounds(ctx.clock)
        self.watch = Watch(ctx)

    async def dispatch(self, delivery: Delivery) -> dict[str, Any]:
        """Take it through Bolt and the router; return the ack's payload, which only a modal's submission needs."""
        return await self._dispatch(delivery)

    def start(self) -> None:
        """Begin what the bot does by itself."""
        ctx, every = self._ctx, self._rounds.every
        every(ctx.settings.look_every, "watch", self.watch.round, first=1)
        every(PULSE, "pulse", self._pulse, first=PULSE)
        every(HOUR, "tidy", self._tidy, first=5)
        every(1, "flush", self._flush, first=1)
        if ctx.settings.ops_channel:
            here = (ctx.store, self._slack, ctx.clock, ctx.settings.ops_channel)
            every(HOUR, "compare", Comparison(*here, self._bot_id).round, first=8)  # before a new head is posted
            every(30, "anchor", Anchor(*here).round, first=10)

    async def close(self) -> None:
        """End it."""
        await self._rounds.close()

    async def _pulse(self) -> None:
        await self._slack.call("auth.test")

    async def _tidy(self) -> None:
        now = self._ctx.clock.now()
        more = True
        while more:
            more = self._ctx.store.inbox.purge(now - KEEP) > 0
            await asyncio.sleep(0)  # a few thousand rows at a time: acks go between
        self._ctx.store.samples.roll_up(now)

    async def _flush(self) -> None:
        self._ctx.store.inbox.flush()
