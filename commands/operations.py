"""`/aikeys operations`: what runs now, who holds the project, what was done lately."""

from dataclasses import dataclass

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.views import operation as page
from bot.views.blocks import Message
from store.operations import Freeze, Operation


@dataclass(frozen=True, slots=True)
class Seen:
    """Newest first."""

    found: list[Operation]
    freeze: Freeze | None


class What(Args):
    """Nothing."""


@command(role=Role.VIEWER, risk=Risk.READ, examples=["operations"])
async def operations(ctx: Context, args: What) -> Seen:
    """What runs now, and who holds the project.

    One operation runs at a time; one that needs a human holds the project until somebody says what became of it.
    """
    del args
    return Seen(ctx.store.operations.recent(10), ctx.store.operations.frozen(ctx.clock.now()))


@operations.view
def view(seen: Seen) -> Message:
    """Show them."""
    return page.lines(seen.found, seen.freeze)
