"""Plans of a restore: what would be gone back to, and all that is lost by it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.approvals.policy import RiskClass
from bot.clients.errors import Failure
from bot.clients.supabase import Applied, Backups, away
from bot.context import Context
from bot.errors import Refused
from bot.health.probes import caught
from bot.plan import Made, Plan
from bot.questions.backups import deployed, lost
from bot.restoring import record
from bot.restoring.target import Target
from bot.views import restoring as view

UNKNOWN = "not known"
ROUND = timedelta(seconds=1)  # the API takes whole seconds


async def pin(ctx: Context, target: Target) -> tuple[dict[str, Any], datetime]:
    """What the restore rests on now, and the moment whose database comes back. Raises Refused, Failure."""
    pinned, since = await (_point(ctx, target.name) if target.name else _second(ctx, target.at))
    history = await caught(ctx.supabase.migrations(), ctx.supabase.source)
    undoes = UNKNOWN if isinstance(history, Failure) else lose(ctx, history, since)
    return {"project": ctx.target.ref} | pinned | {"undoes": undoes}, since


async def restore(ctx: Context, target: Target, line: str) -> Made:
    """The whole plan, with what is shown."""
    (pinned, since), history = await asyncio.gather(
        pin(ctx, target), caught(ctx.supabase.migrations(), ctx.supabase.source)
    )
    loss = await lost(ctx.supabase, since)
    names = {} if isinstance(history, Failure) else {one.version: one.name for one in history}
    seen = view.Seen(
        name=pinned["name"],
        since=since,
        now=ctx.clock.now(),
        undoes=None if pinned["undoes"] == UNKNOWN else [(one, names.get(one, "")) for one in pinned["undoes"]],
        loss=loss,
        deployed=deployed(ctx.store, since),
        rotated=record.rotated(ctx.store, since),
        incidents=len(ctx.store.events.open_incidents()),
    )
    plan = Plan(
        command="restore",
        line=line,
        title=f"Restore the database to {pinned['name'] or f'{since:%d %b %H:%M:%S} UTC'}",
        subject=record.SUBJECT,
        risk_class=RiskClass.DATA_LOSS,
        pinned=pinned,
        changes=view.changes(seen),
        dangers=view.dangers(seen),
        shown=view.shown(seen),
    )
    return Made(plan)


def lose(ctx: Context, history: list[Applied], since: datetime) -> list[str]:
    """The versions in *history* that go where the database goes back to *since*."""
    late, stood = record.applied(ctx.store, since), record.stood(ctx.store, since)
    return [one.version for one in undone(history, since, late, stood)]


def of(pinned: dict[str, Any]) -> Target:
    """The target that a plan was made for."""
    return Target(name=pinned["name"]) if pinned["name"] else Target(at=datetime.fromisoformat(pinned["at"]))


def undone(
    history: list[Applied],
    since: datetime,
    late: frozenset[str] = frozenset(),
    stood: frozenset[str] = frozenset(),
) -> list[Applied]:
    """Those that were applied after *since*: by the bot's own timeline, else since they were written later.

    The timeline knows some that were applied after (*late*), and some before (*stood*: a file may bear a date to come).
    The history has no time of its own: one that was written before, and applied after by somebody else, is not seen.
    """
    stamp = f"{since:%Y%m%d%H%M%S}"
    written = {one.version for one in history if len(one.version) == len(stamp) and one.version > stamp}
    return [one for one in history if one.version in (written - stood) | late]


async def _point(ctx: Context, name: str) -> tuple[dict[str, Any], datetime]:
    try:
        point = await ctx.supabase.restore_point(name)
    except Failure as failure:
        if not away(failure):
            raise
        known = ", ".join(one.name for one in record.points(ctx.store, 5)) or "I have made none"
        raise Refused(
            "Nothing was asked for.",
            f"Supabase gives no restore point “{name}”. Mine: {known}.",
            "See: /aikeys backup. A time of day works where point-in-time recovery is on.",
        ) from failure
    at = point.at
    if point.status != "AVAILABLE" or at is None:
        raise Refused(
            "Nothing was asked for.",
            f"The restore point “{name}” is {point.status.lower()[:40]}.",
            "Wait until it is available, or take another: /aikeys backup",
        )
    return {"kind": "point", "name": name, "at": at.isoformat(), "completed_on": point.completed_on}, at


async def _second(ctx: Context, at: datetime | None) -> tuple[dict[str, Any], datetime]:
    assert at is not None  # noqa: S101  # a target without a name has a time
    backups = await ctx.supabase.backups()
    if not backups.pitr_enabled:
        raise Refused(
            "Nothing was asked for.",
            "Point-in-time recovery is not enabled for this project, so no second can be chosen.",
            "Name a restore point (/aikeys backup), or bring back a daily backup in the dashboard (Database, Backups).",
        )
    first, last = _window(backups)
    if first is None or last is None:
        raise Refused(
            "Nothing was asked for.",
            "Supabase does not say how far its point-in-time recovery reaches.",
            "See: /aikeys backups",
        )
    if not first <= at <= last + ROUND:
        raise Refused(
            "Nothing was asked for.",
            "One cannot go back to {at}.",
            "Choose from {at} to {at}.",
            (at, first, last),
        )
    return {"kind": "time", "name": "", "at": at.isoformat(), "completed_on": None}, at


def _window(backups: Backups) -> tuple[datetime | None, datetime | None]:
    data = backups.physical_backup_data
    first, last = data.earliest_physical_backup_date_unix, data.latest_physical_backup_date_unix
    return (
        datetime.fromtimestamp(first, UTC) if first is not None else None,
        datetime.fromtimestamp(last, UTC) if last is not None else None,
    )
