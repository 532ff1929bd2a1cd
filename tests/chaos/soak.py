"""`python -m tests.chaos.soak`: 72 hours of a bot in a quarter of an hour; or `--real 60`, an hour at 20 commands/s.

The bot watches, people type and deploy, alerts come in, incidents open and end, and now and then something outside
fails. Each hour of the bot's clock it is asked what it holds. Over the last two thirds nothing may grow but the
timeline: neither memory nor open files, tasks or threads; the write-ahead log stays within its bound, and what is to
be forgotten is forgotten. Prints the slopes; exit code 1 on any violation.

What is thinned: at 300 times the pace a look at the wallet comes each minute and one at everything each four (by day
each quarter of a minute, and each minute), and what is done each second or so (timers, marks, a look at the disk) each
minute or two. Copies, the tidying, the pulse keep their own cadence. Waits below 30 s are a quarter, not a 300th: the
servers outside answer at their own pace.
"""

import argparse
import asyncio
import contextlib
import json
import math
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import fmean

from playground.slack.errors import ControlError, SlackError
from playground.source import WalletRepository
from playground.town import Town
from store import copies
from store.audit import verify
from store.database import look_into, open_store
from store.inbox import Arrival
from tests.chaos.bodily import TOKEN, Body
from tests.chaos.closing import closes
from tests.chaos.compressed import KEY, Compressed
from tests.mortal.nursery import ROOT

HOUR = 3600.0
LOG_BOUND = 16.0  # MB: four times where SQLite begins to write it back into the file
MOST = {"memory": 2.0, "handles": 1.0, "tasks": 2.0, "threads": 1.0}  # a day that nobody calls growth
OLD = 2_000  # deliveries of eight days ago, which must be gone soon
COMMANDS = (
    "health", "incident", "operations", "approvals", "deploys", "logs db error", "contacts", "help", "nonsense",
    "functions", "secrets", "migrations", "webhooks", "timeline deploy", "stats", "runbook webhook 401", "project",
)  # fmt: skip
FAULTS = ("slack_5xx", "slack_store_then_drop", "management_down", "socket_kill", "slow_database")
QUICK = ("incident", "operations", "approvals", "contacts", "help", "nonsense", "deploys", "reviews")
SHOWN = {"memory": "MB", "handles": "", "tasks": "", "threads": "", "database": "MB", "copied": "MB"}
NEEDS = "SELECT count(*) FROM {} WHERE {} < ?"


@dataclass
class Soaked:
    """*samples* by what was held; *wrong*: every violation."""

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
        self.found = Soaked()
        self.data, self.copies = folder / "data", folder / "copies"

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
            self._alert, self._path = body.alert, self.data / "aikeys.sqlite"
            bot = await self._born(source, body.door)
            stack.push_async_callback(self._dies, bot)
            await self.town.slack.until(lambda: len(self.town.slack.sockets.open) == 2, timeout=60)
            working = [
                asyncio.create_task(one) for one in (self._people(), self._alerts(), self._faults(), self._log())
            ]
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
            self._forgotten(self.clock.now())
        self._slopes()
        return self.found

    def _old_rows(self) -> None:
        self.data.mkdir(parents=True)
        store = open_store(self.data / "aikeys.sqlite", audit_key=KEY)
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
        while line := await bot.stdout.readline():
            if line.startswith(b"{"):
                kept = [one.stat().st_size for one in self.copies.glob("*")] if self.copies.exists() else []
                self.found.keep(
                    **json.loads(line),
                    database=self._path.stat().st_size / 1e6,
                    copies=float(len(kept)),
                    copied=sum(kept) / 1e6,
                )
        await bot.wait()

    async def _log(self) -> None:
        wal = self._path.with_name(f"{self._path.name}-wal")
        while True:
            with contextlib.suppress(OSError):
                self.found.log_most = max(self.found.log_most, wal.stat().st_size / 1e6)
            await asyncio.sleep(0.1)

    async def _people(self) -> None:
        """Everybody asks; with --real twenty times a second, else once or twice."""
        rate = self.wanted.rate if self.wanted.real else 1.5
        asking: set[asyncio.Task[None]] = set()
        began, count = time.monotonic(), 0
        while True:
            if len(asking) < 200:
                task = asyncio.create_task(self._asks(count))
                asking.add(task)
                task.add_done_callback(asking.discard)
            count += 1
            await asyncio.sleep(max(0.0, began + count / rate - time.monotonic()))

    async def _asks(self, count: int) -> None:
        chance, slack = self.chance, self.town.slack
        with contextlib.suppress(ControlError, SlackError):
            if not self.wanted.real and count % 30 == 0:
                return await self._deploy()
            if not self.wanted.real and count % 12 == 1:
                title = f"trouble {count}"
                await slack.say("ana", "#ops", f'/aikeys incident open "{title}"')
                await asyncio.sleep(chance.uniform(1, 8))
                found = self._rows("SELECT number FROM incidents WHERE title = ?", title)
                for (number,) in found:
                    await slack.say("ana", "#ops", f'/aikeys incident note "seen {count}" {number}')
                    await slack.say("ana", "#ops", f"/aikeys incident resolve {number} over")
                return None
            line = chance.choice(QUICK if self.wanted.real else COMMANDS)
            said = await slack.say(chance.choice(["ana", "ben", "zoe"]), "#ops", f"/aikeys {line}")
            self.found.asked += 1
            self.found.failed += said.get("acked") is False
        return None

    async def _deploy(self) -> None:
        slack = self.town.slack
        before = len(self.town.project.state.deploys)
        await slack.say("ana", "#ops", "/aikeys deploy health --again")
        await asyncio.sleep(2)
        for message in list(reversed(slack.messages("#ops", "ben")))[:60]:
            for block in message.get("blocks") or []:
                for element in block.get("elements", []):
                    if element.get("action_id") == "aikeys:approve":
                        await slack.click("ben", "C0OPS", message["ts"], "aikeys:approve", block_id=block["block_id"])
                        await asyncio.sleep(3)
                        self.found.deploys += len(self.town.project.state.deploys) > before
                        return

    async def _alerts(self) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0.5, 4))
            self.found.alerts[await self._alert(f"Soak{self.chance.randrange(5)}")] += 1

    async def _faults(self) -> None:
        """Now and then, and for a moment."""
        faults = self.town.slack.faults
        while True:
            await asyncio.sleep(self.chance.uniform(20, 60))
            name = self.chance.choice(
                ["slack_5xx", "slack_store_then_drop", "management_down", "socket_kill", "slow_database"]
            )
            await faults.set(name, True)
            await asyncio.sleep(1)
            if name != "socket_kill":
                await faults.set(name, False)

    def _rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=5)) as db:
            return db.execute(sql, values).fetchall()

    def _forgotten(self, now: datetime) -> None:
        """What is kept for a while is gone after it, and an hour or two for the tidying."""
        late = timedelta(hours=2)
        week, day = now - timedelta(days=7) - late, now - timedelta(days=1) - late
        for table, column, since in (
            ("deliveries", "settled_at IS NOT NULL AND received_at", week.isoformat()),
            ("timers", "ended_at", week.isoformat()),
            ("samples", "at", day.timestamp()),
            ("looks", "at", day.timestamp()),
        ):
            if (count := self._rows(NEEDS.format(table, column), since)[0][0]) and self.speed > 1:
                self.found.wrong.append(f"{count} rows of {table} are older than they are kept")
        many = copies.copies(self.copies)
        if surplus := copies.surplus(many, now - timedelta(minutes=10)):
            self.found.wrong.append(f"{len(surplus)} of {len(many)} copies need not be kept any more")
        if not many:
            self.found.wrong.append("no copy was made")
        with contextlib.closing(look_into(self._path)) as db:
            verdict = verify(db, KEY)
        if not verdict.ok:
            self.found.wrong.append(f"the history is not good: {verdict.why}")
        if self.found.log_most > LOG_BOUND:
            self.found.wrong.append(f"the write-ahead log had {self.found.log_most:.1f} MB")

    def _slopes(self) -> None:
        # Of an hour nobody can tell what a day would be: held against the day's figure it would have to be exact.
        share = 24 if self.wanted.real else 1
        for name, most in MOST.items():
            grows, error = self.slope(name)
            if grows - 2 * error > most * share:
                self.found.wrong.append(f"{name} grows by {grows:.2f} ± {2 * error:.2f} a day")

    def slope(self, name: str) -> tuple[float, float]:
        """Over the last two thirds."""
        values = self.found.samples.get(name, [])
        return slope(values[len(values) // 3 :], self.each)

    def line(self) -> str:
        """The closing line."""
        found = self.found
        parts = []
        for name, unit in (
            ("memory", "MB"),
            ("handles", ""),
            ("tasks", ""),
            ("threads", ""),
            ("database", "MB"),
            ("copied", "MB"),
        ):
            values = found.samples.get(name, [0.0])
            grows, error = self.slope(name)
            parts.append(f"{name} {values[-1]:.0f}{unit and ' ' + unit} ({grows:+.2f} ± {2 * error:.2f} a day)")
        taken = found.alerts[202]
        return (
            f"{len(found.samples.get('memory', []))} samples; {'; '.join(parts)}; write-ahead log at most "
            f"{found.log_most:.1f} MB; {found.asked} commands, {found.failed} not acknowledged; {taken} of "
            f"{found.alerts.total()} alerts taken; {found.deploys} deploys; {len(found.wrong)} violations"
        )


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
        soak = Soak(wanted, Path(folder))
        found = asyncio.run(soak.run())
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
    line = f"soak: {kind}: {soak.line()}; {(time.monotonic() - began) / 60:.1f} min, seed {wanted.seed}"
    return closes(found.wrong, line)


if __name__ == "__main__":
    sys.exit(main())
