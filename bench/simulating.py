"""`make simulate`: months of ordinary noise through the real detectors and rules: how often would people be woken.

Nothing is wrong in them, so each page is a false one. Time is compressed, not the looks: each is made at its cadence
and with its confirmations, and judged by the function that the watch and a replay judge by. A detector is asked where
its own judge would find something by figures that are a third lower, where an answer is missing, or while it sees
something; else its answer is calm, and a calm look on a calm track changes nothing.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.noise import BAD_LINE, Noise, answered
from bench.simulated import Measured, said, table, written
from bot.detectors import Asks, load, looked
from bot.incidents.asking import SECOND, due
from bot.incidents.deciding import BLIND, Opened, Past, Reopened
from bot.incidents.judging import judge, remember
from bot.incidents.seeing import CONFIRM, HURRIES, KILLS, unanswered
from bot.incidents.tracks import Track
from bot.settings import Wrong, read_tuning
from bot.settings.tuning import Tuning

RATES = (10.0, 30.0, 100.0, 1000.0)  # webhooks an hour
DAYS = 30
ROUND = 15.0  # seconds from the end of one round to the next
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
WORSE = 1 / 3  # of all probes fail while a line is bad, in the second table
FIRST = 100  # seeds begin here


@dataclass
class Month:
    """*rate*: webhooks an hour, in the mean of a day. *bad_line*: of probes fail then. *pages*: by detector id."""

    rate: float
    seed: int
    tuning: Tuning = field(default_factory=Tuning)
    days: float = DAYS
    bad_line: float = BAD_LINE
    pages: Counter[str] = field(default_factory=Counter)
    looks: int = 0

    def run(self) -> "Month":
        """Through the whole of it."""
        chance = random.Random(f"{self.rate} {self.seed}")  # no secret
        self._noise = Noise(self.rate, chance, self.days, self.tuning.limits, self.bad_line)
        self._detectors = load(self.tuning)
        self._tracks: Mapping[str, Track] = {}
        self._past: dict[str, Past] = {}
        self._wanted: set[str] = set()  # what is asked though nothing of it is odd
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
        """One look; what is to be asked again soon."""
        self.looks += 1
        found = self._noise.look(at, asked)
        if not found.odd and found.well and not self._wanted:
            return frozenset()
        if found.odd & SECOND or not found.well:
            asked |= SECOND
        some = [one for one in self._detectors if one.id in self._wanted or one.needs & found.odd]
        if not some and BLIND not in self._wanted:
            return frozenset()
        now = BEGAN + timedelta(seconds=at)
        answers, world = answered(found, self.tuning.limits, now)
        open_now = {id_ for id_, one in self._past.items() if one.open}
        sights = looked(some, answers, world, asked, open_now=open_now)
        judged = judge(self._detectors, sights, self._tracks, self._past, now)
        self._tracks = judged.tracks
        for change in judged.changes:
            id_ = remember(self._past, change, now)
            self.pages[id_] += isinstance(change, Opened | Reopened)
        open_now = {id_ for id_, one in self._past.items() if one.open}
        bad = {id_ for id_, one in self._tracks.items() if one.bad}
        self._wanted = bad | open_now | {id_ for id_, one in self._tracks.items() if one.blind_since}
        again = [one.needs for one in self._detectors if one.id in bad - open_now]
        return frozenset().union(*again) if judged.hurry and again else frozenset()


def months(
    rate: float, number: int, tuning: Tuning | None = None, first: int = FIRST, bad_line: float = BAD_LINE
) -> list[Month]:
    """*number* of them, each of another seed."""
    tuning = tuning or Tuning()
    return [Month(rate, seed, tuning, bad_line=bad_line).run() for seed in range(first, first + number)]


def measured(number: int, tuning: Tuning, bad_line: float = BAD_LINE) -> Measured:
    """Pages by rate and detector of *number* months of each traffic."""
    found: dict[float, Counter[str]] = {}
    began, looks = time.process_time(), 0
    for rate in RATES:
        some = months(rate, number, tuning, bad_line=bad_line)
        found[rate] = sum((one.pages for one in some), Counter[str]())
        looks += sum(one.looks for one in some)
        print(f"{rate:g} webhooks an hour: {number} done", file=sys.stderr)
    return Measured(number, found, looks, time.process_time() - began)


def main() -> int:
    """Print the tables; write them."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulating", description=__doc__)
    parser.add_argument("--months", type=int, default=1, help="of each traffic")
    parser.add_argument("--thresholds", default="", help="a file of thresholds; without it AIKEYS_THRESHOLDS")
    parser.add_argument("--write", type=Path, help="a page to write the tables into, unless more months stand there")
    asked = parser.parse_args()
    try:
        tuning, _ = read_tuning(path=asked.thresholds)
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 2
    usual = measured(asked.months, tuning)
    worse = measured(max(1, asked.months // 4), tuning, WORSE)
    lines = [
        *said(usual, datetime.now(UTC), FIRST),
        "",
        *table(usual),
        "",
        *said(worse, None, FIRST),
        "",
        *table(worse),
    ]
    print("\n".join(lines))
    if asked.write:
        done = tuning == Tuning() and written(asked.write, lines, asked.months)
        print(f"{asked.write}: {'written' if done else 'left as it is: more months stand there, or other figures'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
