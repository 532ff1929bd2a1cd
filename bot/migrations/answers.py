"""What the database itself says about a migration: its row, who is at it, an index. Read-only SQL."""

from bot.clients.errors import SqlFailed
from bot.clients.supabase.door import Read
from bot.clients.supabase.migrations import NO_HISTORY
from bot.context import Context
from bot.migrations import sent

# One row where somebody migrates through a bot now.
_BUSY = """
select '' as version, '' as name, '[]'::jsonb as statements, true as busy where exists (select from pg_locks
  where locktype = 'advisory' and granted and classid = ($1::bigint >> 32)::oid
    and objid = ($1::bigint & 4294967295)::oid)"""
_ROW = f"""{_BUSY} union all
select version, coalesce(name, ''), coalesce(to_jsonb(statements), '[]'), false
  from {sent.HISTORY} where version = $2"""  # noqa: S608  # a constant
_INDEX = """
select c.relname as name, i.indisvalid as valid, exists (select from pg_locks l where l.relation = i.indrelid
  and l.mode = 'ShareUpdateExclusiveLock' and l.granted) as busy from pg_class c
join pg_namespace n on n.oid = c.relnamespace join pg_index i on i.indexrelid = c.oid
where n.nspname = $1 and c.relname = $2"""


class Row(Read):
    """A row of the history; or, *busy*, that somebody is at it."""

    version: str
    name: str
    statements: list[str]
    busy: bool


class Index(Read):
    """An index. Not *valid*: half made, or still being made."""

    name: str
    valid: bool
    busy: bool  # somebody holds the lock of whoever builds or drops one CONCURRENTLY


async def rows(ctx: Context, version: str) -> list[Row]:
    """The history's row of *version*, if it is there, and whether somebody is at it. Raises Failure."""
    try:
        return await ctx.supabase.rows(Row, _ROW, [sent.LOCK, version])
    except SqlFailed as failed:
        if failed.state not in NO_HISTORY:
            raise
    return await ctx.supabase.rows(Row, _BUSY, [sent.LOCK])  # nothing was ever applied here: the table comes with it


async def index(ctx: Context, name: str) -> Index | None:
    """The index of that *name*, with its schema or in public. Raises Failure."""
    schema, _dot, own = name.rpartition(".")
    found = await ctx.supabase.rows(Index, _INDEX, [schema or "public", own])
    return found[0] if found else None
