"""`/aikeys backup`: what was made through the bot to go back to."""

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.restoring.made import Seen, gather
from bot.views.made import show


class What(Args):
    """Nothing."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["1. Database Backup"],
    examples=["backup"],
)
async def backup(ctx: Context, args: What) -> Seen:
    """What you can go back to, made through me: restore points, dumps, copies.

    Supabase's own backups: `/aikeys backups`. A new one: `/aikeys backup now`, `/aikeys backup dump`.
    """
    del args
    return await gather(ctx)


backup.view(show)
