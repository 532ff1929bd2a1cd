"""`/aikeys nothing`: the whole way in, no way out."""

from collections.abc import AsyncIterator

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.views.blocks import Message


class What(Args):
    """No arguments."""


@command(role=Role.VIEWER, risk=Risk.READ, examples=["nothing"])
async def nothing(ctx: Context, args: What) -> AsyncIterator[str]:  # noqa: ARG001  # a command's shape
    """Answer nothing."""
    nobody: tuple[str, ...] = ()
    for never in nobody:
        yield never


@nothing.view
def view(facts: str) -> Message:
    """Never shown."""
    return Message(facts)
