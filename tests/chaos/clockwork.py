"""`python -m tests.chaos.clockwork`: 10,000 clocks of P1 and P0, through deaths, downtime and jumps of the clock.

The store, the timers and what incidents do with them are the bot's own; time is made up, and so is death: an exception
in the middle of the transaction, or tasks that are cancelled, then new objects on what SQLite has committed (`kill -9`
of a process: tests.chaos). Prints its seed and its figures; exit code 1 on any violation.
"""

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clockwork.timers import AT_ONCE, Fired, Timers
from bot.detectors import Firing
from bot.incidents import clocks
from bot.incidents.alerting import Alerts
from bot.incidents.deciding import Reopened
from bot.post.outbox import Outbox
from bot.telemetry import logs
from store.database import Store, open_store
from store.errors import TooLate
from store.incidents import ESCALATED, RESOLVED, Incident
from tests.chaos.closing import closes, ends, reaches

KEY = b"a key for tests, 32 bytes at least"
# Any days will do: no zone reaches these clocks. What has one falls due in tests/reviews/test_calendar.py.
STARTS = (datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 7, 4, tzinfo=UTC))
WORLD = 100  # schedules beside each other in one world
LASTS = timedelta(hours=9)
LEAD, OPS, INCIDENTS = "U0CY", "C0OPS", "C0INC"


class Jumpy:
    """A clock that is set by hand, also back."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def now(self) -> datetime:
        """What the machine's clock says."""
        return self.at

    def monotonic(self) -> float:
        """Not asked."""
        return 0.0

    async def sleep(self, seconds: float) -> None:
        """Not slept."""


class Killed(Exception):
    """As by kill -9 in the middle of the transaction: nothing of it is there afterwards."""


@dataclass
class Figures:
    """What happened, and what was *wrong*."""

    schedules: int = 0
    fired: int = 0
    late: int = 0
    deaths: int = 0
    jumps: int = 0
    wrong: list[str] = field(default_factory=list)


class World:
    """A bot that lives and dies, and so many incidents that people open, acknowledge, resolve and see come back."""

    def __init__(self, store: Store, chance: random.Random, figures: Figures) -> None:
        self.store, self.chance, self.figures = store, chance, figures
        self.clock = Jumpy(chance.choice(STARTS) + timedelta(minutes=chance.uniform(-90, 30)))
        self.deadly = False
        self._born()
        self.plans: list[tuple[datetime, Callable[[], None]]] = []
        self.subjects: list[str] = []

    def _born(self) -> None:
        nobody: Any = None  # the outbox is not opened: what was written is what is judged
        self.outbox = Outbox(self.store, nobody, self.clock, can_look=False)
        self.timers = Timers(self.store, self.clock)
        self.alerts = Alerts(self.store, self.clock, self.outbox, self.timers, p0=INCIDENTS, p1=OPS)
        for kind in clocks.KINDS:
            self.timers.on(kind, self._mortal)

    async def _mortal(self, fired: Fired) -> Callable[[], None] | None:
        record = await self.alerts._due(fired)

        def recorded() -> None:
            record()
            if self.deadly and self.chance.random() < 0.5:
                raise Killed

        return recorded

    async def lives(self) -> None:
        """From the first to the last of it."""
        start = self.clock.at
        for number in range(WORLD):
            self._plan(number, start + timedelta(minutes=self.chance.uniform(0, 180)))
        real = start
        while real < start + LASTS:
            step = timedelta(seconds=self.chance.choice((7, 9, 9, 30, 60)))
            away = self.chance.random() < 0.008
            if away:
                step = timedelta(minutes=self.chance.uniform(5, 200))
            real += step
            self.clock.at += step
            if self.chance.random() < 0.005:
                self.figures.jumps += 1
                self.clock.at += timedelta(minutes=self.chance.uniform(-120, 120))
            await self._round(away=away)

    def _plan(self, number: int, at: datetime) -> None:
        def opens() -> None:
            severity = "P0" if number % 5 == 0 else "P1"
            subject = self.alerts.open(severity, f"number {number}", "U0ANA", "").subject
            self.subjects.append(subject)
            opened = self.clock.at
            if self.chance.random() < 0.5:
                self.plans.append((opened + self._some(200), lambda: self._acknowledges(subject)))
            if self.chance.random() < 0.8:
                self.plans.append((opened + self._some(420), lambda: self._resolves(subject)))

        self.plans.append((at, opens))

    def _some(self, minutes: float) -> timedelta:
        return timedelta(minutes=self.chance.uniform(0, minutes))

    def _acknowledges(self, subject: str) -> None:
        with contextlib.suppress(TooLate):
            self.alerts.acknowledge(subject, "U0BEN")

    def _resolves(self, subject: str) -> None:
        with contextlib.suppress(TooLate):
            self.alerts.resolve(subject, "U0BEN")
        if self.chance.random() < 0.3:
            self.plans.append((self.clock.at + self._some(30), lambda: self._comes_back(subject)))

    def _comes_back(self, subject: str) -> None:
        with contextlib.suppress(TooLate):
            self.alerts.heed(Reopened(subject, Firing("Again.", "Look.")), {})

    async def _round(self, *, away: bool) -> None:
        """People do what they planned while the bot is up; then its timers, in which it may be killed."""
        if away:
            self._born()
        due = [does for at, does in self.plans if at <= self.clock.at]
        self.plans = [plan for plan in self.plans if plan[0] > self.clock.at]
        for does in due:
            does()
        self.deadly = self.chance.random() < 0.15
        await self.timers.round()
        if self.deadly and self.chance.random() < 0.5:
            await self.timers.close()  # before it came to anything
        await self.timers.idle()
        for _ in range(WORLD // AT_ONCE):  # so many at once, the rest a second later
            await self.timers.round()
            await self.timers.idle()
        if self.deadly:
            self.figures.deaths += 1
            self._born()
            with self.store.transaction():  # put off by a second or so: the next life finds it due
                self.store.connection.raw.execute("UPDATE timers SET next_try = due WHERE ended IS NULL")
            return
        self._punctual()

    def _punctual(self) -> None:
        """After a round that was not killed nothing is owed: neither an escalation nor a repetition."""
        for timer in self.store.timers.due(self.clock.at):
            self.figures.wrong.append(f"{timer.subject}: {timer.kind} is still due at {self.clock.at}")

    def judge(self) -> None:
        """What was said of each incident, against its story."""
        letters = list(self.store.db.query("SELECT key, body FROM letters WHERE key LIKE '%/clock/%'"))
        self.figures.fired += len(letters)
        self.figures.late += sum(1 for one in letters if "late: I was away" in one["body"])
        for subject in self.subjects:
            self.figures.schedules += 1
            self._one(self.store.incidents.of(subject))

    def _one(self, incident: Incident) -> None:
        said = self.figures.wrong
        was_open = True
        after: Counter[int] = Counter()
        for event in self.store.incidents.story(incident.subject):
            if event.kind == RESOLVED:
                was_open = False
            elif event.kind == "incident.reopened":
                was_open = True
            elif event.kind == ESCALATED:
                after[event.data["after"]] += 1
                if not was_open:
                    said.append(f"{incident.subject}: escalated after it was resolved")
                if event.at < incident.opened_at + clocks.STEPS[clocks.LAST]:
                    said.append(f"{incident.subject}: escalated too soon, at {event.at}")
                if incident.severity != "P1":
                    said.append(f"{incident.subject}: a P0 does not escalate by this clock")
        said += [
            f"{incident.subject}: escalated {times} times after {m} minutes" for m, times in after.items() if times > 1
        ]
        owed = self.clock.at - incident.opened_at >= clocks.STEPS[clocks.LAST]
        if incident.severity == "P1" and incident.open and owed and not after and not self.deadly:
            said.append(f"{incident.subject}: never escalated")


def simulate(schedules: int, seed: int, folder: Path) -> Figures:
    """Run so many, *WORLD* beside each other."""
    figures, chance = reaches("clockwork", Figures()), random.Random(seed)
    for number in range(-(-schedules // WORLD)):
        store = open_store(folder / f"{number}.sqlite", audit_key=KEY)
        try:
            world = World(store, chance, figures)
            asyncio.run(world.lives())
            world.judge()
        finally:
            store.close()
        (folder / f"{number}.sqlite").unlink()
    return figures


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.clockwork", description=__doc__)
    parser.add_argument("--schedules", type=int, default=10_000, help="how many (10,000)")
    parser.add_argument("--seed", type=int, default=7, help="of all that is random (7)")
    wanted = parser.parse_args()
    logs.configure("critical")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aikeys-clockwork-") as folder:
        figures = simulate(wanted.schedules, wanted.seed, Path(folder))
    return closes(
        figures.wrong,
        f"clockwork: {figures.schedules} schedules, {figures.fired} messages of clocks, {figures.late} of them late, "
        f"saying so; {figures.deaths} simulated deaths, {figures.jumps} jumps of the clock, "
        f"{len(figures.wrong)} wrong; {time.monotonic() - began:.0f} s, seed {wanted.seed}",
    )


if __name__ == "__main__":
    sys.exit(ends(main))
