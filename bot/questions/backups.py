"""Which backups there are, and what has been written since: what a restore would lose."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.clients.errors import Failure
from bot.clients.supabase import Backups, Supabase
from bot.context import Context, Target
from bot.deploys.record import recent
from bot.health.expected import SYNTHETIC_ID, SYNTHETIC_TYPE
from bot.health.probes import caught
from bot.health.thresholds import DEFAULTS, Thresholds
from bot.questions.asking import ask
from bot.questions.paged import Paged, paged
from store.database import Store

# Each counts what was made after $1, and what is older but was changed since; the bot's own test events are left out.
_PAYMENTS = """
select (count(*) filter (where event_type is distinct from 'wallets.created'))::int as made, 0 as changed,
       (count(*) filter (where event_type = 'wallets.created'))::int as wallets
from public.payment_events
where created_at > $1::timestamptz and event_type is distinct from $2 and coalesce(event_id, '') not like $3
"""
_TRANSACTIONS = """
select (count(*) filter (where created_at > $1::timestamptz))::int as made,
       (count(*) filter (where created_at <= $1::timestamptz))::int as changed
from public.circle_transactions where created_at > $1::timestamptz or updated_at > $1::timestamptz
"""
_SECURITY = "select count(*)::int as made from public.security_events where created_at > $1::timestamptz"
_AUDIT = "select count(*)::int as made from public.audit_events where created_at > $1::timestamptz"
# Rows made in a span that has passed: as long as they are there, the database has not gone back. One table a question.
_SPAN = "where created_at > $1::timestamptz and created_at <= $2::timestamptz"
_MADE = {
    "payments": f"select count(*)::int as made from public.payment_events {_SPAN}",  # noqa: S608  # our own words
    "transactions": f"select count(*)::int as made from public.circle_transactions {_SPAN}",  # noqa: S608  # the same
    "security": f"select count(*)::int as made from public.security_events {_SPAN}",  # noqa: S608  # the same
    "audit": f"select count(*)::int as made from public.audit_events {_SPAN}",  # noqa: S608  # the same
}
_MIGRATIONS = "select count(*)::int as made from supabase_migrations.schema_migrations where version > $1"


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows *made* since the backup, and older ones *changed* since; *wallets* among what Circle reported."""

    made: int
    changed: int = 0
    wallets: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    """What came after *since*, each counted by its own question; all None where there is nothing to restore."""

    since: datetime | None = None
    payments: Counted | Failure | None = None
    transactions: Counted | Failure | None = None
    security: Counted | Failure | None = None
    audit: Counted | Failure | None = None
    migrations: Counted | Failure | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """*deployed*: functions that went live through the bot since, with when."""

    target: Target
    at: datetime
    backups: Backups | Failure | None = None
    loss: Loss | Failure | None = None
    deployed: dict[str, datetime] = field(default_factory=dict)
    limits: Thresholds = DEFAULTS
    paged: tuple[Paged, ...] = ()


async def gather(ctx: Context) -> AsyncIterator[Seen]:
    """Ask for the list; then count what is newer than what it could bring back."""
    listed = asyncio.create_task(caught(ctx.supabase.backups(), ctx.supabase.source), name="backups")
    blank = Seen(ctx.target, ctx.clock.now(), limits=ctx.limits, paged=paged(ctx.store, "backups"))
    async for seen in ask(ctx, blank, backups=_answer(listed), loss=_loss(ctx, listed)):
        since = newest(seen.backups) if isinstance(seen.backups, Backups) else None
        yield replace(seen, deployed=deployed(ctx.store, since))


def newest(backups: Backups) -> datetime | None:
    """The newest moment that a restore can bring back; None where there is none."""
    done = [one.at for one in backups.backups if one.status == "COMPLETED" and one.at is not None]
    latest = backups.physical_backup_data.latest_physical_backup_date_unix
    if backups.pitr_enabled and latest is not None:
        done.append(datetime.fromtimestamp(latest, UTC))
    return max(done, default=None)


async def _answer(listed: asyncio.Task[Backups | Failure]) -> Backups | Failure:
    return await listed


async def _loss(ctx: Context, listed: asyncio.Task[Backups | Failure]) -> Loss | Failure:
    backups = await listed
    if isinstance(backups, Failure):
        return backups
    since = newest(backups)
    return Loss() if since is None else await lost(ctx.supabase, since)


async def lost(supabase: Supabase, since: datetime) -> Loss:
    """What was written after *since*: what going back there would lose."""
    moment = since.isoformat()
    counted = await asyncio.gather(
        _counted(supabase, _PAYMENTS, moment, SYNTHETIC_TYPE, SYNTHETIC_ID),
        _counted(supabase, _TRANSACTIONS, moment),
        _counted(supabase, _SECURITY, moment),
        _counted(supabase, _AUDIT, moment),
        _counted(supabase, _MIGRATIONS, f"{since:%Y%m%d%H%M%S}"),
    )
    return Loss(since, *counted)


async def made(supabase: Supabase, since: datetime, until: datetime) -> dict[str, int]:
    """How many rows were made after *since* and not after *until*, by table; one that cannot be asked is left out."""
    span = (since.isoformat(), until.isoformat())
    found = await asyncio.gather(*(_counted(supabase, sql, *span) for sql in _MADE.values()))
    return {name: one.made for name, one in zip(_MADE, found, strict=True) if isinstance(one, Counted)}


async def _counted(supabase: Supabase, sql: str, *parameters: str) -> Counted | Failure:
    return await caught(supabase.row(Counted, sql, parameters), supabase.source)


def deployed(store: Store, since: datetime | None) -> dict[str, datetime]:
    """Functions that went live through the bot since, with when."""
    return {} if since is None else {one.function: one.at for one in recent(store) if one.at > since}
