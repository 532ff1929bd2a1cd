"""What the webhook refused while the secret was changed: from the logs, without the bot's own events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clients.errors import Failure
from bot.context import Context
from bot.health.expected import WEBHOOK
from bot.logbook.clickhouse import read_moment
from bot.logbook.invocations import refused_posts
from bot.operations.steps import Run
from bot.rotations import record
from bot.rotations.proof import REFUSED, Probe

SHOWN = 20
_OURS = timedelta(seconds=3)  # between writing down that an event goes out and its row in the logs
_LATE = 5.0  # seconds that a row takes to get into the logs, usually


@dataclass(frozen=True, slots=True)
class Refused:
    """*words*: a sentence; *lines*: when, the oldest first, at most twenty; *at*: the same, in seconds since 1970."""

    number: int
    words: str
    lines: Sequence[str] = ()
    at: Sequence[float] = ()


async def between(ctx: Context, run: Run, probes: Sequence[Probe]) -> Refused:
    """Those since the rotation began, without the bot's own *probes*. Raises nothing: what cannot be asked is said."""
    await run.clock.sleep(_LATE)
    start, end = run.operation.started_at, run.clock.now()
    start = max(start, end - timedelta(hours=23))  # what one question about the logs may span
    sql = refused_posts(WEBHOOK, start, end)
    try:
        rows = await ctx.supabase.log_rows(sql, start, end)
        times = [read_moment(row.get("timestamp")) for row in rows]
    except Failure as failure:
        return Refused(0, f"not known: {failure.what}")
    except ValueError:
        return Refused(0, "not known: the logs gave a row without a time")
    sent = [one.at for one in ctx.store.events.of(run.operation.subject) if one.kind == record.PROBED]
    lost = len(sent) - len(probes)  # sent before a restart: whether they were refused is forgotten
    known = zip(sent[lost:], probes, strict=True)
    return told(without(times, [*sent[:lost], *(at for at, one in known if one.status == REFUSED)]))


def without(times: Sequence[datetime], ours: Sequence[datetime]) -> list[datetime]:
    """Pure: *times* without those that are the bot's own events, of which one each was sent at *ours*."""
    left = list(times)
    for sent in ours:
        near = [at for at in left if timedelta(seconds=-1) <= at - sent <= _OURS]
        if near:
            left.remove(min(near, key=lambda at: abs(at - sent)))
    return left


def told(times: Sequence[datetime]) -> Refused:
    """Pure: in words."""
    if not times:
        return Refused(0, "none: nothing came signed otherwise, as far as the logs show")
    lines = [f"{at:%H:%M:%S} UTC" for at in times[:SHOWN]]
    more = f" and {len(times) - SHOWN} more" if len(times) > SHOWN else ""
    many = "event was" if len(times) == 1 else "events were"
    said = f"{len(times)} {many} refused (401), at {', '.join(lines[:5])}{' …' if len(lines) > 5 else ''}{more}."
    look = "Look in Circle's dashboard whether it sends them again."
    return Refused(len(times), f"{said} {look}", lines, [at.timestamp() for at in times[:SHOWN]])
