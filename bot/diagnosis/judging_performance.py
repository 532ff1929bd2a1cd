"""What got slower since last week, in words and as a curve. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from bot.diagnosis.advice import advice
from bot.diagnosis.performance import DAY, Seen
from bot.diagnosis.thresholds import NOISE, SLOWER
from bot.diagnosis.words import percent
from bot.health.judgement import Level
from bot.health.words import count, listing, milliseconds
from bot.questions.functions import Figures
from bot.questions.paged import told_open
from bot.questions.saying import level, told, unanswered, waiting, worst_first
from bot.report import Curve, Group, Line, Report, Wrong
from store.samples import Span

_CALLED = {
    "functions": "the functions' names",
    "today": "the last day's calls of functions",
    "before": "last week's calls of functions",
    "lints": "the advisor's findings",
}
_FEW_HOURS = 3  # hours below which there is no "usual"
_FEW_CALLS = 20  # calls below which the 95th percentile is one call's time
_NOT_KNOWN = "Memory and CPU of functions are not in the logs. Calls of health hold my own look, once a minute."
_TOTALS = "pg_stat_statements holds totals since its last reset, so what single statements took last week is not known."


@dataclass(frozen=True, slots=True)
class Change:
    """One thing measured: its 95th percentile *now* and *before*, in ms; None: not known. *slow*: the owners' bound."""

    name: str
    now: float | None
    before: float | None
    slow: float

    @property
    def slower(self) -> bool:
        """True if it got slower, and not by jitter alone."""
        if self.now is None or not self.before or self.now - self.before < NOISE:
            return False
        return self.now / self.before >= SLOWER

    def words(self) -> str:
        """Say 180 ms, last week 120 ms: 1.5× as long."""
        if self.now is None:
            return "not known yet"
        now = milliseconds(self.now)
        if self.before is None:
            return f"{now}; last week not known"
        said = f"{now}, last week {milliseconds(self.before)}"
        return f"{said}: {self.now / self.before:.1f}× as long" if self.slower else said


def judge(seen: Seen) -> Report:
    """The report."""
    own = (
        _own("The wallet's answer", seen.wallet, seen.at, seen.limits.response_slow * 1000),
        _own("The database's answer", seen.database, seen.at, seen.limits.database_slow),
    )
    names = {one.id: one.slug for one in seen.functions} if isinstance(seen.functions, list) else {}
    functions = _functions(seen, names)
    changes = [*own, *(change for change, _ in functions)]
    found = [*_wrong(changes), *_failing(seen, names)]
    wrong = worst_first(*told_open(found, seen.paged), *unanswered(seen, _CALLED))
    small = waiting(seen, _CALLED)
    return Report(
        verdict=_verdict(changes, wrong, small),
        level=level(wrong, small),
        target=seen.target,
        again="perf",
        wrong=wrong,
        groups=(
            Group("Answers, 95th percentile", tuple(_line(one) for one in own)),
            Group("Functions, 95th percentile of the last day", *_listed(functions, seen)),
            advice("Supabase's advisor on performance", seen.lints),
        ),
        curves=tuple(filter(None, (_curve("Database", seen.database), _curve("Wallet", seen.wallet)))),
        small=(*small, _TOTALS, _NOT_KNOWN),
        also=(("The database now", "db"), ("Health", "health")),
    )


def _own(name: str, hours: Sequence[Span], at: datetime, slow: float) -> Change:
    """The median of the hours' 95th percentiles: one bad hour is not a slow day."""
    known = [(span.start, span.p95_ms) for span in hours if span.p95_ms is not None]
    now = [value for start, value in known if start >= at - DAY]
    before = [value for start, value in known if start < at - DAY]
    return Change(
        name,
        median(now) if now else None,
        median(before) if len(before) >= _FEW_HOURS else None,
        slow,
    )


def _functions(seen: Seen, names: Mapping[str, str]) -> list[tuple[Change, Figures]]:
    """Each with its figures of today, the most called first."""
    today = seen.today if isinstance(seen.today, Mapping) else {}
    before = seen.before if isinstance(seen.before, Mapping) else {}
    found = []
    for identity, now in sorted(today.items(), key=lambda item: -item[1].calls):
        past = before.get(identity)
        enough = past is not None and past.calls >= _FEW_CALLS and now.calls >= _FEW_CALLS
        usual = past.p95 if past is not None and enough else None
        found.append((Change(names.get(identity, identity), now.p95, usual, seen.limits.function_floor), now))
    return found


def _wrong(changes: Sequence[Change]) -> list[Wrong]:
    found = []
    for one in changes:
        if one.slower:
            found.append(
                Wrong(
                    Level.DEGRADED,
                    f"{one.name} got slower: {one.words()}.",
                    "Was it deployed or migrated since? Look at deploys, and at slow statements and locks (db).",
                )
            )
        elif one.now is not None and one.now > one.slow:
            found.append(
                Wrong(
                    Level.DEGRADED,
                    f"{one.name} is slow: {one.words()}; the target is {milliseconds(one.slow)}.",
                    "Look at what it waits for: the database (db), or Circle.",
                )
            )
    return found


def _failing(seen: Seen, names: Mapping[str, str]) -> list[Wrong]:
    found = []
    for identity, one in (seen.today if isinstance(seen.today, Mapping) else {}).items():
        if one.calls >= _FEW_CALLS and one.failed / one.calls > seen.limits.function_failed_rate:
            name = names.get(identity, identity)
            share = percent(one.failed / one.calls)
            what = f"{one.failed} of {one.calls} calls of {name} failed in the last day ({share})."
            found.append(Wrong(Level.DEGRADED, what, f"Find the cause: triage function {name}."))
    return found


def _verdict(changes: Sequence[Change], wrong: Sequence[Wrong], small: Sequence[str]) -> str:
    slower = [one.name[:1].lower() + one.name[1:] if " " in one.name else one.name for one in changes if one.slower]
    if slower:
        return f"Slower than last week: {listing(slower, 3)}"
    if small:
        return "Comparing with last week…"
    if any(one.level > Level.UNKNOWN for one in wrong):
        return "Not slower than last week, but not well"
    unknown = [one for one in changes if one.now is None or one.before is None]
    if len(unknown) == len(changes):
        return "Nothing to compare with yet"
    return f"Nothing got slower than last week{', as far as that is known' if unknown else ''}"


def _line(one: Change) -> Line:
    bad = one.slower or (one.now is not None and one.now > one.slow)
    return Line(one.name if " " not in one.name else f"{one.name}:", one.words(), Level.DEGRADED if bad else None)


def _listed(functions: Sequence[tuple[Change, Figures]], seen: Seen) -> tuple[tuple[Line, ...], str]:
    if not isinstance(seen.today, Mapping):
        return (), told(seen.today, lambda _: "")
    lines = []
    for change, one in functions:
        line = _line(change)
        says = f"{line.says} ({_calls(one)})"
        lines.append(Line(line.name, says, line.level))
    return tuple(lines), "no rows in the log, which is no proof that nobody called"


def _calls(one: Figures) -> str:
    failed = f", {one.failed} failed" if one.failed else ""
    return f"{count(one.calls, 'call')}, half within {milliseconds(one.p50)}{failed}"


def _curve(name: str, hours: Sequence[Span]) -> Curve | None:
    """The median of each half day's hours; labels are UTC, since a chart has one for all readers."""
    halves: dict[datetime, list[float]] = {}
    for span in hours:
        if span.p95_ms is not None:
            start = span.start.replace(hour=span.start.hour // 12 * 12, minute=0, second=0, microsecond=0)
            halves.setdefault(start, []).append(span.p95_ms)
    if not halves:
        return None
    points = tuple((f"{start:%a %d %Hh}", median(values)) for start, values in sorted(halves.items()))
    low, high = min(value for _, value in points), max(value for _, value in points)
    what = (
        f"{name}: the 95th percentile was between {milliseconds(low)} and {milliseconds(high)} in the last eight days, "
        f"last {milliseconds(points[-1][1])}. Half days, UTC, from the bot's own looks."
    )
    return Curve(f"{name}: 95th percentile, 8 days", what, "ms", points)
