"""`/aikeys incident merge 8 7`: what was told twice is one."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.handling import late
from bot.incidents.handling import merge as join
from bot.incidents.naming import named
from bot.views.blocks import Message
from bot.views.incidents import moved
from store.errors import TooLate
from store.incidents import Incident


class What(Args):
    """Which into which."""

    number: int = Field(description="the one that is part of the other", ge=1, le=999_999_999)
    into: int = Field(description="the other, which goes on", ge=1, le=999_999_999)


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=["incident merge 2 1"],
    under="incident",
    quotes=True,
)
async def merge(ctx: Context, args: What) -> Incident:
    """Say that an incident is part of another.

    The first is over with that, its story is told with the other's. If it comes back, it is its own again.
    """
    rows = ctx.store.incidents
    found, into = named(rows, args.number), named(rows, args.into)
    try:
        return join(ctx, found, into)
    except TooLate:
        raise late(rows.of(found.subject), "They cannot be merged: both must be open, and be two") from None


@merge.view
def view(incident: Incident) -> Message:
    """Say so."""
    return moved(incident, f"It goes on as part of {incident.merged_into.rpartition('/')[2]}.")
