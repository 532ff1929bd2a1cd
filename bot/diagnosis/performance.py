"""How fast the wallet, its database and its functions are, now and last week.

The wallet and its database from the bot's own looks, kept by the hour for 30 days; functions from Supabase's logs,
which answer about 24 hours at a time and keep 1, 7 or 28 days by plan. The bot's own probe of the webhook is left out;
its look at health is not to be told from anybody else's.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clients.errors import Failure
from bot.clients.supabase import Function, Lint
from bot.context import Context, Target
from bot.health.memory import DATABASE, WALLET
from bot.health.thresholds import DEFAULTS, Thresholds
from bot.questions.asking import ask
from bot.questions.functions import ByFunction, figures
from bot.questions.paged import Paged, paged
from store.database import Store
from store.errors import StoreError
from store.samples import Span

log = structlog.get_logger(__name__)

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# Within the seven days that most projects keep; a whole week ago would be gone when it is asked for.
BEFORE = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Seen:
    """*wallet*, *database*: hours of our own looks, oldest first, of eight days. The rest None: not yet."""

    target: Target
    at: datetime
    wallet: tuple[Span, ...] = ()
    database: tuple[Span, ...] = ()
    functions: list[Function] | Failure | None = None
    today: ByFunction | Failure | None = None
    before: ByFunction | Failure | None = None
    lints: list[Lint] | Failure | None = None
    limits: Thresholds = DEFAULTS
    paged: tuple[Paged, ...] = ()


async def gather(ctx: Context) -> AsyncIterator[Seen]:
    """Ask everything at once; our own memory is read first."""
    now, supabase = ctx.clock.now(), ctx.supabase
    minute = now.replace(second=0, microsecond=0)  # the endpoint asks about whole minutes, and 24 hours of them
    since = now - WEEK - DAY
    blank = Seen(
        ctx.target, now, wallet=_hours(ctx.store, since), database=_hours(ctx.store, since, DATABASE),
        limits=ctx.limits, paged=paged(ctx.store, "perf"),
    )  # fmt: skip
    async for seen in ask(
        ctx,
        blank,
        functions=supabase.functions(),
        today=figures(supabase, minute - DAY, minute),
        before=figures(supabase, minute - BEFORE - DAY, minute - BEFORE),
        lints=supabase.lints("performance"),
    ):
        yield seen


def _hours(store: Store, since: datetime, part: str = "") -> tuple[Span, ...]:
    """The bot's own looks, by the hour; a damaged memory takes no card away."""
    try:
        return tuple(store.samples.hours(WALLET, since, part))
    except StoreError as error:
        log.warning("performance.memory.unreadable", error=str(error))
        return ()
