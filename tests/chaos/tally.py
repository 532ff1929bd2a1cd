"""What all lanes have come to."""

import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Tally:
    """What all lanes have come to. *wrong*: every violation, in words."""

    goal: int
    until: float  # time.monotonic()
    kills: int = 0
    points: Counter[str] = field(default_factory=Counter)  # named ones, and how many died there
    busy: int = 0  # kills with an operation, a letter or a delivery in the middle
    settled: list[float] = field(default_factory=list)
    human: int = 0
    acked: int = 0
    alerts: int = 0  # of somebody else's that had a 202
    landed: int = 0
    set: int = 0  # POSTs of secrets that Supabase took
    migrated: int = 0
    back: int = 0  # migrations that were taken back
    migrating: int = 0  # kills in the middle of one
    examined: list[float] = field(default_factory=list)  # seconds that it took to look at a file after a death
    fired: int = 0  # timers
    incidents: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def on(self) -> bool:
        """True while more is to be killed."""
        return self.kills < self.goal and time.monotonic() < self.until and not self.wrong

    def line(self) -> str:
        """The closing line but for who ran it."""
        named = self.points.total()
        looked = f"median {median(self.examined) * 1000:.0f} ms" if self.examined else "none"
        times = f"{median(self.settled):.1f} s, at most {max(self.settled):.1f} s" if self.settled else "never"
        return (
            f"{self.kills} kills ({named} at {len(self.points)} named points, {self.kills - named} anywhere; "
            f"{self.busy} in the middle of something); {self.landed} deploys and {self.set} rotations took effect, "
            f"{self.migrated} migrations and {self.back} ways back, {self.migrating} kills in the middle of one; "
            f"{self.acked} acknowledged, {self.alerts} alerts taken, {self.incidents} incidents, {self.fired} timers; "
            f"{len(self.settled)} restarts left to settle, median {times} ({self.human} needed a human); "
            f"{len(self.examined)} files examined after a death, {looked}; {len(self.wrong)} violations"
        )
