"""`python -m tests.chaos`: kill -9 at every named point and anywhere, while people change things; then a judge.

They deploy, roll back, migrate and take that back, make restore points, rotate secrets, open incidents, silence and
freeze, all of it approved, denied and withdrawn, with somebody else's alerts coming in and clocks running out. Of the
named points those come first at which the fewest have died. With `--random` nobody dies at a named point: a soak of
that many minutes. Prints its seed first and its figures last; exit code 1 on any violation, where it was not done in
time, or where a run of 500 kills and more came to fewer than 25 named points. Ends all that it started.
"""

import argparse
import asyncio
import logging
import platform
import random
import shutil
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos import opening
from tests.chaos.closing import closes, ends, reaches
from tests.chaos.lane import Lane, Pace, repository
from tests.chaos.tally import Tally
from tests.clocks import Moved

ENDLESS = 10**9
A_MINUTE = 3  # kills, at least: of sixty minutes at random
WHOLE, POINTS = 500, 25  # of so many kills at named points and anywhere, some at so many points at least


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, help="how many (1000; at random as many as come about)")
    parser.add_argument("--minutes", type=float, default=25, help="of killing at most, whatever was reached (25)")
    parser.add_argument("--random", action="store_true", help="at no named point, for all of the minutes")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of all that is random")
    parser.add_argument("--lanes", type=int, default=4, help="bots that live and die beside each other (4)")
    wanted = parser.parse_args()
    print(f"chaos: seed {wanted.seed}", flush=True)
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # callers that die in the middle of a call are the subject
    folder = Path(tempfile.mkdtemp(prefix="aikeys-chaos-"))
    goal = wanted.kills or (ENDLESS if wanted.random else 1000)
    least = wanted.minutes * A_MINUTE if goal == ENDLESS else goal
    began, wrong = time.monotonic(), True
    tally = reaches("chaos", Tally(goal, began + wanted.minutes * 60))
    try:
        asyncio.run(_chaos(wanted, folder, tally))
        wrong = bool(tally.wrong)
    finally:
        if wrong:
            print(f"chaos: histories and logs are kept in {folder}")
        else:
            shutil.rmtree(folder)
    points = ", ".join(f"{name} {count}" for name, count in tally.points.most_common()) or "at no named point"
    lines = [f"  {points}"]
    few = not wanted.random and goal >= WHOLE and len(tally.points) < POINTS
    if few:
        lines.append(f"  TOO FEW: {len(tally.points)} named points, of {POINTS} at least")
    lines.append(
        f"chaos: {tally.line()}; {(time.monotonic() - began) / 60:.1f} min, {wanted.lanes} lanes, "
        f"seed {wanted.seed}, CPython {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
    )
    return closes(tally.wrong, *lines, short=few or tally.kills < least)


async def _chaos(wanted: argparse.Namespace, folder: Path, tally: Tally) -> None:
    async with AsyncExitStack() as stack:
        nursery = await opening.nursery(stack)
        source = (await asyncio.to_thread(repository, folder / "wallet")).path
        pace = Pace(named=0.0) if wanted.random else Pace()
        lanes = [
            Lane(
                await opening.town(stack, Moved()),
                nursery,
                random.Random(f"{wanted.seed}/{number}"),
                source,
                made(folder, number),
                pace,
            )
            for number in range(wanted.lanes)
        ]
        telling = asyncio.create_task(_tell(tally))
        try:
            await asyncio.gather(*(lane.run(tally) for lane in lanes))
        finally:
            telling.cancel()


def made(folder: Path, name: object) -> Path:
    """A folder for a lane."""
    place = folder / f"lane-{name}"
    place.mkdir()
    return place


async def _tell(tally: Tally) -> None:
    while True:
        await asyncio.sleep(30)
        print(f"  {tally.line()}", flush=True)


if __name__ == "__main__":
    sys.exit(ends(main))
