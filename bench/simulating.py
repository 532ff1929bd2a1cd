"""`make simulate`: a month of ordinary noise through the real detectors and rules: how often would people be woken.

Nothing is wrong in it, so each page is a false one. Time is compressed, not the looks: each is made at its cadence and
with its confirmations. A detector is asked where something that it needs is odd, or while it sees something; where
nothing is odd its answer is calm, and a calm look on a calm track changes nothing.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bench.noise import Noise, answered
from bot.detectors import Asks, load, looked
from bot.incidents.asking import SECOND, due
from bot.incidents.deciding import BLIND, Decided, Opened, Past, Reopened, Resolved, Track, blindness, decide
from bot.incidents.judging import BLIND_DETECTOR
from bot.incidents.seeing import CONFIRM, HURRIES, KILLS, unanswered
from bot.settings import Wrong, read_tuning
from bot.settings.tuning import Tuning

RATES = (10.0, 30.0, 100.0, 1000.0)  # webhooks an hour
DAYS = 30
ROUND = 15.0  # seconds from the end of one round to the next
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday


@dataclass
class Month:
    """*rate*: webhooks an hour, in the mean of a day. *pages*: by the detector's id."""

    rate: float
    seed: int
    tuning: Tuning = field(default_factory=Tuning)
    days: float = DAYS
    pages: Counter[str] = field(default_factory=Counter)
    looks: int = 0

    def run(self) -> "Month":
        """Through the whole of it."""
        self._noise = Noise(self.rate, random.Random(f"{self.rate} {self.seed}"), self.days)  # no secret
        self._detectors = load(self.tuning)
        self._tracks: Mapping[str, Track] = {}
        self._past: dict[str, Past] = {}
        at, tick = 3600.0 * 24, 0  # a day has passed: there is something to compare with
        while at < 86_400 * (1 + self.days):
            at = self._round(at, due(tick)) + ROUND
            tick += 1
        return self

    def _round(self, at: float, asked: frozenset[Asks]) -> float:
        asked |= unanswered(self._detectors, self._tracks)
        for _ in range(HURRIES):
            asked = self._once(at, asked)
            if not asked:
                break
            asked |= KILLS
            at += CONFIRM
        return at

    def _once(self, at: float, asked: frozenset[Asks]) -> frozenset[Asks]:
        self.looks += 1
        found = self._noise.look(at, asked)
        if found.odd & SECOND or not found.well:
            asked |= SECOND
        wanted = {id_ for id_, one in self._tracks.items() if one.bad or one.blind_since}
        wanted |= {id_ for id_, one in self._past.items() if one.open}
        some = [one for one in self._detectors if one.id in wanted or one.needs & found.odd]
        if not some and BLIND not in wanted:
            return frozenset()
        answers, world = answered(found, self.tuning.limits, BEGAN + timedelta(seconds=at))
        is_open = {id_ for id_, one in self._past.items() if one.open}
        sights = looked(some, answers, world, asked, open_now=is_open)
        now = BEGAN + timedelta(seconds=at)
        decided = decide(self._detectors, sights, self._tracks, self._past, now)
        self._heed(decided, now)
        blind = {BLIND: blindness(self._detectors, decided.tracks, sights, is_open, now)}
        more = decide((BLIND_DETECTOR,), blind, decided.tracks, self._past, now)
        self._heed(more, now)
        self._tracks = more.tracks
        pending = {id_ for id_, one in self._tracks.items() if one.bad and not self._is_open(id_)}
        again = [one.needs for one in self._detectors if one.id in pending]
        return frozenset().union(*again) if decided.hurry and again else frozenset()

    def _is_open(self, id_: str) -> bool:
        return id_ in self._past and self._past[id_].open

    def _heed(self, decided: Decided, now: datetime) -> None:
        for change in decided.changes:
            match change:
                case Opened():
                    self._past[change.id] = Past(change.id, True, change.firing.title)
                    self.pages[change.id] += 1
                case Reopened():
                    self._past[change.subject] = Past(change.subject, True, change.firing.title)
                    self.pages[change.subject] += 1
                case Resolved():
                    self._past[change.subject] = replace(self._past[change.subject], open=False, resolved_at=now)


def months(rate: float, number: int, tuning: Tuning | None = None, first: int = 0) -> list[Month]:
    """*number* of them, each of another seed."""
    return [Month(rate, seed, tuning or Tuning()).run() for seed in range(first, first + number)]


def table(found: Mapping[float, Collection[Month]]) -> list[str]:
    """Markdown: false pages a month, by detector and rate; those that never paged in one line."""
    detectors = load()
    number = {rate: max(1, len(some)) for rate, some in found.items()}
    mean = {
        rate: {
            one.id: sum(month.pages[one.id] for month in some) / number[rate] for one in (*detectors, BLIND_DETECTOR)
        }
        for rate, some in found.items()
    }
    lines = ["| detector | " + " | ".join(f"{rate:g}/h" for rate in found) + " |", "|---|" + "---:|" * len(found)]
    quiet = []
    for one in (*detectors, BLIND_DETECTOR):
        figures = [mean[rate][one.id] for rate in found]
        if any(figures):
            lines.append(f"| `{one.id}` ({one.severity}) | " + " | ".join(f"{each:.2f}" for each in figures) + " |")
        else:
            quiet.append(f"`{one.id}`")
    for severity, most in (("P0", 0.05), ("P1", 1.0)):
        ids = [one.id for one in (*detectors, BLIND_DETECTOR) if one.severity == severity]
        sums = [sum(mean[rate][id_] for id_ in ids) for rate in found]
        lines.append(
            f"| **all {severity}** (at most {most:g}) | " + " | ".join(f"**{each:.2f}**" for each in sums) + " |"
        )
    return [*lines, "", f"Never: {', '.join(quiet)}."]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulating", description=__doc__)
    parser.add_argument("--months", type=int, default=1, help="of each traffic")
    parser.add_argument("--thresholds", default="", help="a file of thresholds; without it AIKEYS_THRESHOLDS")
    asked = parser.parse_args()
    try:
        tuning, _ = read_tuning(path=asked.thresholds)
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 2
    found: dict[float, list[Month]] = {}
    for rate in RATES:
        found[rate] = months(rate, asked.months, tuning)
        print(f"{rate:g} webhooks an hour: {asked.months} done", file=sys.stderr)
    print("\n".join(table(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
