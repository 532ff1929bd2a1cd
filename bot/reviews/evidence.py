"""What a review is about, as it is now: one function a kind. What cannot be asked is said in words.

SQL is read-only and names its columns. Lines are plain text: they are kept where a text can be taken back (the record's
texts), since names of people stand in them, and escaped when shown.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from bot.clients.errors import Failure, SqlFailed
from bot.command import Role
from bot.context import Context
from bot.errors import AikeysError
from bot.health.expected import GUESSABLE_SECRETS, PLATFORM_SECRETS
from bot.memory.keys import audit_key
from bot.rotations.names import TOGETHER
from store.audit import Verdict, verify
from store.database import look_into
from store.errors import StoreError

log = structlog.get_logger(__name__)

MOST = 100  # rows: more than a person reads
GONE, NEW = "no longer there: ", "new: "
_ABSENT = {"42P01", "42703", "3F000", "55000"}  # SQLSTATE: no such table, column, schema; an extension not loaded
# Of what pg_stat_statements keeps, a statement that is no query is kept with its values, a password among them.
_SLOW = r"""
select calls::float8 as calls, mean_exec_time::float8 as mean, left(query, 400) as query
from extensions.pg_stat_statements
where query ~* '^\s*(select|insert|update|delete|with|merge)\M'
order by total_exec_time desc limit 15
"""
# to_jsonb: a project without one of these columns has a null there, and not an error.
ADMINS = """
select p.role::text as role, coalesce(to_jsonb(p) ->> 'email', p.id::text) as who,
       left(to_jsonb(p) ->> 'created_at', 10) as since
from public.profiles p where p.role::text like '%admin%' order by 1, 2
"""
_TABLES = """
select c.relname::text as name, c.relrowsecurity as guarded
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1
"""
_POLICIES = """
select tablename::text as name, policyname::text as policy, cmd::text as does, array_to_string(roles, ', ') as who
from pg_catalog.pg_policies where schemaname = 'public' order by 1, 2
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """*summary*: a sentence. *lines*: plain. *people*: Slack ids by role, where it is about them."""

    summary: str
    lines: Sequence[str] = ()
    people: Mapping[str, list[str]] = field(default_factory=dict)


async def gather(ctx: Context, kind: str, now: datetime) -> Evidence:
    """The evidence of *kind*; of an unknown one none. Raises nothing: a review falls due whatever is broken."""
    try:
        found = await _KINDS[kind](ctx, now)
    except Failure as failure:
        return Evidence(f"It could not be looked at: {failure.what} {failure.do}")
    except Exception:
        log.exception("review.evidence.broken", kind=kind)
        return Evidence("It could not be looked at: something in me broke, and the log has it.")
    last = ctx.store.reviews.last_signed(kind)  # what somebody has seen: what is new since stays new until it is signed
    if kind in _COMPARED and last is not None and last.evidence:
        return Evidence(found.summary, since(last.evidence.splitlines(), found.lines), found.people)
    return found


def since(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Pure: the lines of *now*, marked where *before* had them not; then those that are gone."""
    known = {one.removeprefix(NEW) for one in before if not one.startswith(GONE)}
    new = [f"{NEW}{one}" for one in now if one not in known]
    return [*new, *(f"{GONE}{one}" for one in sorted(known - set(now))), *(one for one in now if one in known)]


async def slow_queries(ctx: Context, _: datetime) -> Evidence:
    """Where the database's time went, since its statistics were last reset."""
    try:
        rows = await ctx.supabase.query(_SLOW)
    except SqlFailed as failure:
        if failure.state not in _ABSENT:
            raise
        return Evidence("This project keeps no statistics of queries: the extension pg_stat_statements is not there.")
    lines = [f"{row['mean']:,.1f} ms × {row['calls']:,.0f} calls: {_line(row['query'])}" for row in rows]
    slowest = max((float(row["mean"]) for row in rows), default=0.0)
    return Evidence(f"{len(rows)} queries took most of the time; the slowest takes {slowest:,.1f} ms.", lines)


async def admins(ctx: Context, _: datetime) -> Evidence:
    """Who is an administrator of the wallet."""
    try:
        rows = await ctx.supabase.query(ctx.settings.admins_query or ADMINS)
    except SqlFailed as failure:
        how = "Say in AIKEYS_ADMINS_QUERY how the admins are found in this project."
        return Evidence(f"The admins could not be listed: {failure.what} {how}")
    lines = [" · ".join(_line(value) for value in row.values() if value is not None) for row in rows[:MOST]]
    more = f" The first {MOST} are shown." if len(rows) > MOST else ""
    return Evidence(f"{_many(len(rows), 'admin user')}.{more}", lines)


async def secrets(ctx: Context, now: datetime) -> Evidence:
    """Which secrets are older than the team wants, and how each is rotated. Never a value, nor a digest."""
    limit = timedelta(days=ctx.settings.secret_age)
    ours = [one for one in await ctx.supabase.secrets() if not one.name.startswith(PLATFORM_SECRETS)]
    aged = [(now - one.at, one.name) for one in ours if one.at is not None and one.name not in GUESSABLE_SECRETS]
    old = sorted((one for one in aged if one[0] > limit), reverse=True)
    lines = [f"{_line(name)}: {age.days} days old. Rotate it: /aikeys rotate {_rotated_by(name)}" for age, name in old]
    lines += [f"{_line(one.name)}: when it was set is not told" for one in ours if one.at is None]
    return Evidence(f"{len(old)} of {_many(len(ours), 'secret')} older than {limit.days} days.", lines)


def _rotated_by(name: str) -> str:
    return next((word for word, both in TOGETHER.items() if name in both), name)


async def policies(ctx: Context, _: datetime) -> Evidence:
    """Which tables have no row level security, and what the policies of the others say."""
    tables, found = await asyncio.gather(ctx.supabase.query(_TABLES), ctx.supabase.query(_POLICIES))
    open_ = [str(one["name"]) for one in tables if not one["guarded"]]
    with_policy = {str(one["name"]) for one in found}
    none = [str(one["name"]) for one in tables if one["guarded"] and str(one["name"]) not in with_policy]
    lines = [f"{_line(name)}: NO row level security" for name in open_]
    lines += [f"{_line(one['name'])}: “{_line(one['policy'])}”, {one['does']} for {_line(one['who'])}" for one in found]
    lines += [f"{_line(name)}: guarded, no policy (only the service role reads it)" for name in none]
    bare = f"{_many(len(open_), 'table')} of {len(tables)} without row level security"
    return Evidence(f"{bare}; {_many(len(found), 'policy', 'policies')}.", lines[:MOST])


async def runbook(ctx: Context, now: datetime) -> Evidence:
    """What of it was used in the last quarter, and whom it names."""
    seen = ctx.store.reviews.tally(now - timedelta(days=92))
    lines = [f"{words}: {seen.get(kind, 0)}" for kind, words in _USED.items()]
    lead = ctx.settings.lead_email or "no address of the lead is set (AIKEYS_LEAD_EMAIL)"
    people = {"lead": [ctx.settings.lead]} if ctx.settings.lead else {}
    return Evidence(
        "What was used of it in the last three months, and whom it names.", [*lines, f"Mail: {lead}"], people
    )


async def audit(ctx: Context, now: datetime) -> Evidence:
    """The year in one look: the record itself, who may do what, the database's guards, what was left unsigned."""
    parts = await asyncio.gather(_record(ctx), _advice(ctx), _guards(ctx))
    seen = ctx.store.reviews.tally(now - timedelta(days=366))
    lines = [line for part in parts for line in part][1:]  # the first is the summary
    lines += [f"{words} in a year: {seen.get(kind, 0)}" for kind, words in _USED.items()]
    lines.append(f"Reviews that nobody signed: {seen.get('review.missed', 0)}")
    open_ = len(ctx.store.reviews.open("glass"))
    lines.append(f"Broken glass still without a signature: {open_}")
    return Evidence(parts[0][0], lines, await _people(ctx))


async def _record(ctx: Context) -> list[str]:
    """Whether the timeline is whole. In a thread, beside the running bot: some 100,000 rows a second."""
    try:
        key = audit_key(ctx.settings, make=False)
        verdict = await asyncio.to_thread(_verified, ctx.store.path, key)
    except (AikeysError, StoreError) as error:
        return [f"The record could not be verified: {error}"]
    if verdict.ok:
        return [f"The record is whole: all {verdict.rows} rows, each under the audit key."]
    return [f"THE RECORD IS NOT WHOLE: {verdict.why}. Ask: aikeys audit verify"]


def _verified(path: Path, key: bytes) -> Verdict:
    db = look_into(path)
    try:
        return verify(db, key)
    finally:
        db.close()


async def _advice(ctx: Context) -> list[str]:
    try:
        found = await ctx.supabase.lints("security")
    except Failure as failure:
        return [f"Supabase's security advisor could not be asked: {failure.what}"]
    named = [f"Advisor, {_line(one.level)}: {_line((one.detail or one.title).replace('`', ''))}" for one in found]
    return [f"Supabase's security advisor names {_many(len(found), 'finding')}.", *named[:20]]


async def _guards(ctx: Context) -> list[str]:
    try:
        return [f"Database: {(await policies(ctx, ctx.clock.now())).summary}"]
    except Failure as failure:
        return [f"The tables could not be looked at: {failure.what}"]


async def _people(ctx: Context) -> dict[str, list[str]]:
    if ctx.roles is None:
        return {}
    return {role: sorted(await ctx.roles.holding(role)) for role in (Role.OPERATOR, Role.APPROVER)}


_USED = {
    "deploy.finished": "Deploys and roll backs",
    "approval.requested": "Approvals asked for",
    "approval.granted": "Approvals given",
    "glass.broken": "Times that the glass was broken",
    "freeze.set": "Freezes",
    "incident.opened": "Incidents",
}
_COMPARED = frozenset({"admins", "policies"})
_KINDS: Mapping[str, Callable[[Context, datetime], Awaitable[Evidence]]] = {
    "slow-queries": slow_queries,
    "admins": admins,
    "policies": policies,
    "secrets": secrets,
    "runbook": runbook,
    "audit": audit,
}


def _line(value: Any) -> str:
    """A value on one line."""
    return " ".join(str(value).split())[:200]


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"
