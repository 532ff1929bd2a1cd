"""What is usual, from what the bot's own looks have kept: by the hour of the week, or by the day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean, median

import structlog

from bot.clients.errors import Failure
from bot.health.answers import Answers, FunctionsSeen
from bot.health.memory import DATABASE, WALLET
from bot.incidents.wider import Answered
from store.database import Store
from store.errors import StoreError
from store.samples import Sample, Span

log = structlog.get_logger(__name__)

CALLS, SIGN_INS = "calls", "sign_ins"  # sources of samples: a function's p95 (part: its name); errors of sign-ins
_HOUR, _DAY, _MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=28)
_LATELY = timedelta(minutes=10)
_WEEKS = 2  # of the same hour, below which the week has no usual
_HOURS = 6  # of the day, below which it has none either
_ENOUGH = 20  # samples of ten minutes: below it a p95 is the slowest one
_LOOKS = 300  # samples of a day with a count of sign-ins: below it there is no usual


class Usual:
    """Reads it from the samples; what changes by the hour is read once an hour."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._at: tuple[datetime, tuple[str, ...]] | None = None
        self._known: dict[str, float] = {}

    def of(self, now: datetime, slugs: Sequence[str] = ()) -> Mapping[str, float]:
        """By the name of a measure: the database's latency, `calls/slug` of functions, sign-ins. May lack any."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if (hour, tuple(slugs)) != self._at:
            self._at, self._known = (hour, tuple(slugs)), {}
            try:
                self._known = self._read(now, slugs)
            except StoreError as error:
                log.warning("usual.unreadable", error=str(error))
        return self._known

    def lately(self, now: datetime) -> Mapping[str, float]:
        """The p95 of ten minutes, by the same name."""
        try:
            samples = self._store.samples.since(WALLET, now - _LATELY, DATABASE)
        except StoreError:
            return {}
        taken = sorted(one.latency_ms for one in samples if one.latency_ms is not None and one.state == "ok")
        return {DATABASE: taken[-(-len(taken) * 19 // 20) - 1]} if len(taken) >= _ENOUGH else {}

    def keep(self, answers: Answers, wider: Answered, now: datetime) -> None:
        """Keep of one look what is compared with later."""
        samples: list[Sample] = []
        seen = answers.functions
        if isinstance(wider.calls, dict) and isinstance(seen, FunctionsSeen) and not isinstance(seen.listed, Failure):
            called = {one.slug: wider.calls[one.id] for one in seen.listed if one.id in wider.calls}
            samples += [Sample(now, CALLS, slug, "ok", one.p95, one.hour) for slug, one in called.items() if one.hour]
        if isinstance(wider.sign_ins, int):
            samples.append(Sample(now, SIGN_INS, "", "ok", value=wider.sign_ins))
        try:
            self._store.samples.keep(samples)
        except StoreError as error:
            log.warning("usual.unwritable", error=str(error))

    def _read(self, now: datetime, slugs: Sequence[str]) -> dict[str, float]:
        rows = self._store.samples
        found: dict[str, float] = {}
        if (database := _of_the_week(rows.hours(WALLET, now - _MONTH, DATABASE), now)) is not None:
            found[DATABASE] = database
        for slug in slugs:
            if (usual := _of_the_day(rows.hours(CALLS, now - _DAY, slug), now)) is not None:
                found[f"{CALLS}/{slug}"] = usual
        counts = [one.value for one in rows.since(SIGN_INS, now - _DAY, "") if one.at < now - _HOUR]
        if len(counts) >= _LOOKS:
            found[SIGN_INS] = fmean(value or 0 for value in counts)
        return found


def _of_the_week(hours: Sequence[Span], now: datetime) -> float | None:
    same = [one.avg_ms for one in hours if one.avg_ms and _hour_of_week(one.start) == _hour_of_week(now)]
    return median(same) if len(same) >= _WEEKS else _of_the_day([one for one in hours if one.start > now - _DAY], now)


def _of_the_day(hours: Sequence[Span], now: datetime) -> float | None:
    """The last hour is left out: it holds what is to be compared."""
    known = [one.avg_ms for one in hours if one.avg_ms and one.start < now - 2 * _HOUR]
    return median(known) if len(known) >= _HOURS else None


def _hour_of_week(at: datetime) -> tuple[int, int]:
    return at.weekday(), at.hour
