"""`/aikeys incident show 7`: one incident, whole: what it is, who has it, all that happened in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.evidence import evidence
from bot.incidents.naming import named
from bot.views.blocks import Message
from bot.views.incident import told
from store.events import Event
from store.incidents import Incident


@dataclass(frozen=True, slots=True)
class Seen:
    """*story*: oldest first."""

    incident: Incident
    story: Sequence[Event]
    now: datetime


class What(Args):
    """Which."""

    number: int | None = Field(None, description="its number; without it the one that is open", ge=1, le=999_999_999)


@command(role=Role.VIEWER, risk=Risk.READ, examples=["incident show", "incident show 1"], under="incident")
async def show(ctx: Context, args: What) -> Seen:
    """One incident with all that happened, in order."""
    found = named(ctx.store.incidents, args.number)
    return Seen(found, ctx.store.incidents.story(found.subject), ctx.clock.now())


@show.view
def view(seen: Seen) -> Message:
    """Show it."""
    return told(seen.incident, seen.story, evidence(seen.incident, seen.story), seen.now)
