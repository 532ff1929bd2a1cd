"""What stands in the tables now, and who is at them: shown beside a migration, pinned nowhere. Read-only SQL."""

import json
from collections.abc import Sequence
from typing import Any

from bot.clients.supabase.door import Read
from bot.context import Context

# Up to a hundred thousand rows are counted; of more the estimate is told.
_TABLES = """
select w.name, c.reltuples::float8 as estimate, pg_total_relation_size(c.oid)::float8 as bytes,
  case when c.reltuples < 100000 and c.relkind in ('r', 'p') then format('%I.%I', n.nspname, c.relname) end as quoted,
  (select count(distinct l.pid)::int from pg_locks l where l.relation = c.oid and l.pid <> pg_backend_pid()) as busy,
  (select extract(epoch from max(clock_timestamp() - a.xact_start))::float8 from pg_locks l
    join pg_stat_activity a using (pid) where l.relation = c.oid and l.pid <> pg_backend_pid()) as oldest
from jsonb_to_recordset(($1::text)::jsonb) as w(name text, schema text, own text)
join pg_namespace n on n.nspname = w.schema
join pg_class c on c.relnamespace = n.oid and c.relname = w.own
order by w.name"""

# The rows of *wanted* that the catalog contradicts.
_WRONG = """
select w.thing, w.name, w.there from jsonb_to_recordset(($1::text)::jsonb)
  as w(thing text, name text, schema text, own text, col text, there boolean)
where w.there is distinct from case w.thing
  when 'relation' then exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = w.schema and c.relname = w.own)
  when 'column' then exists (select from pg_attribute a join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = w.schema and c.relname = w.own and a.attname = w.col and not a.attisdropped)
  when 'function' then exists (select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = w.schema and p.proname = w.own)
  when 'type' then exists (select from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where n.nspname = w.schema and t.typname = w.own)
  when 'schema' then exists (select from pg_namespace where nspname = w.own)
  when 'extension' then exists (select from pg_extension where extname = w.own)
  else w.there end"""


class Table(Read):
    """One table. *rows* counted, None where only the *estimate* is known (-1: never counted).

    *quoted*: its name as PostgreSQL quotes it, where it is small enough to be counted.
    *busy*: sessions that hold or wait for a lock on it; *oldest*: seconds since the oldest of their transactions began.
    """

    name: str
    estimate: float
    bytes: float
    quoted: str | None
    busy: int
    oldest: float | None
    rows: float | None = None


class _Counted(Read):
    place: int
    rows: float


class Contradicted(Read):
    """A *thing* of that *name* should be *there*, or not, and is not so."""

    thing: str
    name: str
    there: bool


async def tables(ctx: Context, names: Sequence[str]) -> list[Table]:
    """Those of *names* that exist. Raises Failure."""
    asked = [{"name": name, **_split(name)} for name in names]
    found = await ctx.supabase.rows(Table, _TABLES, [json.dumps(asked)]) if asked else []
    small = [(n, one.quoted) for n, one in enumerate(found) if one.quoted]
    # A number of ours, and a name in the server's own quotes.
    counts = [f"select {n} as place, count(*)::float8 as rows from {quoted}" for n, quoted in small]  # noqa: S608  # see above
    if not counts:
        return found
    rows = {one.place: one.rows for one in await ctx.supabase.rows(_Counted, " union all ".join(counts))}
    return [one.model_copy(update={"rows": rows.get(n)}) for n, one in enumerate(found)]


async def contradicted(ctx: Context, wanted: Sequence[dict[str, Any]]) -> list[Contradicted]:
    """What of *wanted* (as Wanted.after gives it) the catalog does not show. Raises Failure."""
    asked = []
    for one in wanted:
        name, col = one["name"], None
        if one["thing"] == "column":
            name, _, col = name.rpartition(".")
        asked.append({**one, **_split(name), "col": col})
    return await ctx.supabase.rows(Contradicted, _WRONG, [json.dumps(asked)]) if asked else []


def _split(name: str) -> dict[str, str]:
    schema, _, own = name.rpartition(".")
    return {"schema": schema or "public", "own": own}
