"""`/aikeys timeline pool`: find it again, by its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.errors import Refused
from bot.views.blocks import Message
from bot.views.story import found as show
from store.events import Event

_MOST = 25


@dataclass(frozen=True, slots=True)
class Found:
    """Newest first."""

    events: Sequence[Event]
    words: str


class What(Args):
    """What for."""

    words: tuple[str, ...] = Field(description="words that a row must hold, in quotes where they belong together")


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    confined=True,
    quotes=True,
    examples=["timeline pool", "timeline deploy health", 'timeline "invalid signature"'],
)
async def timeline(ctx: Context, args: What) -> Found:
    """Search all that ever happened for your words.

    Notes, pinned messages, reasons, titles, functions; kinds of event too, as in `timeline deploy health`. What two
    people have taken back is no longer found.
    """
    words = [word for one in args.words for word in [one.strip()[:100]] if any(char.isalnum() for char in word)]
    if not words:
        raise Refused("I looked for nothing.", "There is no letter or digit in it.", "Type: /aikeys timeline pool")
    return Found(ctx.store.story.search(words[:10], _MOST), " ".join(words[:10]))


@timeline.view
def view(found: Found) -> Message:
    """Show it."""
    return show(found.events, found.words)
