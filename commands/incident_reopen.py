"""`/aikeys incident reopen 7 "it is back"`: it was called over too soon."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.handling import late
from bot.incidents.handling import reopen as again
from bot.incidents.naming import named
from bot.views.blocks import Message
from bot.views.incidents import moved
from store.errors import TooLate
from store.incidents import Incident


class What(Args):
    """Which, and why."""

    number: int = Field(description="its number", ge=1, le=999_999_999)
    why: str = Field("", description="why, in quotes", max_length=1000)


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=["incident reopen 1", 'incident reopen 1 "refunds fail again"'],
    under="incident",
    quotes=True,
    wordy=True,
)
async def reopen(ctx: Context, args: What) -> Incident:
    """Open an incident again that was called over too soon.

    It is the same incident, and nobody has it until somebody acknowledges it. The two hours of a P1 are those from
    its first opening. One that was merged is its own again.
    """
    found = named(ctx.store.incidents, args.number)
    try:
        return again(ctx, found, args.why)
    except TooLate:
        raise late(ctx.store.incidents.of(found.subject), "It cannot be opened again") from None


@reopen.view
def view(incident: Incident) -> Message:
    """Say so."""
    return moved(incident, "It is open again.")
