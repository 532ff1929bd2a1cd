"""What is asked of the database about webhooks: read-only, every value a parameter, the bot's own events left out.

A question whose table or column is missing fails alone: the others are still answered.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.clients.errors import Failure
from bot.clients.wallet import Health
from bot.context import Context
from bot.health.answers import Question, WebhooksCounted
from bot.health.expected import SYNTHETIC_ID, SYNTHETIC_TYPE
from bot.health.probes import REAL_EVENTS, ask, caught
from bot.health.thresholds import DEFAULTS, Thresholds
from bot.questions.paged import Paged, paged

T = TypeVar("T")
_HOURS = f"""
select extract(epoch from date_trunc('hour', created_at))::float8 as at, count(*)::int as events
from public.payment_events
where created_at > date_trunc('hour', now()) - interval '19 hours' and {REAL_EVENTS}
group by 1 order by 1
"""  # noqa: S608  # a constant; values are parameters
_LATENCY = f"""
select count(*)::int as events,
       coalesce(percentile_cont(0.5) within group (order by extract(epoch from processed_at - created_at)), 0)::float8
         * 1000 as p50,
       coalesce(percentile_cont(0.95) within group (order by extract(epoch from processed_at - created_at)), 0)::float8
         * 1000 as p95
from public.payment_events
where created_at > now() - interval '1 day' and processed_at is not null and {REAL_EVENTS}
"""  # noqa: S608  # the same
_TYPES = f"""
select event_type as name, count(*) filter (where created_at > now() - interval '1 day')::int as day,
       count(*) filter (where created_at > now() - interval '1 day' and raw_event ->> 'status' = 'failed'
                          or created_at > now() - interval '1 day' and status = 'failed')::int as failed,
       extract(epoch from max(created_at))::float8 as last
from public.payment_events where {REAL_EVENTS} group by 1 order by last desc limit 12
"""  # noqa: S608  # the same
_KEYS = """
select count(*)::int as total, count(*) filter (where created_at > now() - interval '1 day')::int as day,
       count(*) filter (where created_at > now() - interval '8 days'
                          and created_at <= now() - interval '1 day')::int as week_before,
       least(7, greatest(0, coalesce(extract(epoch from now() - min(created_at)) / 86400 - 1, 0)))::float8
         as days_before,
       pg_total_relation_size('public.idempotency_keys')::float8 as bytes
from public.idempotency_keys where key not like $1
"""
_ENDS = """
select coalesce(response_status::text, case when created_at < now() - interval '5 minutes' then 'never' else 'now' end)
         as ended,
       count(*)::int as day, count(*) filter (where created_at > now() - interval '1 hour')::int as hour,
       extract(epoch from max(created_at))::float8 as last
from public.idempotency_keys where created_at > now() - interval '1 day' and key not like $1
group by 1 order by 2 desc limit 12
"""
_REFUSED = """
select count(*)::int as day, count(*) filter (where created_at > now() - interval '1 hour')::int as hour,
       count(distinct ip_address)::int as addresses
from public.security_events
where event_type = 'WEBHOOK_SIGNATURE_INVALID' and created_at > now() - interval '1 day'
  and coalesce(user_agent, '') <> all (string_to_array($1, ','))
"""


@dataclass(frozen=True, slots=True)
class Hour:
    """Events of the hour that begins *at* (Unix seconds)."""

    at: float
    events: int


@dataclass(frozen=True, slots=True)
class Latency:
    """From a row's making to its processing, of the last day, in milliseconds."""

    events: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of event: how many in a day, how many of them say `failed`, when the *last* came (Unix seconds)."""

    name: str
    day: int
    failed: int
    last: float


@dataclass(frozen=True, slots=True)
class Keys:
    """The idempotency keys: all, of a day, of the seven days before it, and the table's size.

    *days_before*: how many of those seven the table has seen, 0 to 7.
    """

    total: int
    day: int
    week_before: int
    days_before: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Ending:
    """Deliveries of a day by how they *ended*: a status, `never` (older than five minutes and open) or `now`."""

    ended: str
    day: int
    hour: int
    last: float


@dataclass(frozen=True, slots=True)
class Refusals:
    """Wrong signatures of a day and an hour, from how many addresses in the day."""

    day: int
    hour: int
    addresses: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """Each answer, or the Failure that came instead."""

    hours: tuple[Hour, ...] | Failure
    latency: Latency | Failure
    kinds: tuple[Kind, ...] | Failure
    keys: Keys | Failure
    endings: tuple[Ending, ...] | Failure
    refusals: Refusals | Failure
    wallet: Health | Failure
    now: datetime
    counted: WebhooksCounted | Failure | None = None  # what the watch counts, to be judged as the watch does
    limits: Thresholds = DEFAULTS
    paged: tuple[Paged, ...] = ()


async def kinds(ctx: Context) -> tuple[Kind, ...] | Failure:
    """The types of event that ever came, newest first."""
    return await _many(ctx, Kind, _TYPES, SYNTHETIC_TYPE, SYNTHETIC_ID)


async def traffic(ctx: Context) -> Traffic:
    """All of it, at the same time."""
    real = (SYNTHETIC_TYPE, SYNTHETIC_ID)
    (hours, latency, seen), (keys, endings, refusals), (wallet, counted) = await asyncio.gather(
        asyncio.gather(_many(ctx, Hour, _HOURS, *real), _one(ctx, Latency, _LATENCY, *real), kinds(ctx)),
        asyncio.gather(
            _one(ctx, Keys, _KEYS, SYNTHETIC_ID),
            _many(ctx, Ending, _ENDS, SYNTHETIC_ID),
            _one(ctx, Refusals, _REFUSED, ctx.wallet.agents(24)),
        ),
        asyncio.gather(
            caught(ctx.wallet.health(), ctx.wallet.source), ask(Question.WEBHOOKS, ctx.supabase, ctx.wallet)
        ),
    )
    return Traffic(
        hours, latency, seen, keys, endings, refusals, wallet, ctx.clock.now(),
        counted, ctx.limits, paged(ctx.store, "webhooks"),
    )  # fmt: skip


async def _many(ctx: Context, shape: type[T], sql: str, *parameters: str) -> tuple[T, ...] | Failure:
    async def rows() -> tuple[T, ...]:
        return tuple(await ctx.supabase.rows(shape, sql, parameters))

    return await caught(rows(), ctx.supabase.source)


async def _one(ctx: Context, shape: type[T], sql: str, *parameters: str) -> T | Failure:
    return await caught(ctx.supabase.row(shape, sql, parameters), ctx.supabase.source)
