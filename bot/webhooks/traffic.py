"""`/aikeys webhooks`: what came in, what failed and how, what the wallet's own word hides. Pure."""

from datetime import UTC, datetime
from typing import TypeVar

from bot.clients.errors import Failure
from bot.context import Target
from bot.health.answers import Deliveries, Events, Suspicions, WebhooksCounted
from bot.health.expected import WEBHOOK
from bot.health.judgement import Level
from bot.health.judges import webhooks
from bot.health.words import ago, count, milliseconds
from bot.questions.paged import told_open
from bot.questions.saying import level, worst_first, wrongs
from bot.report import Curve, Group, Line, Report, Wrong
from bot.webhooks.questions import Ending, Keys, Traffic

T = TypeVar("T", Deliveries, Events, Suspicions)
GROWS = 3.0  # times the usual day: somebody sends the same, or much more
_DAYS = 2.0  # whole days before this one from which on there is a usual day
_MB = 1_000_000


def judge(seen: Traffic, target: Target) -> Report:
    """The answer."""
    found = [*_failing(seen), *_silent(seen), *_slow(seen), *_refused(seen), *_growing(seen)]
    wrong = worst_first(*told_open(found, seen.paged), *_unknown(seen))
    return Report(
        verdict=_verdict(seen),
        level=level(wrong),
        target=target,
        again="webhooks",
        wrong=wrong,
        groups=(_kinds(seen), _endings(seen), _more(seen)),
        curves=_curve(seen),
        small=(
            "Events of my own (aikeys.synthetic) and my own unsigned probes are not counted",
            "Rows are counted: a call that died before it left one is not here, but among the function's calls",
        ),
        also=(
            ("Set-up", "webhooks setup"),
            ("Health of webhooks", "health webhooks"),
            ("All its calls", f"functions {WEBHOOK}"),
        ),
    )


def _verdict(seen: Traffic) -> str:
    if isinstance(seen.kinds, Failure):
        return "What came in is not known"
    if not seen.kinds:
        return "No webhook ever came"
    last, day = max(one.last for one in seen.kinds), sum(one.day for one in seen.kinds)
    quiet = ago(max(0.0, seen.now.timestamp() - last))
    failed = (
        ""
        if isinstance(seen.endings, Failure)
        else f", {_failed(seen.endings)[0] or 'none'} failed of those that left a row"
    )
    return f"{count(day, 'webhook')} in the last day{failed}; the last real one {quiet} ago"


def _unknown(seen: Traffic) -> list[Wrong]:
    asked = {
        "Events per hour": seen.hours,
        "Processing time": seen.latency,
        "Types of event": seen.kinds,
        "Idempotency keys": seen.keys,
        "Deliveries": seen.endings,
        "Refused signatures": seen.refusals,
    }
    failures: dict[tuple[str, str], list[str]] = {}
    for name, answer in asked.items():
        if isinstance(answer, Failure):
            failures.setdefault((answer.what, answer.do), []).append(name)
    return [
        Wrong(Level.UNKNOWN, f"Not known: {', '.join(names).lower()}. {what}", do)
        for (what, do), names in failures.items()
    ]


def _counted(seen: Traffic, shape: type[T]) -> T | None:
    """What the watch counts too; None where that failed."""
    counted = seen.counted
    parts = (counted.events, counted.deliveries, counted.suspicions) if isinstance(counted, WebhooksCounted) else ()
    return next((one for one in parts if isinstance(one, shape)), None)


def _failed(endings: tuple[Ending, ...]) -> tuple[int, int]:
    """Deliveries that failed: of the day, of the hour."""
    bad = [one for one in endings if one.ended == "never" or (one.ended.isdecimal() and int(one.ended) >= 400)]
    return sum(one.day for one in bad), sum(one.hour for one in bad)


def _failing(seen: Traffic) -> list[Wrong]:
    """As the watch sees it; else by this card's own count, which holds also what was refused or never ended."""
    counted = _counted(seen, Deliveries)
    if watched := webhooks.failing(counted, seen.limits):
        return list(wrongs(watched))
    if isinstance(seen.endings, Failure):
        return []
    _, hour = _failed(seen.endings)
    total = sum(one.hour for one in seen.endings)
    if not hour:
        return []
    how_bad = Level.DOWN if hour == total and total > 1 else Level.DEGRADED
    if hour / total <= seen.limits.webhook_failed_rate and how_bad is Level.DEGRADED and hour < 2:
        return []
    return [
        Wrong(
            how_bad,
            f"{hour} of {count(total, 'delivery', 'deliveries')} in the last hour failed.",
            "Ask for the logs of payments-circle-webhook; if it began with a deploy, roll that back.",
        )
    ]


def _slow(seen: Traffic) -> list[Wrong]:
    if isinstance(seen.latency, Failure) or seen.latency.p95 <= seen.limits.function_floor:
        return []
    return [
        Wrong(
            Level.DEGRADED,
            f"Processing takes {milliseconds(seen.latency.p95)} at the 95th percentile; the target is "
            f"{milliseconds(seen.limits.function_floor)}.",
            "Ask /aikeys health database.",
        )
    ]


def _refused(seen: Traffic) -> list[Wrong]:
    """The same."""
    counted, events = _counted(seen, Suspicions), _counted(seen, Events)
    if watched := webhooks.signatures(counted, events, seen.limits):
        return list(wrongs(watched))
    if isinstance(seen.refusals, Failure) or seen.refusals.hour <= seen.limits.signatures_noise:
        return []
    return [
        Wrong(
            Level.DEGRADED,
            f"{seen.refusals.hour} wrong signatures in the last hour.",
            "Compare CIRCLE_WEBHOOK_SECRET with Circle's dashboard. If it is the same, somebody tries.",
        )
    ]


def _silent(seen: Traffic) -> list[Wrong]:
    """For longer than is usual at this hour; that there never was one the verdict says."""
    found = webhooks.silent(_counted(seen, Events), seen.limits)
    return list(wrongs(one for one in found if one.level is Level.DEGRADED))


def _growing(seen: Traffic) -> list[Wrong]:
    keys = seen.keys
    usual = None if isinstance(keys, Failure) else _usual(keys)
    if isinstance(keys, Failure) or usual is None or usual < 10 or keys.day <= GROWS * usual:
        return []
    return [
        Wrong(
            Level.DEGRADED,
            f"{keys.day} idempotency keys came in a day; usual are {usual:.0f}.",
            "Look which events repeat: a sender that gets no answer sends again.",
        )
    ]


def _kinds(seen: Traffic) -> Group:
    if isinstance(seen.kinds, Failure):
        return Group("Types of event", none="not known")
    lines = tuple(
        Line(
            one.name,
            f"{one.day} in a day" + (f", {one.failed} of them failed payments" if one.failed else "") + "; last",
            at=_at(one.last),
        )
        for one in seen.kinds
    )
    return Group("Types of event", lines, "none ever came")


def _endings(seen: Traffic) -> Group:
    if isinstance(seen.endings, Failure):
        return Group("How deliveries ended, last day", none="not known")
    lines = tuple(
        Line(
            _ended(one.ended), f"{one.day}, {one.hour} of them in the last hour; last", _level(one.ended), _at(one.last)
        )
        for one in seen.endings
    )
    return Group("How deliveries ended, last day", lines, "none came")


def _ended(ended: str) -> str:
    return {"never": "never answered", "now": "under way now"}.get(ended, ended)


def _level(ended: str) -> Level | None:
    if ended == "now":
        return None
    return Level.DEGRADED if ended == "never" or not ended.isdecimal() or int(ended) >= 400 else Level.OK


def _more(seen: Traffic) -> Group:
    lines = []
    if not isinstance(seen.latency, Failure):
        times = (
            f"{milliseconds(seen.latency.p50)} in the middle, {milliseconds(seen.latency.p95)} at the 95th percentile"
        )
        lines.append(Line("Processing takes", times if seen.latency.events else "not known: none came in a day"))
    if isinstance(seen.keys, Keys):
        lines.append(Line("Idempotency keys:", _keys(seen.keys)))
    if not isinstance(seen.refusals, Failure):
        where = f" from {count(seen.refusals.addresses, 'address', 'addresses')}" if seen.refusals.day else ""
        lines.append(
            Line("Wrong signatures:", f"{seen.refusals.day} in a day{where}, {seen.refusals.hour} in the hour")
        )
    if not isinstance(seen.wallet, Failure) and seen.wallet.report.webhooks is not None:
        own = seen.wallet.report.webhooks
        counted = "nothing" if own.failed is None else count(own.failed, "failed payment")
        lines.append(
            Line(
                "The wallet's own word:",
                f"{own.status}, which it always says; its failedWebhooks counts {counted}, not failed deliveries",
            )
        )
    return Group("Beside that", tuple(lines), "not known")


def _keys(keys: Keys) -> str:
    a_day = _usual(keys)
    usual = "" if a_day is None else f"; usual are {a_day:.0f} a day"
    return f"{keys.total} in all ({keys.bytes / _MB:.1f} MB), {keys.day} in a day{usual}"


def _usual(keys: Keys) -> float | None:
    """Keys of a usual day; None where there are too few days before this one to say what is usual."""
    return keys.week_before / keys.days_before if keys.days_before >= _DAYS else None


def _curve(seen: Traffic) -> tuple[Curve, ...]:
    if isinstance(seen.hours, Failure):
        return ()
    by_hour = {int(one.at): one.events for one in seen.hours}
    this = int(seen.now.timestamp()) // 3600 * 3600
    # An hour without a row is an hour without an event, and must not be left out of the line.
    points = tuple(
        (f"{datetime.fromtimestamp(at, UTC):%H}h", float(by_hour.get(at, 0)))
        for at in range(this - 19 * 3600, this + 1, 3600)
    )
    most = max(value for _, value in points)
    what = f"Events per hour, UTC, to now: {points[-1][1]:.0f} in this hour so far, {most:.0f} at most."
    return (Curve("Webhooks per hour", what, "events", points),)


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
