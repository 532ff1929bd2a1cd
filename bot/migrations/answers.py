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
# And whether somebody is at it: while the statement waits for its first lock, there is no index yet.
_INDEX = """
select coalesce(i.indisvalid, false) as valid, i.indexrelid is not null as there,
  exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)
  or exists (select from pg_stat_activity a where a.state = 'active' and a.pid <> pg_backend_pid()
    and position(left($3, 400) in a.query) > 0) as busy
from (values (1)) as one (row) left join (pg_index i join pg_class c on c.oid = i.indexrelid
  join pg_namespace n on n.oid = c.relnamespace) on n.nspname = $1 and c.relname = $2"""


class Row(Read):
    """A row of the history; or, *busy*, that somebody is at it."""

    version: str
    name: str
    statements: list[str]
    busy: bool


class Index(Read):
    """Whether an index is *there*. Not *valid*: half made, or still being made. *busy*: somebody is at it."""

    there: bool
    valid: bool
    busy: bool


async def rows(ctx: Context, version: str) -> list[Row]:
    """The history's row of *version*, if it is there, and whether somebody is at it. Raises Failure."""
    try:
        return await ctx.supabase.rows(Row, _ROW, [sent.LOCK, version])
    except SqlFailed as failed:
        if failed.state not in NO_HISTORY:
            raise
    return await ctx.supabase.rows(Row, _BUSY, [sent.LOCK])  # nothing was ever applied here: the table comes with it


async def index(ctx: Context, name: str, sql: str) -> Index:
    """The index of that *name*, with its schema or in public, that *sql* makes or drops. Raises Failure."""
    schema, _dot, own = name.rpartition(".")
    (found,) = await ctx.supabase.rows(Index, _INDEX, [schema or "public", own, sql.strip()])
    return found
