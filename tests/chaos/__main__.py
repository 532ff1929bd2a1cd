"""`make chaos`: kill -9 at every named point and anywhere, while people deploy; then judge what the world saw.

After it, a thousand clicks on one card, round after round. Prints its seed first and its figures last; exit code 1 on
any violation, or where it was not done in time. Ends all that it started.
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

from playground.town import Town
from tests.chaos.clicks import Clicked, Clicking
from tests.chaos.lane import Lane, repository
from tests.chaos.tally import Tally
from tests.mortal.nursery import Nursery


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--minutes", type=float, default=25, help="of killing at most, whatever was reached (25)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of all that is random")
    parser.add_argument("--lanes", type=int, default=4, help="bots that live and die beside each other (4)")
    parser.add_argument("--rounds", type=int, default=50, help="of clicks on one card (50)")
    parser.add_argument("--clicks", type=int, default=1000, help="at once (1000)")
    wanted = parser.parse_args()
    print(f"chaos: seed {wanted.seed}", flush=True)
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # callers that die in the middle of a call are the subject
    folder = Path(tempfile.mkdtemp(prefix="aikeys-chaos-"))
    began, wrong = time.monotonic(), True
    try:
        tally, clicked = asyncio.run(_chaos(wanted, folder))
        wrong = bool(tally.wrong or clicked.wrong)
    finally:
        if wrong:
            print(f"chaos: histories and logs are kept in {folder}")
        else:
            shutil.rmtree(folder)
    for each in [*tally.wrong, *clicked.wrong][:20]:
        print(f"  WRONG: {each}")
    print(
        f"chaos: {tally.line()}; {clicked.line()}; {(time.monotonic() - began) / 60:.1f} min, {wanted.lanes} lanes, "
        f"seed {wanted.seed}, CPython {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
    )
    return 1 if wrong or tally.kills < wanted.kills or clicked.rounds < wanted.rounds else 0


async def _chaos(wanted: argparse.Namespace, folder: Path) -> tuple[Tally, Clicked]:
    async with AsyncExitStack() as stack:
        nursery = Nursery()
        await nursery.open()
        stack.push_async_callback(nursery.close)
        source = (await asyncio.to_thread(repository, folder / "wallet")).path
        tally = Tally(wanted.kills, time.monotonic() + wanted.minutes * 60)
        lanes = [
            Lane(await _town(stack), nursery, random.Random(f"{wanted.seed}/{number}"), source, _made(folder, number))
            for number in range(wanted.lanes if wanted.kills else 0)
        ]
        telling = asyncio.create_task(_tell(tally))
        try:
            await asyncio.gather(*(lane.run(tally) for lane in lanes))
        finally:
            telling.cancel()
        if tally.wrong or not wanted.rounds:
            return tally, Clicked()
        chance = random.Random(f"{wanted.seed}/clicks")
        clicking = Clicking(await _town(stack), nursery, chance, source, _made(folder, "clicks"))
        return tally, await clicking.run(wanted.rounds, wanted.clicks)


async def _town(stack: AsyncExitStack) -> Town:
    town = Town()
    await town.start()
    stack.push_async_callback(town.stop)
    return town


def _made(folder: Path, name: object) -> Path:
    place = folder / f"lane-{name}"
    place.mkdir()
    return place


async def _tell(tally: Tally) -> None:
    while True:
        await asyncio.sleep(30)
        print(f"  {tally.line()}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
