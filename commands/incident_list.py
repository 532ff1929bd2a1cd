"""`/aikeys incident list 2026-11`: the incidents of a month."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.months import MONTH, month
from bot.views.blocks import Message
from bot.views.story import listed
from store.incidents import Incident


@dataclass(frozen=True, slots=True)
class Found:
    """Those that were opened in the month *name*."""

    incidents: Sequence[Incident]
    name: str


class What(Args):
    """Of when."""

    month: str | None = Field(None, description="which month, as in 2026-10; this one, unless said", pattern=MONTH)


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    examples=["incident list", "incident list 2026-10"],
    under="incident",
    quotes=True,
)
async def list_(ctx: Context, args: What) -> Found:
    """The incidents of a month, each in a line."""
    meant = month(args.month, ctx.clock.now(), ctx.settings.zone)
    return Found(ctx.store.incidents.between(meant.begins, meant.ends), meant.name)


@list_.view
def view(found: Found) -> Message:
    """Show them."""
    return listed(found.incidents, found.name)
