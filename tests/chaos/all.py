"""`make chaos`: every programme of tests/chaos/programmes.py, one after the other, and a table of what came of them.

At full size they take as many minutes as `--minutes` says by itself; with fewer each does its share. Exit code 1 where
any of them found a violation, or was not done in its time: then it is ended.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.programmes import PROGRAMMES, Programme

GRACE = 1.5  # times its share of the minutes, and
START = 90.0  # seconds on top: PostgreSQL, a repository, a nursery
ENDING = 30.0  # seconds that one has to end what it started


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a programme: its last line, and whether it was right."""

    name: str
    figure: str
    violations: str
    minutes: float


def main() -> int:
    """Return the exit code."""
    whole = sum(one.minutes for one in PROGRAMMES)
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.all", description=__doc__)
    parser.add_argument("--minutes", type=float, default=whole, help=f"for all of it ({whole:.0f})")
    parser.add_argument("--only", nargs="*", default=[], help="programmes by module: clicks storm")
    parser.add_argument("--seed", type=int, help="of all that is random, of each")
    wanted = parser.parse_args()
    chosen = [one for one in PROGRAMMES if not wanted.only or one.module.rpartition(".")[2] in wanted.only]
    if not chosen:
        parser.error(f"no programme is called {' or '.join(wanted.only)}")
    share = min(1.0, wanted.minutes / sum(one.minutes for one in chosen))
    told = f"{len(chosen)} programmes, {sum(one.minutes for one in chosen) * share:.0f} minutes at most"
    print(f"chaos: {told}, {100 * share:.0f} % of each", flush=True)
    came = []
    try:
        for one in chosen:
            came += [asyncio.run(_run(one, share, wanted.seed))]  # kept where a later one is broken off
    finally:
        print(table(came))
    return 1 if any(one.violations for one in came) or len(came) < len(chosen) else 0


async def _run(one: Programme, share: float, seed: int | None) -> Came:
    command = [sys.executable, "-m", one.module, *one.arguments(share, seed)]
    print(f"\n== {one.name}: python -m {' '.join(command[2:])}", flush=True)
    began, last = time.monotonic(), ""
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    late = ""
    try:
        async with asyncio.timeout(one.minutes * 60 * share * GRACE + START):
            while line := (await process.stdout.readline()).decode(errors="replace"):
                sys.stdout.write(line)
                sys.stdout.flush()
                last = line.strip() or last
            await process.wait()
    except TimeoutError:
        late = "not done in its time"
    finally:
        await _end(process)
    minutes = (time.monotonic() - began) / 60
    return Came(one.name, last, late or (f"exit code {process.returncode}" if process.returncode else ""), minutes)


async def _end(process: asyncio.subprocess.Process) -> None:
    """With all that it has started, which is a session of its own."""
    for how in (signal.SIGINT, signal.SIGKILL):
        if process.returncode is not None:
            return
        os.killpg(process.pid, how)
        try:
            await asyncio.wait_for(process.wait(), ENDING)
        except TimeoutError:
            continue


def table(came: Sequence[Came]) -> str:
    """All of it, to be read at the end."""
    rows = [("programme", "min", "violations", "figure")]
    rows += [
        (one.name, f"{one.minutes:.1f}", one.violations or "none", one.figure.partition(": ")[2] or one.figure)
        for one in came
    ]
    wide = [max(len(row[at]) for row in rows) for at in range(3)]
    return "\n" + "\n".join(
        "  ".join([*(cell.ljust(at) for cell, at in zip(row[:3], wide, strict=True)), row[3]]) for row in rows
    )


if __name__ == "__main__":
    sys.exit(main())
