"""`python -m tests.chaos.weather`: an outbox that is killed with -9 again and again, under a Slack at its worst.

30 % of calls limited, 5 % failing, 2 % done without a word, and five minutes away in the middle. Afterwards each
message must stand in the channel once, in its order. Prints its figures; exit code 1 on any violation.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from playground.slack import Workspace
from tests.chaos.closing import closes, ends
from tests.mortal.nursery import Nursery
from tests.outbox.weather_program import THREADS, keys

WEATHER = (("slack_429", 0.3), ("slack_5xx", 0.05), ("slack_store_then_drop", 0.02))
PROGRAM = "tests.outbox.weather_program"
LONGEST = 120.0  # seconds that the last life may take to send what is owed


async def storm(wanted: argparse.Namespace, folder: Path) -> tuple[str, list[str]]:
    """Return the figures in a line, and what was wrong."""
    chance = random.Random(wanted.seed)
    workspace, nursery = Workspace(), Nursery()
    workspace.limits.off = True  # what is measured is loss, not Slack's patience
    await workspace.start()
    await nursery.open()
    try:
        for name, rate in WEATHER:
            await workspace.faults.set(name, True, rate=rate)
        arguments = (
            str(folder / "aikeys.sqlite"),
            workspace.api_url,
            workspace.bot_token,
            "C0OPS",
            str(wanted.letters),
        )
        kills, began = 0, time.monotonic()
        away_from, away_to = wanted.minutes * 60 * 0.3, wanted.minutes * 60 * 0.3 + wanted.away
        away = False
        while (now := time.monotonic() - began) < max(wanted.minutes * 60, away_to):
            if away is not (away_from <= now < away_to):
                away = not away
                await workspace.faults.set("slack_away", away)
            mortal = await nursery.bears(PROGRAM, folder / "out", *arguments)
            await asyncio.sleep(chance.uniform(0.3, 4))
            if mortal.code is None:
                await mortal.killed()
                kills += 1
            elif mortal.code != 0:
                return "", [f"a life ended by itself with {mortal.code}"]
        await workspace.faults.clear()
        last = await nursery.bears(PROGRAM, folder / "out", *arguments)
        code = await last.died(LONGEST)
        said = [one["text"] for one in workspace.messages("C0OPS", "ana") if one.get("bot_id")]
    finally:
        await nursery.close()
        await workspace.stop()
    wrong = [f"the last life ended with {code}"] if code else []
    wrong += judged(said, keys(wanted.letters))
    line = f"{wanted.letters + 1} messages, {kills} kills, away {wanted.away:.0f} s: {len(said)} stand there"
    return line, wrong


def judged(said: list[str], expected: list[str]) -> list[str]:
    """What is lost, twice, or out of order."""
    seen = Counter(said)
    wrong = [f"{key} is lost" for key in expected if not seen[key]]
    wrong += [f"{key} stands there {times} times" for key, times in seen.items() if times > 1]
    for thread in range(THREADS):
        own = [key for key in expected if key.startswith(f"{thread}/")]
        if [one for one in said if one.startswith(f"{thread}/")] != own:
            wrong.append(f"thread {thread} is out of order")
    return wrong


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.weather", description=__doc__)
    parser.add_argument("--letters", type=int, default=400, help="messages (400)")
    parser.add_argument("--minutes", type=float, default=8, help="of killing (8)")
    parser.add_argument("--away", type=float, default=300, help="seconds for which Slack is away (300)")
    parser.add_argument("--seed", type=int, default=7, help="of all that is random (7)")
    wanted = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aikeys-weather-") as folder:
        line, wrong = asyncio.run(storm(wanted, Path(folder)))
    line = f"weather: {line}, {len(wrong)} wrong; {time.monotonic() - began:.0f} s, seed {wanted.seed}"
    return closes(wrong, line)


if __name__ == "__main__":
    sys.exit(ends(main))
