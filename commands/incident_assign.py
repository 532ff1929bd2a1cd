"""`/aikeys incident assign @ana scribe`: who leads it, who writes it down."""

import re
from typing import Literal

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.errors import Refused
from bot.incidents.handling import assign as give
from bot.incidents.naming import Number, named
from bot.views.blocks import Message, person
from bot.views.incidents import moved
from store.incidents import Incident

_PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")


class What(Args):
    """Whom, and to what."""

    who: str = Field(description="@somebody, or me", max_length=100)
    role: Literal["commander", "scribe"] = Field(
        "commander", description="the commander decides, the scribe writes down"
    )
    number: Number = None


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    examples=["incident assign me", "incident assign me scribe 1"],
    under="incident",
    quotes=True,
)
async def assign(ctx: Context, args: What) -> Incident:
    """Say who leads an incident, or who writes it down.

    The card shows it, and the report says who it was when.
    """
    found = named(ctx.store.incidents, args.number)
    who = ctx.caller.user if args.who == "me" else args.who
    if not _PERSON.fullmatch(who):
        raise Refused(
            "Nobody was assigned.",
            f"I do not know who “{who[:40]}” is.",
            "Type @, choose a name from Slack's list, or me.",
        )
    return give(ctx, found, args.role, who)


@assign.view
def view(incident: Incident) -> Message:
    """Say so."""
    roles = {"commander": incident.commander, "scribe": incident.scribe}
    has = ", ".join(f"{role} is {person(who)}" for role, who in roles.items() if who)
    return moved(incident, has=f"{has}.")
