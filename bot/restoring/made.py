"""What was made through the bot to go back to: restore points, dumps, copies of its own memory."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.context import Context, Target
from bot.restoring import record
from store import copies


@dataclass(frozen=True, slots=True)
class Seen:
    """*copied*: when the newest copy of the bot's memory was made; None where there is none.

    *can_dump*, *copies*: whether the settings for it are there.
    """

    target: Target
    at: datetime
    points: Sequence[record.Point]
    dumps: Sequence[record.Dump]
    copied: datetime | None
    can_dump: bool
    copies: bool


async def gather(ctx: Context) -> Seen:
    """From the timeline, and from the folder of the copies."""
    folder = ctx.settings.copies
    # In a thread: the folder may lie on another machine.
    found = await asyncio.to_thread(copies.copies, folder.expanduser()) if folder is not None else []
    return Seen(
        target=ctx.target,
        at=ctx.clock.now(),
        points=record.points(ctx.store, 5),
        dumps=record.dumps(ctx.store, 5),
        copied=found[0].at if found else None,
        can_dump=ctx.settings.dumping,
        copies=folder is not None,
    )
