"""`make chaos`: every programme of tests/chaos/programmes.py, one after the other, and a table of what came of them.

Each programme has a full size (so many kills, rounds, hours) and the minutes that this takes at most; they stand in
--help. Given fewer minutes, each does less, in the same proportion. Exit code 1 where any of them found a violation, or
was not done in its time: then it is ended.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.closing import ends
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
    listed = "\n".join(f"  {_module(one):<10}  {one.name}; {one.minutes:.0f} min" for one in PROGRAMMES)
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos.all",
        description=__doc__,
        epilog=f"programmes for --only (one name may stand for two of them), at full size at most:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    minutes = f"how long all that was chosen may take together; default: its full size, {whole:.0f} for all of them"
    parser.add_argument("--minutes", type=float, default=whole, help=minutes)
    only = "these alone, by name: --only clicks storm"
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[], help=only)
    parser.add_argument("--seed", type=int, help="where every random choice begins, to run the same again")
    wanted = parser.parse_args()
    chosen = [one for one in PROGRAMMES if not wanted.only or _module(one) in wanted.only]
    if strange := sorted(set(wanted.only) - {_module(one) for one in PROGRAMMES}):
        parser.error(f"no programme is called {' or '.join(strange)}; --help lists them")
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


def _module(one: Programme) -> str:
    """What --only calls it."""
    return one.module.rpartition(".")[2]


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
        last = await _rest(process.stdout) or last
    minutes = (time.monotonic() - began) / 60
    return Came(one.name, last, late or (f"exit code {process.returncode}" if process.returncode else ""), minutes)


async def _rest(stdout: asyncio.StreamReader) -> str:
    """What it said of itself while it was ended; return its last line, empty where there is none."""
    last = ""
    try:
        async with asyncio.timeout(1):  # a child of its own may hold the pipe still
            while line := (await stdout.readline()).decode(errors="replace"):
                sys.stdout.write(line)
                last = line.strip() or last
    except TimeoutError:
        pass
    return last


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
    sys.exit(ends(main))
