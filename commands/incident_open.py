"""`/aikeys incident open "payments stuck" --severity P0`: what a person saw before the detectors did."""

from typing import Literal

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.naming import alerts
from bot.redaction import hidden
from bot.views.blocks import Message
from bot.views.incidents import moved
from store.incidents import Incident


class What(Args):
    """What is wrong, and how badly."""

    title: str = Field(description="what is wrong, in quotes", min_length=3, max_length=120)
    severity: Literal["P0", "P1"] = Field("P1", description="P0: customers are hurt now; P1: they will be")
    note: str = Field("", description="what you have seen, in quotes", max_length=2000)


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=[
        'incident open "refunds do not go out" P0',
        'incident open "odd sign-ins" --note "three from one address"',
    ],
    under="incident",
    quotes=True,
    wordy=True,
)
async def open_(ctx: Context, args: What) -> Incident:
    """Open an incident that no detector saw.

    Nobody breaks the glass under an incident that they opened themselves: a second person has to acknowledge it. What
    looks like a secret is hidden; what should not stand there all the same is taken back by /aikeys incident redact.
    """
    return alerts(ctx).open(args.severity, hidden(args.title), ctx.caller.user, hidden(args.note))


@open_.view
def view(incident: Incident) -> Message:
    """Say where it stands."""
    return moved(incident, "Opened.")
