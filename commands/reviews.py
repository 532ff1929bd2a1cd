"""`/aikeys reviews`: what waits for somebody's signature, what was signed lately, what falls due next."""

from dataclasses import dataclass
from datetime import datetime

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.reviews.calendar import following
from bot.reviews.kinds import KINDS
from bot.views import review as page
from bot.views.blocks import Message
from store.reviews import Review


@dataclass(frozen=True, slots=True)
class Seen:
    """Open ones, oldest first; those that are over, the last first; what comes, by title, the nearest first."""

    open: list[Review]
    recent: list[Review]
    coming: list[tuple[str, datetime]]


class What(Args):
    """Nothing."""


@command(role=Role.VIEWER, risk=Risk.READ, runbook=["2. Access Review"], examples=["reviews"], quotes=True)
async def reviews(ctx: Context, args: What) -> Seen:
    """What waits for a look and a signature.

    The calendar's reviews (slow queries weekly, admin users and the age of secrets monthly, policies and runbook
    quarterly, the security audit once a year) and every broken glass, which another person has to sign.
    """
    del args
    now, zone = ctx.clock.now(), ctx.settings.zone
    coming = [(kind.title, following(kind.cadence, now, zone).due) for kind in KINDS.values()]
    return Seen(ctx.store.reviews.open(), ctx.store.reviews.recent(8), sorted(coming, key=lambda one: one[1]))


@reviews.view
def view(seen: Seen) -> Message:
    """Show them."""
    return page.lines(seen.open, seen.recent, seen.coming)
