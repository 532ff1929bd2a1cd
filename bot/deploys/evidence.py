"""What the reader of a deploy's card should know besides the code: it is shown, and never holds the request up.

It was true when it was posted and is not pinned: nothing of it refuses an approval.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.context import Context
from bot.deploys.callers import calls
from bot.deploys.parts import Part
from bot.migrations import asking, judging
from bot.sources import Commit
from bot.views import evidence as view


@dataclass(frozen=True, slots=True)
class Evidence:
    """Lines of mrkdwn, escaped: what may go wrong, and what is merely so."""

    dangers: Sequence[str] = ()
    shown: Sequence[str] = ()


async def ask(ctx: Context, parts: Sequence[Part], commit: Commit) -> Evidence:
    """All of it for a deploy of *parts* at *commit*."""
    looked, came = await asyncio.gather(asking.at(ctx, commit), calls(ctx, parts))
    called = view.callers(came)
    known = judging.compared(looked)
    if known is None:
        return Evidence(shown=[*called, view.migrations_unknown(judging.not_known(looked))])
    return Evidence(view.pending(known), [*called, *view.migrations(known)])
