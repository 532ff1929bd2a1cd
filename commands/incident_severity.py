"""`/aikeys incident severity P0 7 "customers write"`: it is worse, or less bad, than it was called."""

from typing import Literal, NamedTuple

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.handling import late
from bot.incidents.handling import severity as judge
from bot.incidents.naming import Number, named
from bot.views.blocks import Message, person
from bot.views.incidents import moved
from store.errors import TooLate
from store.incidents import Incident


class What(Args):
    """How bad, and which."""

    to: Literal["P0", "P1"] = Field(description="P0: customers are hurt now; P1: they will be")
    number: Number = None
    why: str = Field("", description="why, in quotes", max_length=1000)


class Judged(NamedTuple):
    """*had*: who had acknowledged it before, or empty."""

    incident: Incident
    had: str = ""


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=["incident severity P1 1", 'incident severity P0 --why "customers write"'],
    under="incident",
    quotes=True,
    wordy=True,
)
async def severity(ctx: Context, args: What) -> Judged:
    """Make an incident a P0 or a P1.

    A P0 is told in the incident channel, and a silence that one person made ends. It is nobody's until somebody
    acknowledges it anew, unless you have it already. Nobody breaks the glass under an incident that they made a P0: a
    second person has to acknowledge it.
    """
    found = named(ctx.store.incidents, args.number)
    try:
        return Judged(judge(ctx, found, args.to, args.why), found.acked_by)
    except TooLate:
        raise late(ctx.store.incidents.of(found.subject), f"It cannot be made a {args.to}") from None


@severity.view
def view(done: Judged) -> Message:
    """Say so, and who has it now."""
    more = ""
    if done.incident.severity == "P0" and done.incident.acked_by:
        more = " You have it still."
    elif done.incident.severity == "P0" and done.had:
        more = f" {person(done.had)} had it as a P1: nobody has it now, until somebody acknowledges it."
    return moved(done.incident, f"It is a {done.incident.severity} now.", more)
