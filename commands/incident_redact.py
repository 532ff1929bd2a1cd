"""`/aikeys incident redact 41`: take back for good what should not stand there, by two people."""

from dataclasses import dataclass

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.redacting import asked
from bot.views.blocks import Message
from bot.views.redaction import wanted
from store.events import Event


@dataclass(frozen=True, slots=True)
class Wanted:
    """*by* asks for the words of *event*."""

    event: Event
    by: str


class What(Args):
    """Which row."""

    row: int = Field(description="its number in incident show", ge=1, le=10**15)


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=["incident redact 41"],
    under="incident",
)
async def redact(ctx: Context, args: What) -> Wanted:
    """Take back what somebody wrote into the timeline, by two people.

    A password in a note, a customer's name in a reason. You ask, another person agrees by the button. The row stays
    with both names; the words leave the record, the search and my messages. Rotate what was a secret all the same.
    """
    return Wanted(asked(ctx, args.row), ctx.caller.user)


@redact.view
def view(facts: Wanted) -> Message:
    """Ask a second person."""
    return wanted(facts.event, facts.by)
