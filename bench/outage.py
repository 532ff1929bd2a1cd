"""An outage at a random moment, to the P0 that people see; at the default cadence.

The project, its database and Slack are real servers and run at the machine's pace; the bots' clocks run SPEED times as
fast, so that a minute's cadence takes seconds. That is honest, for nothing but waiting gets faster: each answer, each
commit and each post counts SPEED times as long as it took. Several bots watch the same outage, each at its own phase.
"""

import argparse
import asyncio
import random
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean

from bench.figures import Bench, Row, middle
from bench.hanging import Hanging
from bot.app import Bot
from bot.clock import SystemClock
from bot.settings import read
from bot.telemetry import logs
from playground.supabase.project import Project
from playground.town import Town
from store.database import open_store

SPEED = 4.0
BOTS = 10
OUTAGES = 10  # times BOTS: a hundred
KINDS = ("failing fast", "hanging")
MEAN = {"failing fast": ("≤ 20",), "hanging": ()}
WORST = {"failing fast": "worst ≤ 30", "hanging": "worst ≤ 45"}
_TITLE = "P0 Database outage"
_KEY = b"a key for benchmarks, 32 bytes at least"


class Hurried:
    """Implements `bot.clock.Clock`: SPEED seconds in one of the machine's."""

    def __init__(self) -> None:
        self._began, self._at = time.monotonic(), datetime.now(UTC)
        self.outside = Outside(self)

    def now(self) -> datetime:
        """The time, which runs ahead."""
        return self._at + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds since it was made, times SPEED."""
        return (time.monotonic() - self._began) * SPEED

    async def sleep(self, seconds: float) -> None:
        """So many of its own."""
        await asyncio.sleep(seconds / SPEED)


class Outside(SystemClock):
    """The same time of day for servers, whose answers bear a date; they wait as long as the machine does."""

    def __init__(self, clock: Hurried) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """The time, which runs ahead."""
        return self._clock.now()


async def measure(outages: int = OUTAGES) -> dict[str, dict[str, list[float]]]:
    """Return seconds, by kind: from the outage to the P0 in Slack, and from its row; one entry a bot an outage."""
    found: dict[str, dict[str, list[float]]] = {kind: {"visible": [], "told": []} for kind in KINDS}
    chance = random.Random(6)  # phases, no secret; the same at each run
    clock = Hurried()
    async with AsyncExitStack() as stack:
        project = Project(clock.outside)
        stack.push_async_callback(project.stop)
        await project.start()
        project.limits.off = True  # several bots ask with one token, several times as fast
        towns = [Town(clock.outside, project=project) for _ in range(BOTS)]
        for one in towns:
            await one.start()
            stack.push_async_callback(one.stop)
        hanging = Hanging(project.functions_url)
        await hanging.open()
        stack.push_async_callback(hanging.close)
        for kind in KINDS:
            for _ in range(outages):
                for visible, told in await _one(towns, clock, hanging, chance, kind):
                    found[kind]["visible"].append(visible)
                    found[kind]["told"].append(told)
    return found


async def _one(
    towns: list[Town], clock: Hurried, hanging: Hanging, chance: random.Random, kind: str
) -> list[tuple[float, float]]:
    project = towns[0].project
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aikeys-bench-")))
        bots = []
        for number, town in enumerate(towns):
            settings = read(town.settings(folder / str(number)) | {"AIKEYS_FUNCTIONS_URL": hanging.url})
            store = open_store(folder / str(number) / "aikeys.sqlite", audit_key=_KEY)
            stack.callback(store.close)
            bot = Bot(settings, store, clock)
            stack.push_async_callback(bot.stop)
            await bot.start()
            bots.append(bot)
            await clock.sleep(chance.uniform(0, 15))
        await clock.sleep(chance.uniform(60, 90))  # past the first look, at any phase of the cadence
        switch = next(one for one in project.switches if one.name == "database_outage")
        if kind == "hanging":
            hanging.hang()
        began = clock.now()
        await switch.set(True)
        try:
            return list(await asyncio.gather(*(_seen(*pair, clock, began) for pair in zip(towns, bots, strict=True))))
        finally:
            hanging.go_on()
            await switch.set(False)
            await asyncio.sleep(0.5)  # for PostgreSQL to take connections again


async def _seen(town: Town, bot: Bot, clock: Hurried, began: datetime) -> tuple[float, float]:
    before = len(town.slack.messages("#incidents", "ana"))

    def there() -> bool:
        new = town.slack.messages("#incidents", "ana")[before:]
        return any(_TITLE in one.get("text", "") for one in new)

    await town.slack.until(there, timeout=120 / SPEED)
    seen = clock.now()
    opened = next(one for one in bot.store.incidents.recent() if one.dedup_key == "database_outage").opened_at
    return (seen - began).total_seconds(), (seen - opened).total_seconds()


async def part(bench: Bench) -> list[Row]:
    """As many outages of each kind as there are rounds."""
    return rows(await measure(bench.rounds))


def rows(found: dict[str, dict[str, list[float]]]) -> list[Row]:
    """For the screen and the page."""
    made = []
    for kind, figures in found.items():
        if seen := figures["visible"]:
            made += [
                Row(f"{kind}: outage → P0 in Slack, s; the mean (of {len(seen)})", f"{fmean(seen):.1f}", *MEAN[kind]),
                Row(f"{kind}: the same", middle(seen, 1), WORST[kind]),
                Row(f"{kind}: its row → its message, s", middle(figures["told"], 2), "≤ 1"),
            ]
    return made


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.outage", description=__doc__)
    parser.add_argument("--outages", type=int, default=OUTAGES, help=f"of each kind, each seen by {BOTS} bots")
    logs.configure("critical")
    for row in rows(await measure(parser.parse_args().outages)):
        print(f"{row.what:<62}  {row.figure}")


if __name__ == "__main__":
    asyncio.run(main())
