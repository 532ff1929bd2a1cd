"""`/aikeys backups`: the last one, how far back, and what a restore would lose."""

from collections.abc import AsyncIterator

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.questions.backups import Seen, gather
from bot.questions.judging_backups import judge
from bot.views.blocks import Message
from bot.views.report import show


class What(Args):
    """Nothing."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["1. Database Backup", "2. Recovery Procedures"],
    examples=["backups"],
)
async def backups(ctx: Context, args: What) -> AsyncIterator[Seen]:
    """The last backup, how far back one can go, and what a restore would lose.

    Counts what was written since by table: payments, wallets, deposits and withdrawals, events, migrations; and names
    the functions that were deployed since. `/aikeys restore` goes back.
    """
    del args
    async for seen in gather(ctx):
        yield seen


@backups.view
def view(seen: Seen) -> Message:
    """Judge and show."""
    return show(judge(seen))
