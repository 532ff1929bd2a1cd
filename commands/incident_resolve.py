"""`/aikeys incident resolve 7 "pool restarted"`: say that it is over."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.errors import Refused
from bot.hide import hide
from bot.incidents.evidence import evidence
from bot.incidents.naming import Number, alerts, named, overtaken
from bot.views.blocks import Message
from bot.views.incidents import moved
from store.errors import TooLate
from store.incidents import Incident


class What(Args):
    """Which, and why."""

    number: Number = None
    why: str = Field("", description="what ended it, in quotes", max_length=1000)
    anyway: bool = Field(default=False, description="also where I still see it")


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=["incident resolve", 'incident resolve 1 "the pool was restarted"'],
    under="incident",
    quotes=True,
    wordy=True,
)
async def resolve(ctx: Context, args: What) -> Incident:
    """Say that an incident is over.

    I resolve by myself what I no longer see. What is still there when you say this, and does not get better, I
    post again after half an hour.
    """
    found = named(ctx.store.incidents, args.number)
    about = evidence(found, ctx.store.incidents.story(found.subject))
    if found.open and not args.anyway and not about.about and found.dedup_key in alerts(ctx).seen_now:
        raise Refused(
            "It is not resolved: I still see it.",
            about.what,
            f"Wait until I resolve it myself, or say it all the same: /aikeys incident resolve {found.number} --anyway",
        )
    try:
        return alerts(ctx).resolve(found.subject, ctx.caller.user, hide(args.why))
    except TooLate:
        raise overtaken(ctx.store.incidents.of(found.subject)) from None


@resolve.view
def view(incident: Incident) -> Message:
    """Say so."""
    return moved(incident)
