"""`/aikeys perf`: what got slower since last week."""

from collections.abc import AsyncIterator

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.diagnosis.judging_performance import judge
from bot.diagnosis.performance import Seen, gather
from bot.views.blocks import Message
from bot.views.report import show


class What(Args):
    """Nothing."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["Performance Monitoring", "1. Database Performance", "2. Function Performance"],
    examples=["perf"],
)
async def perf(ctx: Context, args: What) -> AsyncIterator[Seen]:
    """What got slower than last week: wallet, database, functions.

    The wallet and its database from the bot's own looks, functions from Supabase's logs, each against last week, with a
    chart; what the performance advisor finds; and what is not known.
    """
    del args
    async for seen in gather(ctx):
        yield seen


@perf.view
def view(seen: Seen) -> Message:
    """Judge and show."""
    return show(judge(seen))
