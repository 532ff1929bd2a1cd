"""`/aikeys contacts`: whom to ring when all fails."""

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.runbook.contacts import Contacts, known
from bot.views.contacts import show


class What(Args):
    """Nothing."""


@command(role=Role.VIEWER, risk=Risk.READ, runbook=["Contact Information"], examples=["contacts"], private=True)
async def contacts(ctx: Context, args: What) -> Contacts:
    """Whom to ring when all else fails.

    The technical lead, Supabase, Circle, and who may approve here: from the settings and the runbook. Nothing outside
    is asked, and nobody is pinged: only you see it.
    """
    del args
    return known(ctx.settings, ctx.target)


contacts.view(show)
