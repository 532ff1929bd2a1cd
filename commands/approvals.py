"""`/aikeys approvals`: what waits for a second person, and what became of the last ones."""

from dataclasses import dataclass

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.views import approval as page
from bot.views.blocks import Message
from store.approvals import Approval


@dataclass(frozen=True, slots=True)
class Seen:
    """Pending ones, oldest first; recent ones, newest first."""

    pending: list[Approval]
    recent: list[Approval]


class What(Args):
    """Nothing."""


@command(role=Role.VIEWER, risk=Risk.READ, examples=["approvals"])
async def approvals(ctx: Context, args: What) -> Seen:
    """What waits for a second person's yes.

    And how the last requests ended: approved, denied, withdrawn, expired or superseded, by whom and why.
    """
    del args
    return Seen(ctx.store.approvals.pending(), ctx.store.approvals.recent(10))


@approvals.view
def view(seen: Seen) -> Message:
    """Show them."""
    return page.lines(seen.pending, seen.recent)
