"""What an incident did, as the bot's own looks saw it: figures and curves, kept with its end. Pure but for reading.

Raw looks are kept for a day; what is worked out when it ends stays with the event for good.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.health.memory import DATABASE, FAILED, WALLET, WEBHOOKS
from store.memory import Memory
from store.samples import Sample

LEAD = timedelta(minutes=30)  # of the curves, before it began and after it ended: what is usual has to be seen
POINTS = 120  # of a curve
HOUR = timedelta(hours=1)  # the webhooks are counted over the last hour


@dataclass(frozen=True, slots=True)
class Curve:
    """*points*: seconds since the curve's beginning, and the highest value of that moment; None where a look failed."""

    name: str
    unit: str
    points: tuple[tuple[int, float | None], ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """*looks* at the wallet, how many *failed*, in how many *minutes*.

    *webhooks*: how many failed, at least and at most; None where nobody could count. The second is None where the
    database was away: a failure is a row too, and none could be written. *begins*: of the curves.
    """

    looks: int = 0
    failed: int = 0
    minutes: int = 0
    webhooks: tuple[int, int | None] | None = None
    begins: datetime | None = None
    curves: tuple[Curve, ...] = field(default=())


def measured(memory: Memory, since: datetime, until: datetime) -> Impact:
    """From the looks that are kept still."""
    begins = since - LEAD
    raw = {
        part: [one for one in memory.samples.since(source, begins, part) if one.at <= until + LEAD]
        for source, part in ((WALLET, ""), (WALLET, DATABASE), (WEBHOOKS, FAILED))
    }
    during = [one for one in raw[""] if since <= one.at <= until]
    down = {one.at for one in raw[DATABASE] if one.state == "failed"}
    bad = [one for one in during if one.state == "failed" or one.at in down]
    curves = [
        _curve("wallet /health", "ms", raw[""], begins, until, lambda one: one.latency_ms),
        _curve("database", "ms", raw[DATABASE], begins, until, lambda one: one.latency_ms),
        _curve("failed webhooks, last hour", "", raw[FAILED], begins, until, lambda one: one.value),
    ]
    return Impact(
        looks=len(during),
        failed=len(bad),
        minutes=len({one.at.replace(second=0, microsecond=0) for one in bad}),
        webhooks=_webhooks(raw[FAILED], since, until, away=any(since <= at <= until for at in down)),
        begins=begins,
        curves=tuple(one for one in curves if any(value is not None for _, value in one.points)),
    )


def to_json(impact: Impact) -> dict[str, Any]:
    """For the event of its end."""
    return {
        "looks": impact.looks,
        "failed": impact.failed,
        "minutes": impact.minutes,
        "webhooks": list(impact.webhooks) if impact.webhooks else None,
        "begins": impact.begins.isoformat() if impact.begins else None,
        "curves": [[one.name, one.unit, [list(point) for point in one.points]] for one in impact.curves],
    }


def from_json(data: Mapping[str, Any] | None) -> Impact | None:
    """What an event kept; None where it kept nothing."""
    if not data:
        return None
    webhooks = data.get("webhooks")
    return Impact(
        looks=int(data.get("looks", 0)),
        failed=int(data.get("failed", 0)),
        minutes=int(data.get("minutes", 0)),
        webhooks=(int(webhooks[0]), webhooks[1]) if webhooks else None,
        begins=datetime.fromisoformat(data["begins"]) if data.get("begins") else None,
        curves=tuple(
            Curve(name, unit, tuple((int(at), value) for at, value in points))
            for name, unit, points in data.get("curves", ())
        ),
    )


def _webhooks(
    counted: Sequence[Sample], since: datetime, until: datetime, *, away: bool
) -> tuple[int, int | None] | None:
    """How many failed from *since* to *until*, by counts that each look back over an hour.

    Hour by hour from the end: what the last of them counted from before the beginning is in doubt, and is said so.
    """
    known = [one for one in counted if one.value is not None]
    at, total, doubt = until, 0, 0
    while at > since:
        found = [one for one in known if at - HOUR / 2 < one.at <= at]
        if not found:
            return None
        last = found[-1]
        total += round(last.value or 0)
        if last.at - HOUR < since:
            before = [one for one in known if one.at <= since]
            doubt = min(round(last.value or 0), round(before[-1].value or 0)) if before else round(last.value or 0)
        at = last.at - HOUR
    return total - doubt, None if away else total


def _curve(name: str, unit: str, samples: Sequence[Sample], begins: datetime, until: datetime, value: Any) -> Curve:
    """At most POINTS of them, each the highest of its moment: a short peak is what one looks for."""
    step = max(1, round((until + LEAD - begins).total_seconds() / POINTS))
    found: dict[int, tuple[int, float | None]] = {}  # each at its own second: a moment's beginning is before the fault
    for one in samples:
        at = int((one.at - begins).total_seconds())
        moment = at // step
        seen = value(one) if one.state == "ok" else None
        kept = found[moment][1] if moment in found else 0.0
        if moment not in found or (kept is not None and (seen is None or seen > kept)):
            found[moment] = at, round(seen, 1) if seen is not None else None
    return Curve(name, unit, tuple(sorted(found.values())))
