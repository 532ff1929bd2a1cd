"""How one could go back from a migration: a point in time that is covered, or a restore point made just before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clients.errors import Failure
from bot.context import Context
from bot.health.words import ago
from bot.views.blocks import escape

PITR, POINT, NONE = "pitr", "point", "none"
FRESH = timedelta(
    minutes=30
)  # behind which the newest archived moment must not lie, for the last minutes to be covered


@dataclass(frozen=True, slots=True)
class WayBack:
    """*kind*: pitr, or point. Lines of mrkdwn, escaped."""

    kind: str
    dangers: Sequence[str] = ()
    shown: Sequence[str] = ()


async def way_back(ctx: Context, *, unsaved: bool = False) -> WayBack:
    """What there is now; *unsaved*: nothing is to be made.

    Raises nothing: where it is not known, a restore point is asked for.
    """
    try:
        found = await ctx.supabase.backups()
    except Failure as failure:
        return WayBack(POINT, [f"What backups there are is not known: {escape(failure.what)}"], [_POINT])
    if found.pitr_enabled:
        return WayBack(PITR, (), ["Before: it is proved that point-in-time recovery covers this minute"])
    last = max((one.at for one in found.backups if one.status == "COMPLETED" and one.at), default=None)
    old = ago((ctx.clock.now() - last).total_seconds()) if last else ""
    newest = f"The newest backup is {old} old" if last else "There is no backup"
    lost = f"{newest}, and no point in time can be gone back to: without the restore point, what was paid since is lost"
    if unsaved:
        none = f"*No way back is made*, as it was asked for. {newest}: what was paid since would be lost"
        return WayBack(NONE, [none])
    return WayBack(POINT, [lost], [_POINT])


_POINT = "Before: a restore point is asked for; where Supabase makes none, nothing is applied"


def covered(latest: int | None, now: datetime) -> bool:
    """Pure: whether the archive reaches close to *now*. *latest*: seconds since 1970, None where it is not told."""
    return latest is not None and now - datetime.fromtimestamp(latest, UTC) <= FRESH
