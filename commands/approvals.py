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
    the recent ones, by approval; *links* to the cards of the pending ones, by subject.
    """

    pending: list[Approval]
    recent: list[Approval]
    glass: OpenIncident | None
    broken: dict[str, Review]
    links: dict[str, str]


class What(Args):
    """Nothing."""


@command(role=Role.VIEWER, risk=Risk.READ, examples=["approvals"], quotes=True)
async def approvals(ctx: Context, args: What) -> Seen:
    """What waits for a second person's yes.

    And how the last requests ended: approved, denied, withdrawn, expired or superseded, by whom and why.
    """
    del args
    recent = ctx.store.approvals.recent(10)
    broken = {one.of: one for each in recent if each.glass and (one := ctx.store.reviews.glass_of(each.subject))}
    pending = ctx.store.approvals.pending()
    links = await ctx.changes.links.to(one.subject for one in pending) if ctx.changes is not None else {}
    return Seen(pending, recent, glass.incident(ctx.store), broken, links)


@approvals.view
def view(seen: Seen) -> Message:
    """Show them."""
    return page.lines(seen.pending, seen.recent, seen.glass, seen.broken, seen.links)
