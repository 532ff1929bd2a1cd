"""What the database is doing now, and what bounds it: asked by SQL as the read-only user, of the platform, of the logs.

What the read-only user does itself is left out of every count: most of it is this bot.
"""

from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clients.errors import Failure, WrongShape
from bot.clients.supabase import Disk, Pool, ReadOnly, Service, Supabase
from bot.context import Context, Target
from bot.health.thresholds import DEFAULTS, Thresholds
from bot.logbook.asked import asked
from bot.logbook.clickhouse import attribute, literal, moment, number, outside
from bot.logbook.span import Span
from bot.questions.asking import ask
from bot.questions.paged import Paged, paged

HOUR = timedelta(hours=1)
READER = "supabase_read_only_user"
_NOT_US = "usename is distinct from current_user"

_CONNECTIONS = f"""
select coalesce(usename::text, '?') as who, count(*)::int as number,
       (count(*) filter (where state = 'active'))::int as active,
       (count(*) filter (where state like 'idle in transaction%'))::int as idle_in_transaction,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most
from pg_catalog.pg_stat_activity
where backend_type = 'client backend' and {_NOT_US}
group by usename order by count(*) desc, 1
"""  # noqa: S608  # the constant above
_MOST = """
select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most
"""
# A statement's times are kept by the extension, since its figures were last reset.
_SLOW = """
select left(s.query, 400) as query, coalesce(r.rolname::text, '?') as who, s.calls::float8 as calls,
       s.mean_exec_time::float8 as mean_ms, s.max_exec_time::float8 as max_ms
from extensions.pg_stat_statements as s left join pg_catalog.pg_roles as r on r.oid = s.userid
where s.calls > 0 and r.rolname is distinct from current_user
order by s.mean_exec_time desc limit 5
"""
# clock_timestamp, not now: the latter is when our own statement began.
_LOCKS = """
select waiting.pid::int as waits, coalesce(waiting.usename::text, '?') as waits_who,
       extract(epoch from clock_timestamp() - waiting.query_start)::float8 as seconds,
       left(waiting.query, 400) as waits_query, blocking.pid::int as blocks,
       coalesce(blocking.usename::text, '?') as blocks_who, coalesce(blocking.state, '?') as blocks_state,
       left(blocking.query, 400) as blocks_query
from pg_catalog.pg_stat_activity as waiting
cross join lateral unnest(pg_blocking_pids(waiting.pid)) as blocked (by)
join pg_catalog.pg_stat_activity as blocking on blocking.pid = blocked.by
where waiting.usename is distinct from current_user
order by 3 desc nulls last limit 10
"""
_SIZE = """
select pg_database_size(current_database())::float8 as bytes
"""
# Measuring a table that somebody has locked for himself would wait in the same queue as everybody else.
_TABLES = """
select n.nspname::text as schema, c.relname::text as name, pg_total_relation_size(c.oid)::float8 as bytes
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
  and not exists (select 1 from pg_catalog.pg_locks as l
                  where l.relation = c.oid and l.mode = 'AccessExclusiveLock')
order by 3 desc limit 5
"""
_SEVERITY, _STATE, _USER = (attribute(f"parsed.{name}") for name in ("error_severity", "sql_state_code", "user_name"))


@dataclass(frozen=True, slots=True)
class Connections:
    """Connections of one role; *most* is the limit for all roles together."""

    who: str
    number: int
    active: int
    idle_in_transaction: int
    most: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as pg_stat_statements sums it up: its values are $1, $2 and so on."""

    query: str
    who: str
    calls: float
    mean_ms: float
    max_ms: float


@dataclass(frozen=True, slots=True)
class Lock:
    """Process *waits* cannot go on before *blocks* ends its transaction; *seconds* since its statement began."""

    waits: int
    waits_who: str
    seconds: float | None
    waits_query: str
    blocks: int
    blocks_who: str
    blocks_state: str
    blocks_query: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its indexes and long values, in bytes."""

    schema: str
    name: str
    bytes: float


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of one SQLSTATE that the database wrote to its log; *example* is one of them."""

    severity: str
    state: str
    number: int
    example: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The answers; None: not yet."""

    target: Target
    at: datetime
    services: list[Service] | Failure | None = None
    connections: list[Connections] | Failure | None = None
    slow: list[Statement] | Failure | None = None
    locks: list[Lock] | Failure | None = None
    size: float | Failure | None = None
    tables: list[Table] | Failure | None = None
    disk: Disk | Failure | None = None
    read_only: ReadOnly | Failure | None = None
    poolers: list[Pool] | Failure | None = None
    overridden: dict[str, Any] | Failure | None = None
    errors: list[Errors] | Failure | None = None
    limits: Thresholds = DEFAULTS
    paged: tuple[Paged, ...] = ()


def questions(supabase: Supabase, now: datetime) -> dict[str, Coroutine[Any, Any, Any]]:
    """Each question by its field in `Seen`."""
    return {
        "services": supabase.health(["db", "pooler"]),
        "connections": connections(supabase),
        "slow": supabase.rows(Statement, _SLOW),
        "locks": locks(supabase),
        "size": _size(supabase),
        "tables": supabase.rows(Table, _TABLES),
        "disk": supabase.disk(),
        "read_only": supabase.read_only(),
        "poolers": supabase.poolers(),
        "overridden": supabase.overridden(),
        "errors": errors(supabase, now),
    }


async def gather(ctx: Context) -> AsyncIterator[Seen]:
    """Ask everything at once."""
    now = ctx.clock.now()
    async for seen in ask(
        ctx, Seen(ctx.target, now, limits=ctx.limits, paged=paged(ctx.store, "db")), **questions(ctx.supabase, now)
    ):
        yield seen


async def connections(supabase: Supabase) -> list[Connections]:
    """By role; one row of nobody where there is no connection but our own, for the limit's sake."""
    rows = await supabase.rows(Connections, _CONNECTIONS)
    if rows:
        return rows
    (limit,) = await supabase.query(_MOST)
    return [Connections("nobody", 0, 0, 0, int(limit["most"]))]


async def locks(supabase: Supabase) -> list[Lock]:
    """Who waits for whom, the longest first."""
    return await supabase.rows(Lock, _LOCKS)


async def errors(supabase: Supabase, now: datetime, without: Sequence[Span] = ()) -> list[Errors]:
    """The last hour's, by code, outside of *without*. Raises bot.clients.errors.Failure."""
    sql = f"""
        select {_SEVERITY} as severity, {_STATE} as state, count() as number, any(event_message) as example
        from logs where source = 'postgres_logs' and {_SEVERITY} in ('ERROR', 'FATAL', 'PANIC')
          and {_USER} != {literal(READER)} and timestamp >= {moment(now - HOUR)}{outside(without)}
        group by severity, state order by number desc limit 20
    """  # noqa: S608  # every value went through literal or moment
    return await asked(
        supabase,
        sql,
        now - HOUR,
        now,
        lambda row: Errors(str(row["severity"]), str(row["state"]), int(number(row["number"])), str(row["example"])),
    )


async def _size(supabase: Supabase) -> float:
    rows = await supabase.query(_SIZE)
    if len(rows) != 1 or not isinstance(rows[0].get("bytes"), int | float):
        raise WrongShape(supabase.source, "the database's size", "one number was expected")
    return float(rows[0]["bytes"])
