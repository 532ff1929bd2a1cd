"""How fast the wallet, its database and its functions are, now and last week.

The wallet and its database from the bot's own looks, kept by the hour for 30 days; functions from Supabase's logs,
which answer about 24 hours at a time and keep 1, 7 or 28 days by plan. The bot's own probe of the webhook is left out;
its look at health is not to be told from anybody else's.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clients.errors import Failure, WrongShape
from bot.clients.supabase import Function, Lint, Supabase
from bot.context import Context, Target
from bot.health.memory import DATABASE, WALLET
from bot.logbook.clickhouse import attribute, number
from bot.logbook.own import OWN_PROBE
from bot.questions.asking import ask
from store.database import Store
from store.errors import StoreError
from store.samples import Span

log = structlog.get_logger(__name__)

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# Within the seven days that most projects keep; a whole week ago would be gone when it is asked for.
BEFORE = timedelta(days=6)
_ID, _STATUS, _TOOK = (attribute(f"{name}") for name in ("function_id", "response.status_code", "execution_time_ms"))
_CALLS = f"""
    select {_ID} as function_id, count() as calls,
           quantile(0.5)(toInt32OrZero({_TOOK})) as p50, quantile(0.95)(toInt32OrZero({_TOOK})) as p95,
           countIf(toInt32OrZero({_STATUS}) >= 500) as failed
    from logs where source = 'function_edge_logs' and {_ID} != '' and not {OWN_PROBE}
    group by function_id order by calls desc limit 100
"""  # noqa: S608  # constants of ours


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of one function within a day: how many, how long in ms, how many ended with 500 or more."""

    calls: int
    p50: float
    p95: float
    failed: int


@dataclass(frozen=True, slots=True)
class Seen:
    """*wallet*, *database*: hours of our own looks, oldest first, of eight days. The rest None: not yet."""

    target: Target
    at: datetime
    wallet: tuple[Span, ...] = ()
    database: tuple[Span, ...] = ()
    functions: list[Function] | Failure | None = None
    today: dict[str, Calls] | Failure | None = None
    before: dict[str, Calls] | Failure | None = None
    lints: list[Lint] | Failure | None = None


async def gather(ctx: Context) -> AsyncIterator[Seen]:
    """Ask everything at once; our own memory is read first."""
    now, supabase = ctx.clock.now(), ctx.supabase
    since = now - WEEK - DAY
    blank = Seen(ctx.target, now, wallet=_hours(ctx.store, since), database=_hours(ctx.store, since, DATABASE))
    async for seen in ask(
        ctx,
        blank,
        functions=supabase.functions(),
        today=calls(supabase, now - DAY, now),
        before=calls(supabase, now - BEFORE - DAY, now - BEFORE),
        lints=supabase.lints("performance"),
    ):
        yield seen


async def calls(supabase: Supabase, start: datetime, end: datetime) -> dict[str, Calls]:
    """The calls of each function between two moments, a day apart at most, by its id. Raises Failure."""
    start = start.replace(second=0, microsecond=0)  # the endpoint asks about whole minutes, and 24 hours of them
    rows = await supabase.log_rows(_CALLS, start, end.replace(second=0, microsecond=0))
    try:
        return {str(row["function_id"]): _read(row) for row in rows}
    except (KeyError, ValueError) as wrong:
        raise WrongShape(supabase.source, "result", type(wrong).__name__) from None


def _hours(store: Store, since: datetime, part: str = "") -> tuple[Span, ...]:
    """The bot's own looks, by the hour; a damaged memory takes no card away."""
    try:
        return tuple(store.samples.hours(WALLET, since, part))
    except StoreError as error:
        log.warning("performance.memory.unreadable", error=str(error))
        return ()


def _read(row: dict[str, Any]) -> Calls:
    return Calls(int(number(row["calls"])), number(row["p50"]), number(row["p95"]), int(number(row["failed"])))
