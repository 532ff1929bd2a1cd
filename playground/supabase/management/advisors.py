"""What Supabase's advisors find fault with (its database linter): really looked up in the tables of `public`."""

from typing import Any

from aiohttp import web

from playground.supabase.keys import SQL
from playground.supabase.management.operation import Operation, failed
from playground.supabase.sql import SqlFailed, Unavailable

_TABLES = """
select t.tablename as name, t.rowsecurity as guarded,
       exists (select 1 from pg_policies p where p.schemaname = t.schemaname and p.tablename = t.tablename) as policies
from pg_tables t where t.schemaname = 'public' order by 1"""
# The linter's 0001: a foreign key whose columns no index begins with.
_FOREIGN_KEYS = """
select c.relname as name, k.conname as key from pg_constraint k join pg_class c on c.oid = k.conrelid
where k.contype = 'f' and c.relnamespace = 'public'::regnamespace
  and not exists (select 1 from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1])
order by 1, 2"""
# 0004: a table without a primary key.
_KEYLESS = """
select c.relname as name from pg_class c
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
  and not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)
order by 1"""


async def security_advisors(request: web.Request) -> web.Response:
    """Tables without row level security, or with it and no policy."""
    try:
        tables = await request.app[SQL].reader.run(_TABLES, [])
    except (SqlFailed, Unavailable) as error:
        return failed(544, f"Failed to run sql query: {error}")
    lints = [
        _security(str(row["name"]), guarded=row["guarded"])
        for row in tables
        if not (row["guarded"] and row["policies"])
    ]
    return web.json_response({"lints": lints})


async def performance_advisors(request: web.Request) -> web.Response:
    """Foreign keys without an index, and tables without a primary key."""
    reader = request.app[SQL].reader
    try:
        keys, keyless = await reader.run(_FOREIGN_KEYS, []), await reader.run(_KEYLESS, [])
    except (SqlFailed, Unavailable) as error:
        return failed(544, f"Failed to run sql query: {error}")
    lints = [
        _lint("unindexed_foreign_keys", "Unindexed foreign keys", "INFO", "PERFORMANCE", str(row["name"]))
        | {"detail": f"Table `public.{row['name']}` has a foreign key `{row['key']}` without a covering index."}
        for row in keys
    ]
    lints += [
        _lint("no_primary_key", "No Primary Key", "INFO", "PERFORMANCE", str(row["name"]))
        | {"detail": f"Table `public.{row['name']}` does not have a primary key."}
        for row in keyless
    ]
    return web.json_response({"lints": lints})


def _security(table: str, *, guarded: bool) -> dict[str, Any]:
    if guarded:
        lint = _lint("rls_enabled_no_policy", "RLS Enabled No Policy", "INFO", "SECURITY", table)
        return lint | {"detail": f"Table `public.{table}` has RLS enabled, but no policies exist."}
    lint = _lint("rls_disabled_in_public", "RLS Disabled in Public", "ERROR", "SECURITY", table)
    return lint | {"detail": f"Table `public.{table}` is public, but RLS has not been enabled."}


def _lint(name: str, title: str, level: str, category: str, table: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "level": level,
        "facing": "EXTERNAL",
        "categories": [category],
        "description": f"Supabase's database linter: {title}.",
        "remediation": "https://supabase.com/docs/guides/database/database-linter",
        "metadata": {"name": table, "type": "table", "schema": "public"},
        "cache_key": f"{name}_public_{table}",
    }


_BASE = "/v1/projects/{ref}/advisors"
_PERMISSION = ("advisors_read",)
OPERATIONS = [
    Operation("GET", f"{_BASE}/security", "v1-get-security-advisors", security_advisors, _PERMISSION),
    Operation("GET", f"{_BASE}/performance", "v1-get-performance-advisors", performance_advisors, _PERMISSION),
]
