"""`/aikeys stats 2026-11`: how the incidents of a month went."""

from dataclasses import dataclass

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.counting import Counted, counted
from bot.incidents.months import MONTH, month
from bot.views.blocks import Message
from bot.views.stats import shown


@dataclass(frozen=True, slots=True)
class Found:
    """The figures of the month *name*."""

    counted: Counted
    name: str


class What(Args):
    """Of when."""

    month: str | None = Field(None, description="which month, as in 2026-10; this one, unless said", pattern=MONTH)


@command(role=Role.VIEWER, risk=Risk.READ, examples=["stats", "stats 2026-10"])
async def stats(ctx: Context, args: What) -> Found:
    """How the incidents of a month went.

    By cause; how long it took to detect, acknowledge and resolve them; who was told and who acted; and whether it was
    worth it, as people said at the end of each. A detector that is mostly noise wants another threshold.
    """
    meant = month(args.month, ctx.clock.now(), ctx.settings.zone)
    found = ctx.store.incidents.between(meant.begins, meant.ends)
    stories = {one.subject: ctx.store.incidents.story(one.subject) for one in found}
    return Found(counted(found, stories), meant.name)


@stats.view
def view(found: Found) -> Message:
    """Show them."""
    return shown(found.counted, found.name)
