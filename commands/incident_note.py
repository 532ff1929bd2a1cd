"""`/aikeys incident note "pool is full"`: a sentence into the timeline and the thread."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.handling import note as keep
from bot.incidents.naming import Number, named
from bot.views.blocks import Message
from bot.views.incidents import moved
from store.incidents import Incident


class What(Args):
    """What, and of which."""

    text: str = Field(description="what you saw or did, in quotes", min_length=1, max_length=2000)
    number: Number = None
    instead_of: int | None = Field(None, description="the row of the note that this one corrects", ge=1)


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=['incident note "the pool is full, restarting it"', 'incident note "pool restarted" 1'],
    under="incident",
    quotes=True,
    wordy=True,
)
async def note(ctx: Context, args: What) -> Incident:
    """Put a sentence into the timeline of an incident.

    It stands in its thread too. A note is corrected by another, which names its row; the first stays on record. Two
    people can take back what should not stand there: /aikeys incident redact.
    """
    found = named(ctx.store.incidents, args.number)
    return keep(ctx, found, args.text, args.instead_of)


@note.view
def view(incident: Incident) -> Message:
    """Say so."""
    return moved(incident, "📝 Noted.")
