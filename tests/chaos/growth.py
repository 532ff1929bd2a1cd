"""What `tests.chaos.soak` is held against: what the bot held from hour to hour, and what it must have forgotten."""

import contextlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean

from store import copies
from store.audit import verify
from store.database import look_into
from tests.chaos.compressed import KEY

LOG_BOUND = 16.0  # MB: four times where SQLite begins to write it back into the file
MOST = {"memory": 2.0, "handles": 1.0, "tasks": 2.0, "threads": 1.0}  # a day that nobody calls growth
BY_LOAD = frozenset({"handles", "tasks"})  # come and go with what is asked just then: what leaks raises their floor
FLOORS = 6  # stretches of which each counts with its least
SHOWN = {"memory": "MB", "handles": "", "tasks": "", "threads": "", "database": "MB", "copied": "MB"}
LEAST = 12  # samples after the warm-up: of fewer nobody can tell growth from noise
NEEDS = "SELECT count(*) FROM {} WHERE {} < ?"


@dataclass
class Soaked:
    """*samples* by what was held, *each* so many seconds of the bot's clock apart; *wrong*: every violation.

    *warm*: seconds in which it fills what it keeps for a while: of those nothing is judged.
    """

    each: float
    warm: float = 0.0
    samples: dict[str, list[float]] = field(default_factory=dict)
    asked: int = 0
    failed: int = 0
    alerts: Counter[int] = field(default_factory=Counter)
    deploys: int = 0
    wrong: list[str] = field(default_factory=list)
    log_most: float = 0.0

    def keep(self, **held: float) -> None:
        """One more of each."""
        for name, value in held.items():
            self.samples.setdefault(name, []).append(value)

    def slope(self, name: str) -> tuple[float, float]:
        """After the warm-up."""
        values = self._judged(name)
        wide = max(1, len(values) // FLOORS) if name in BY_LOAD else 1
        return slope([min(values[at : at + wide]) for at in range(0, len(values) - wide + 1, wide)], self.each * wide)

    def _judged(self, name: str) -> list[float]:
        return self.samples.get(name, [])[math.ceil(self.warm / self.each) :]

    @property
    def too_short(self) -> bool:
        """Whether it ended before anything could be said of growth."""
        return len(self._judged("memory")) < LEAST

    def growth(self, share: float) -> Iterator[str]:
        """The log where it was too large, and what grows by more than it may, times *share*."""
        if self.log_most > LOG_BOUND:
            yield f"the write-ahead log had {self.log_most:.1f} MB"
        if self.too_short:
            return
        for name, most in MOST.items():
            grows, error = self.slope(name)
            if grows - 2 * error > most * share:
                yield f"{name} grows by {grows:.2f} ± {2 * error:.2f} a day"

    def line(self) -> str:
        """The closing line."""
        parts = []
        for name, unit in SHOWN.items():
            values = self.samples.get(name, [0.0])
            grows, error = self.slope(name)
            rate = "" if self.too_short else f" ({grows:+.2f} ± {2 * error:.2f} a day)"
            parts.append(f"{name} {values[-1]:.0f}{unit and ' ' + unit}{rate}")
        if self.too_short:
            needs = (self.warm + LEAST * self.each) / self.each
            parts.append(f"too short to judge growth: that takes {needs:.0f} samples, the warm-up among them")
        taken = self.alerts[202]
        deployed = f"; {self.deploys} deploys" if self.deploys else ""  # at a rate of commands they only ask
        return (
            f"{len(self.samples.get('memory', []))} samples; {'; '.join(parts)}; write-ahead log at most "
            f"{self.log_most:.1f} MB; {self.asked} commands, {self.failed} not acknowledged; {taken} of "
            f"{self.alerts.total()} alerts taken{deployed}; {len(self.wrong)} violations"
        )


def slope(values: Sequence[float], each: float) -> tuple[float, float]:
    """By how much it grows a day, and the standard error of that; *values* so many seconds apart. Least squares."""
    if len(values) < 3:
        return 0.0, math.inf
    at = [number * each / 86_400 for number in range(len(values))]
    middle, mean = fmean(at), fmean(values)
    spread = sum((one - middle) ** 2 for one in at)
    grows = sum((x - middle) * (y - mean) for x, y in zip(at, values, strict=True)) / spread
    rest = sum((y - mean - grows * (x - middle)) ** 2 for x, y in zip(at, values, strict=True))
    return grows, math.sqrt(rest / (len(values) - 2) / spread)


def forgotten(path: Path, folder: Path, now: datetime, *, days: bool) -> Iterator[str]:
    """What is kept for a while must be gone after it, and an hour or two for the tidying; copies lie in *folder*.

    Rows only where *days* have passed. All that is kept must be in order, too.
    """
    late = timedelta(hours=2)
    week, day = now - timedelta(days=7) - late, now - timedelta(days=1) - late
    with contextlib.closing(look_into(path)) as db:
        for table, column, since in (
            ("deliveries", "settled_at IS NOT NULL AND received_at", week.isoformat()),
            ("timers", "ended_at", week.isoformat()),
            ("samples", "at", day.timestamp()),
            ("looks", "at", day.timestamp()),
        ):
            (count,) = db.execute(NEEDS.format(table, column), [since]).fetchone()
            if count and days:
                yield f"{count} rows of {table} are older than they are kept"
        verdict = verify(db, KEY)
    many = copies.copies(folder)
    if surplus := copies.surplus(many, now - timedelta(minutes=10)):
        yield f"{len(surplus)} of {len(many)} copies need not be kept any more"
    if not many:
        yield "no copy was made"
    if not verdict.ok:
        yield f"the history is not good: {verdict.why}"
