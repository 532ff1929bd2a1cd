"""`/aikeys db`: what the database is doing, and what bounds it."""

from collections.abc import AsyncIterator

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.diagnosis.database import Seen, gather
from bot.diagnosis.judging_database import judge
from bot.views.blocks import Message
from bot.views.report import show


class What(Args):
    """Nothing."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    confined=True,
    runbook=["1. Database Performance", "2. Database Health"],
    examples=["db"],
)
async def db(ctx: Context, args: What) -> AsyncIterator[Seen]:
    """Connections, slow statements, locks, disk space and errors of the database.

    Connections against the limit and who holds them, the slowest statements (where pg_stat_statements is there), who
    waits for whom, the disk and the largest tables, and the errors of the last hour by their code. The values in
    statements are not shown.
    """
    del args
    async for seen in gather(ctx):
        yield seen


@db.view
def view(seen: Seen) -> Message:
    """Judge and show."""
    return show(judge(seen))
