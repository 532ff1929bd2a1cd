"""Now against the last hour. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bot.health.words import milliseconds

HOUR = timedelta(hours=1)
BUCKETS = 20  # a chart block takes 20 points (docs.slack.dev: data_visualization)
_FEW = 3  # samples below which an hour has no "usual"
_FACTOR = 1.5  # from here on it is said
_NOISE = 30.0  # ms: differences below this are jitter, however large the factor


@dataclass(frozen=True, slots=True)
class Trend:
    """One measured thing: *now* and *usual* (the last hour's median) in ms, *points* one per bucket, oldest first.

    *counts*: not of milliseconds, but of how many in the hour before each point.
    """

    name: str
    now: float | None
    usual: float | None
    points: tuple[float | None, ...] = ()
    counts: bool = False

    @property
    def slower(self) -> bool:
        """True if now is worth a look against the last hour."""
        if self.now is None or not self.usual or self.now - self.usual < _NOISE:
            return False
        return self.now / self.usual >= _FACTOR

    def words(self) -> str:
        """Say 45 ms, usual for the last hour; or 150 ms, 3× the last hour's 45 ms. Empty without a value now."""
        if self.now is None:
            return ""
        now = milliseconds(self.now)
        if self.usual is None:
            return now
        usual = milliseconds(self.usual)
        if abs(self.now - self.usual) >= _NOISE and self.usual > 0:
            factor = self.now / self.usual
            if self.slower:
                times = f"{factor:.0f}" if factor >= 10 else f"{factor:.1f}".removesuffix(".0")
                return f"{now}, {times}× the last hour's {usual}"
            if factor <= 0.5:
                return f"{now}, faster than the last hour's {usual}"
        return f"{now}, usual for the last hour"


NOTHING = Trend("", None, None)


def trend(name: str, now: float | None, samples: Sequence[tuple[datetime, float]], at: datetime) -> Trend:
    """Compare *now* with the *samples* (time, ms) of the hour before *at*."""
    hour = [(when, value) for when, value in samples if at - HOUR <= when < at]
    usual = median(value for _, value in hour) if len(hour) >= _FEW else None
    buckets: list[list[float]] = [[] for _ in range(BUCKETS)]
    for when, value in hour:
        buckets[min(int((when - (at - HOUR)) / HOUR * BUCKETS), BUCKETS - 1)].append(value)
    return Trend(name, now, usual, tuple(median(bucket) if bucket else None for bucket in buckets))
