"""The edge functions: what is listed, whether they answer, how often they fail, what they use, who put them live."""

from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.clients.errors import Failure
from bot.clients.supabase import Supabase
from bot.clients.wallet import Health
from bot.context import Context, Target
from bot.deploys.record import Deployed, history, recent
from bot.health.answers import FunctionsSeen, Question
from bot.health.probes import ASK
from bot.health.thresholds import DEFAULTS, Thresholds
from bot.logbook.asked import asked
from bot.logbook.clickhouse import attribute, moment, number, whole
from bot.logbook.own import OWN_PROBE
from bot.questions.asking import ask
from bot.questions.paged import Paged, paged

HOUR = timedelta(hours=1)
DAY = timedelta(hours=23, minutes=58)  # one question is about 24 hours at most, each end rounded to the minute
_ID = attribute("function_id")
_STATUS = whole("response.status_code")
_TOOK = f"toFloat64OrZero({attribute('execution_time_ms')})"
_FIGURES = f"""
select {_ID} as function_id, count() as calls,
       countIf({_STATUS} >= 500) as failed, countIf({_STATUS} >= 400 and {_STATUS} < 500) as refused,
       countIf({_STATUS} = 504) as timeouts, countIf({_STATUS} = 546) as limits,
       quantile(0.5)({_TOOK}) as p50, quantile(0.95)({_TOOK}) as p95
from logs
where source = 'function_edge_logs' and {_ID} != '' and not {OWN_PROBE}
"""  # noqa: S608  # the constants above; nothing of a person's is in it


@dataclass(frozen=True, slots=True)
class Figures:
    """Calls of one function; *p50* and *p95* in ms.

    *failed* with 500 or more, among them *timeouts* (504) and *limits* (546); *refused* with 400 to 499.
    """

    calls: int
    failed: int
    refused: int
    timeouts: int
    limits: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call uses: *memory* in MB on average, *cpu* and *most_cpu* in ms. None where the answer does not say."""

    memory: float | None = None
    cpu: float | None = None
    most_cpu: float | None = None


ByFunction = Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Seen:
    """*name*: one function in detail. *hour* and *day* by the function's id; *last* deploys of ours by slug.

    *commands*: what may be asked further.
    """

    target: Target
    at: datetime
    name: str | None
    last: Mapping[str, Deployed] = field(default_factory=dict)
    commands: frozenset[str] = frozenset()
    functions: FunctionsSeen | Failure | None = None
    wallet: Health | Failure | None = None
    hour: ByFunction | Failure | None = None
    day: ByFunction | Failure | None = None
    usage: Usage | Failure | None = None
    limits: Thresholds = DEFAULTS
    paged: tuple[Paged, ...] = ()


async def gather(ctx: Context, name: str | None) -> AsyncIterator[Seen]:
    """Ask for all that is needed, at the same time; the timeline is read at once."""
    supabase, now = ctx.supabase, ctx.clock.now()
    last = history(ctx.store, name)[:1] if name else recent(ctx.store, limit=40)
    blank = Seen(ctx.target, now, name, {one.function: one for one in last}, frozenset(ctx.commands), limits=ctx.limits)
    blank = replace(blank, paged=paged(ctx.store, "functions"))
    questions: dict[str, Coroutine[Any, Any, Any]] = {
        "functions": ASK[Question.FUNCTIONS](supabase, ctx.wallet),
        "wallet": ASK[Question.WALLET](supabase, ctx.wallet),
        "hour": figures(supabase, now - HOUR, now),
    }
    if name:
        questions |= {"day": figures(supabase, now - DAY, now), "usage": _usage(supabase, name)}
    async for seen in ask(ctx, blank, **questions):
        yield seen


async def figures(supabase: Supabase, start: datetime, end: datetime) -> ByFunction:
    """The figures of each function that was called, by its id. Raises bot.clients.errors.Failure."""
    sql = f"""{_FIGURES}  and timestamp >= {moment(start)} and timestamp < {moment(end)}
        group by function_id order by calls desc limit 1000
    """  # the endpoint rounds to minutes; figures of the minutes since a deploy hold no second before it
    return dict(await asked(supabase, sql, start, end, _read))


def _read(row: Mapping[str, Any]) -> tuple[str, Figures]:
    return str(row["function_id"]), Figures(
        calls=int(number(row["calls"])),
        failed=int(number(row["failed"])),
        refused=int(number(row["refused"])),
        timeouts=int(number(row["timeouts"])),
        limits=int(number(row["limits"])),
        p50=number(row["p50"]),
        p95=number(row["p95"]),
    )


async def _usage(supabase: Supabase, slug: str) -> Usage:
    found = await supabase.function(slug)
    return used(await supabase.function_usage(found.id))


def used(buckets: list[dict[str, Any]]) -> Usage:
    """Pure: the buckets in one. What is no number is not known: nobody documents these fields."""
    memory, cpu = _numbers(buckets, "avg_memory_used"), _numbers(buckets, "avg_cpu_time_used")
    return Usage(_mean(memory), _mean(cpu), max(_numbers(buckets, "max_cpu_time_used"), default=None))


def _numbers(buckets: list[dict[str, Any]], name: str) -> list[float]:
    found = (bucket.get(name) for bucket in buckets)
    return [float(one) for one in found if isinstance(one, int | float) and not isinstance(one, bool) and one >= 0]


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
