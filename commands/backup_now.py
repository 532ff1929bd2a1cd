"""`/aikeys backup now [name]`: a restore point, before something that may go wrong."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.restoring import points
from bot.restoring.target import NAME
from bot.views.blocks import Message
from bot.views.operation import begun
from store.operations import Operation


class What(Args):
    """Its name."""

    name: str = Field(
        "",
        description="up to 20 letters, digits, - _ and .; without it the date and the time",
        pattern=rf"^({NAME.pattern})?$",
    )


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    runbook=["1. Database Backup"],
    examples=["backup now", "backup now before-the-fix"],
    under="backup",
    private=True,
)
async def now(ctx: Context, args: What) -> Operation:
    """Make a restore point of the database, to go back to.

    Supabase keeps it; nobody must approve it. `/aikeys restore` with its name goes back to it.
    """
    return points.begin(ctx, args.name or points.named(ctx.clock.now()))


@now.view
def view(operation: Operation) -> Message:
    """Say that it has begun."""
    return begun(operation)
