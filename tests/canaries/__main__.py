"""`make canaries`: ten thousand rotations with values that are nowhere else; then every byte is searched for them.

In lives of some hundred: each a town, a bot in a process of its own, and the search. Prints its seed first and its
figures last, also when it is interrupted; exit code 1 where anything was found, or where too few rotations came about.
Ends all that it started.
"""

import argparse
import asyncio
import logging
import platform
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import SystemClock
from playground.source import WalletRepository
from playground.supabase.project import Project
from tests.canaries.desk import ControlError
from tests.canaries.life import Life, Looked
from tests.canaries.rotation import TROUBLES, NotTaken, Tally


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.canaries", description=__doc__)
    parser.add_argument("--rotations", type=int, default=10_000, help="how many (10000)")
    parser.add_argument("--life", type=int, default=250, help="rotations of one bot and its database (250)")
    parser.add_argument("--lanes", type=int, default=2, help="towns beside each other (2)")
    parser.add_argument("--minutes", type=float, default=120, help="at most, whatever was reached (120)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of all that is random")
    wanted = parser.parse_args()
    print(f"canaries: seed {wanted.seed}", flush=True)
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # callers that die in the middle of a call are wanted
    folder, began = Path(tempfile.mkdtemp(prefix="aikeys-canaries-")), time.monotonic()
    run = Run(wanted, folder)
    try:
        asyncio.run(run.all())
    finally:
        if run.total.found or run.broken:
            print(f"canaries: what was written is kept in {folder}")
        else:
            shutil.rmtree(folder)
    for one in run.total.found[:20]:
        print(f"  FOUND: {one.how} in {one.place} at {one.at}, after {one.around!r}")
    for sentence in run.broken[:10]:
        print(f"  BROKEN OFF: {sentence}")
    print(f"canaries: {run.line()}; {(time.monotonic() - began) / 60:.1f} min, seed {wanted.seed}, "
          f"CPython {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}")  # fmt: skip
    return 1 if run.total.found or run.total.rotations < wanted.rotations else 0


class Run:
    """All lives. *total* adds up; *broken* says which were not lived to their end, and why: those are made up for."""

    def __init__(self, wanted: argparse.Namespace, folder: Path) -> None:
        self._wanted, self._folder = wanted, folder
        self._begun = self._number = 0
        self._until: float = time.monotonic() + wanted.minutes * 60
        self.total, self.tally = Looked(), Tally()
        self.bytes: Counter[str] = Counter()
        self.broken: list[str] = []

    async def all(self) -> None:
        """Until there are enough."""
        repository = WalletRepository(self._folder / "wallet")
        await asyncio.to_thread(repository.build)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._stop)
        await asyncio.gather(*(self._lane(repository.path) for _ in range(self._wanted.lanes)))

    def _stop(self) -> None:
        """No further rotation; what was written so far is searched."""
        self._until = time.monotonic()

    def _on(self) -> bool:
        return time.monotonic() < self._until

    async def _lane(self, source: Path) -> None:
        project = Project(SystemClock())
        await project.start()
        try:
            while (left := self._wanted.rotations - self._begun) > 0 and self._on():
                if self.total.found or len(self.broken) > 20:
                    return
                await self._life(project, source, min(left, self._wanted.life))
        finally:
            await project.stop()

    async def _life(self, project: Project, source: Path, rotations: int) -> None:
        self._begun += rotations
        self._number += 1
        folder = self._folder / f"life-{self._number}"
        chance = random.Random(f"{self._wanted.seed}/{self._number}")
        life = Life(project, source, folder, chance, self.tally)
        try:
            await life.live(rotations, tuple(TROUBLES), self._on)
        except (TimeoutError, NotTaken, ControlError, OSError, RuntimeError) as error:
            self.broken.append(f"life {self._number}, rotation {life.looked.rotations}: {error}")
            await asyncio.to_thread(life.search)
            self._begun -= rotations - life.looked.rotations
        looked, total = life.looked, self.total
        total.rotations += looked.rotations
        total.values += looked.values
        total.posts += looked.posts
        total.children += looked.children
        total.found += looked.found
        self.bytes.update(looked.bytes)
        print(f"canaries: {self.line()}", flush=True)
        if not looked.found and not self.broken:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def line(self) -> str:
        """The figures so far."""
        total, tally = self.total, self.tally
        ends = ", ".join(f"{count} {end}" for end, count in sorted(tally.ends.items(), key=lambda one: -one[1]))
        trouble = sum(count for what, count in tally.troubles.items() if what != "none")
        ways = ", ".join(f"{count} by {way}" for way, count in sorted(tally.ways.items()))
        places = " + ".join(f"{size / 1e6:,.0f} MB {place}" for place, size in sorted(self.bytes.items()))
        return (
            f"{len(total.found)} found; {total.rotations:,} rotations of {total.values:,} values ({ways}; "
            f"{trouble} with trouble; {ends}) in {places}; {total.posts:,} calls held values as they must, "
            f"{total.children} processes looked at; {len(self.broken)} lives broken off"
        )


if __name__ == "__main__":
    sys.exit(main())
