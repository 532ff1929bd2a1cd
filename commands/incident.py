"""`/aikeys incident`: what is wrong now, who has it, what was wrong lately."""

from collections.abc import Sequence

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.views.blocks import Message
from bot.views.incidents import listed
from store.incidents import Incident


class What(Args):
    """Nothing."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["Escalation Procedures", "1. Critical Issues (P0)", "2. Warning Issues (P1)"],
    examples=["incident"],
    quotes=True,
)
async def incident(ctx: Context, args: What) -> Sequence[Incident]:
    """What is wrong now, who has it, and what was lately.

    I look every quarter of a minute and open them myself: a P0 in the incident channel, a P1 in the ops channel, one
    message each, kept current. A P0 is repeated until somebody acknowledges it; a P1 that is not resolved within two
    hours goes to the technical lead.
    """
    del args
    return ctx.store.incidents.recent(12)


@incident.view
def view(found: Sequence[Incident]) -> Message:
    """Show them."""
    return listed(found)
