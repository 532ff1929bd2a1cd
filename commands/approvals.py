"""`/aikeys approvals`: what waits for a second person, and what became of the last ones."""

from dataclasses import dataclass

from bot.approvals import glass
from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.views import approval as page
from bot.views.blocks import Message
from store.approvals import Approval
from store.reviews import Review
from store.views import OpenIncident


@dataclass(frozen=True, slots=True)
class Seen:
    """Pending ones, oldest first; recent ones, newest first.

    *glass*: the incident under which one person may act alone now, or None; *broken*: the reviews of glass broken for
    the recent ones, by approval.
    """

    pending: list[Approval]
    recent: list[Approval]
    glass: OpenIncident | None
    broken: dict[str, Review]


class What(Args):
    """Nothing."""


@command(role=Role.VIEWER, risk=Risk.READ, examples=["approvals"])
async def approvals(ctx: Context, args: What) -> Seen:
    """What waits for a second person's yes.

    And how the last requests ended: approved, denied, withdrawn, expired or superseded, by whom and why.
    """
    del args
    recent = ctx.store.approvals.recent(10)
    broken = {one.of: one for each in recent if each.glass and (one := ctx.store.reviews.glass_of(each.subject))}
    return Seen(ctx.store.approvals.pending(), recent, glass.incident(ctx.store), broken)


@approvals.view
def view(seen: Seen) -> Message:
    """Show them."""
    return page.lines(seen.pending, seen.recent, seen.glass, seen.broken)
