"""`/aikeys incident show 7`: one incident, whole: what it is, who has it, all that happened in order."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.naming import Number, named
from bot.incidents.telling import Told, page
from bot.views.story import told


class What(Args):
    """Which."""

    number: Number = None
    page: int = Field(1, description="which page, counted from the end", ge=1, le=1000)


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    examples=["incident show", "incident show 1"],
    under="incident",
    quotes=True,
)
async def show(ctx: Context, args: What) -> Told:
    """One incident with all that happened, in order.

    Its own steps, what people noted and pinned, and what I did meanwhile: deploys, approvals, what was asked.
    """
    return page(ctx.store, named(ctx.store.incidents, args.number), ctx.clock.now(), args.page)


show.view(told)
