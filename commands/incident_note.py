"""`/aikeys incident note "pool is full"`: a sentence into the timeline and the thread."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.naming import alerts, named
from bot.views.blocks import Message
from bot.views.incident import moved
from store.incidents import Incident


class What(Args):
    """What, and of which."""

    text: str = Field(description="what you saw or did, in quotes", min_length=1, max_length=2000)
    number: int | None = Field(None, description="its number; without it the one that is open", ge=1, le=999_999_999)


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=['incident note "the pool is full, restarting it"', 'incident note "pool restarted" 1'],
    under="incident",
)
async def note(ctx: Context, args: What) -> Incident:
    """Put a sentence into the timeline of an incident.

    It stands in its thread too. Two people can take back what should not stand there; a tombstone stays.
    """
    found = named(ctx.store.incidents, args.number)
    return alerts(ctx).note(found.subject, ctx.caller.user, args.text)


@note.view
def view(incident: Incident) -> Message:
    """Say so."""
    return moved(incident, "📝 Noted.")
