"""`/aikeys incident ack 7`: say that you have it."""

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.naming import Number, alerts, named, overtaken
from bot.views.blocks import Message
from bot.views.incidents import moved
from store.errors import TooLate
from store.incidents import Incident


class What(Args):
    """Which."""

    number: Number = None


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=["incident ack", "incident ack 1"],
    under="incident",
    quotes=True,
)
async def ack(ctx: Context, args: What) -> Incident:
    """Say that you have an incident; a P0 is repeated no more.

    The two hours of a P1 keep running: the runbook counts until it is resolved.
    """
    found = named(ctx.store.incidents, args.number)
    try:
        return alerts(ctx).acknowledge(found.subject, ctx.caller.user)
    except TooLate:
        raise overtaken(ctx.store.incidents.of(found.subject)) from None


@ack.view
def view(incident: Incident) -> Message:
    """Say so."""
    return moved(incident)
