"""What the reader of a migration's card should know besides its text: shown, pinned nowhere, never waited for long."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.clients.deadline import within
from bot.clients.errors import Failure
from bot.context import Context
from bot.migrations import live, squawk
from bot.migrations.files import Wanted
from bot.migrations.way_back import WayBack, way_back
from bot.views import consequences as view

PATIENCE = 6.0  # seconds


@dataclass(frozen=True, slots=True)
class Evidence:
    """Lines of mrkdwn, escaped. *tables*: what stands there now, or in a sentence why that is not known."""

    tables: Sequence[live.Table] | str
    way_back: WayBack
    dangers: Sequence[str]
    shown: Sequence[str]


async def gather(ctx: Context, found: Sequence[Wanted], *, unsaved: bool = False) -> Evidence:
    """All of it, at the same time."""
    names = list(dict.fromkeys(name for one in found for read in one.reads for name in read.tables))
    linted = asyncio.gather(*(squawk.warnings(one.body.decode()) for one in found[:5]))
    tables, back, warned = await asyncio.gather(_tables(ctx, names), way_back(ctx, unsaved=unsaved), linted)
    said = [view.squawk(one, each) for one, each in zip(found, warned, strict=False)]
    incidents = view.incidents(ctx.store.events.open_incidents())
    return Evidence(
        tables,
        back,
        [*back.dangers, *(one for one in view.busy(tables) if one)],
        [*back.shown, *dict.fromkeys(line for lines in said for line in lines), *incidents],
    )


async def _tables(ctx: Context, names: Sequence[str]) -> Sequence[live.Table] | str:
    try:
        return await within(ctx.clock, PATIENCE, live.tables(ctx, names))
    except Failure as failure:
        return failure.what
    except TimeoutError:
        return f"The database did not say within {PATIENCE:g} s what stands in the tables."
