"""`python -m tests.chaos.soak`: 72 hours of a bot in a quarter of an hour; or `--real 60`, an hour at 20 commands/s.

The bot watches, people type and deploy, alerts come in, incidents open and end, and now and then something outside
fails. Each hour of the bot's clock the kernel is asked what the process holds; it counts its tasks itself. After the
first day (with --real: the first twenty minutes), in which it fills what it keeps for a while, nothing may grow but the
timeline: neither memory nor open files, tasks or threads; the write-ahead log stays within its bound, and what is to be
forgotten is forgotten. Prints the slopes, or that it was too short to judge them; exit code 1 on any violation.

What is thinned: at 300 times the pace a look at the wallet comes each minute and one at everything each four (by day
each quarter of a minute, and each minute), and what is done each second or so (timers, marks, a look at the disk) each
minute or two. Copies, the tidying, the pulse keep their own cadence. Waits below 30 s are a quarter, not a 300th: the
servers outside answer at their own pace.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from random import Random

from playground.source import WalletRepository
from playground.town import Town
from store.database import open_store
from store.inbox import Arrival
from tests.chaos.bodily import TOKEN, Body
from tests.chaos.closing import closes, ends, reaches
from tests.chaos.compressed import KEY, Compressed
from tests.chaos.day import Day
from tests.chaos.growth import MOST, Soaked, forgotten
from tests.chaos.held import Held
from tests.mortal.nursery import ROOT

HOUR = 3600.0
WARM = {False: 24 * HOUR, True: 1200.0}  # of the bot's clock, by whether it is the machine's: not judged
OLD = 2_000  # deliveries of eight days ago, which must be gone soon


class Soak:
    """A town on a clock of its own, and the bot in it."""

    def __init__(self, wanted: argparse.Namespace, folder: Path) -> None:
        self.wanted, self.folder, self.chance = wanted, folder, Random(wanted.seed)
        self.speed = 1.0 if wanted.real else wanted.speed
        self.each = 60.0 if wanted.real else HOUR
        self.lasts = wanted.real * 60 if wanted.real else wanted.hours * HOUR  # seconds of the bot's clock
        self.since = time.time()
        self.clock = Compressed(self.since, self.speed)
        self.town = Town(Compressed(self.since, self.speed, hurried=False))
        self.found = reaches("soak", Soaked(self.each, WARM[bool(wanted.real)]))
        self.data, self.copies = folder / "data", folder / "copies"
        self.path = self.data / "aikeys.sqlite"

    async def run(self) -> Soaked:
        """From the first to the last hour."""
        source = WalletRepository(self.folder / "wallet")
        source.build()
        self._old_rows()
        async with AsyncExitStack() as stack:
            await self.town.start()
            stack.push_async_callback(self.town.stop)
            self.town.slack.limits.off = self.town.project.limits.off = True
            body = Body(self.town, None, self.folder / "body")  # type: ignore[arg-type]  # for its door alone
            rate = self.wanted.rate if self.wanted.real else 0.0
            day = Day(self.town, self.chance, self.found, self.path, body.alert, rate)
            bot = await self._born(source, body.door)
            stack.push_async_callback(self._dies, bot)
            await self.town.slack.until(lambda: len(self.town.slack.sockets.open) == 2, timeout=60)
            working = [*day.lived(), asyncio.create_task(self._log())]
            hearing = asyncio.create_task(self._hears(bot))
            try:
                ended = asyncio.create_task(bot.wait())
                await asyncio.wait({ended, hearing}, timeout=self.lasts / self.speed)
                if ended.done():
                    self.found.wrong.append(f"the bot ended by itself with {ended.result()}; {self.folder}/bot.log")
            finally:
                for task in (*working, hearing):
                    task.cancel()
                for left in await asyncio.gather(*working, hearing, return_exceptions=True):
                    if isinstance(left, Exception):
                        self.found.wrong.append(f"the soak itself broke: {left!r}")
            await asyncio.sleep(3)
            self.found.wrong += forgotten(self.path, self.copies, self.clock.now(), days=self.speed > 1)
        # Of an hour nobody can tell what a day would be: held against the day's figure it would have to be exact.
        self.found.wrong += self.found.growth(24 if self.wanted.real else 1)
        return self.found

    def _old_rows(self) -> None:
        self.data.mkdir(parents=True)
        store = open_store(self.path, audit_key=KEY)
        at = self.clock.now() - timedelta(days=8)
        made = store.inbox.admit([Arrival(f"command:old{n}", "command", "e", "{}") for n in range(OLD)], at)
        for one in made:
            store.inbox.later_settled(one.id, "answered", at)
        store.close()

    async def _born(self, source: WalletRepository, door: str) -> asyncio.subprocess.Process:
        environment = self.town.settings(self.data) | {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "AIKEYS_SOURCE": str(source.path),
            "AIKEYS_COPIES": str(self.copies),
            "AIKEYS_HTTP": door,
            "AIKEYS_ALERTS_TOKEN": TOKEN,
            "AIKEYS_LOOK_EVERY": "60" if self.wanted.real else "240",
        }
        words = ("-m", "tests.chaos.compressed", str(self.since), str(self.speed), str(self.each))
        with (self.folder / "bot.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, *words, env=environment, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=log
            )

    async def _dies(self, bot: asyncio.subprocess.Process) -> None:
        if bot.returncode is None:
            bot.terminate()
            await bot.wait()

    async def _hears(self, bot: asyncio.subprocess.Process) -> None:
        assert bot.stdout is not None
        held = Held(bot.pid)
        held.now()
        while line := await bot.stdout.readline():
            if line.startswith(b"{"):
                kept = [one.stat().st_size for one in self.copies.glob("*")] if self.copies.exists() else []
                self.found.keep(
                    **held.now(),
                    tasks=float(json.loads(line)["tasks"]),
                    database=self.path.stat().st_size / 1e6,
                    copies=float(len(kept)),
                    copied=sum(kept) / 1e6,
                )
        await bot.wait()

    async def _log(self) -> None:
        wal = self.path.with_name(f"{self.path.name}-wal")
        while True:
            with contextlib.suppress(OSError):
                self.found.log_most = max(self.found.log_most, wal.stat().st_size / 1e6)
            await asyncio.sleep(0.1)


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=72, help="of the bot's clock (72)")
    parser.add_argument("--speed", type=float, default=300, help="times as fast as the machine's (300)")
    parser.add_argument("--real", type=float, default=0, help="minutes at the machine's pace in place of it")
    parser.add_argument("--rate", type=float, default=20, help="with --real: commands a second (20)")
    parser.add_argument("--seed", type=int, default=7, help="of all that is random (7)")
    wanted = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aikeys-soak-") as folder:
        found = asyncio.run(Soak(wanted, Path(folder)).run())
        if found.wrong:
            print((Path(folder) / "bot.log").read_text()[-3000:])
    for name in MOST:
        values = found.samples.get(name, [])
        print(f"  {name}: {', '.join(f'{one:.0f}' for one in values[:: max(1, len(values) // 24)])}")
    kind = (
        f"{wanted.real:g} min at {wanted.rate:g} commands/s"
        if wanted.real
        else f"{wanted.hours:g} h, {wanted.speed:g} ×"
    )
    line = f"soak: {kind}: {found.line()}; {(time.monotonic() - began) / 60:.1f} min, seed {wanted.seed}"
    return closes(found.wrong, line)


if __name__ == "__main__":
    sys.exit(ends(main))
