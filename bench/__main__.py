"""`make bench`: all figures from one run, side by side; ratios count, single times depend on the machine.

`--only NAME` runs one part (repeat it for more), `--write` puts what was found into docs/performance.md.
What stands in brackets is the aim; where a figure misses it, "aim missed" stands beside it.
"""

import argparse
import asyncio
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime

from bench import machine, written
from bench.figures import Bench, Part, Row, missed, took
from bench.parts import PARTS
from bench.peer import OURS, REAL, peers
from bot.health.words import count
from bot.telemetry import logs
from playground.town import Town

ROUNDS = 5


async def main() -> int:
    """Run the parts that were asked for; 1 where one of them broke. An aim that is missed is said: machines differ."""
    names = [part.name for part in PARTS]
    width = max(len(name) for name in names)
    parts = "\n".join(f"  {one.name:<{width}}  {one.title}; about {took(one.minutes)}" for one in PARTS)
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog=f"parts, and how long they take with {ROUNDS} rounds:\n{parts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    rounds = f"how often each peer is measured, taking turns (default {ROUNDS})"
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=rounds)
    only = "this part alone; may be repeated. The parts stand below"
    parser.add_argument("--only", action="append", choices=names, metavar="PART", help=only)
    parser.add_argument("--write", action="store_true", help=f"also into {written.PAGE.name}")
    asked = parser.parse_args()
    logs.configure("critical")  # some parts have bots in this process, which break on purpose
    chosen = [part for part in PARTS if not asked.only or part.name in asked.only]
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {machine.described()}; load {machine.load():.1f}")
    print(f"{count(asked.rounds, 'round')}; about {took(sum(one.minutes for one in chosen))} with {ROUNDS}")
    broken, short = [], []
    town = Town()
    await town.start()
    town.slack.limits.off = town.project.limits.off = True  # what Slack and Supabase allow is not what is measured
    try:
        others, missing = await peers(town)
        for sentence in missing:
            print(f"left out: {sentence}")
        for part in chosen:
            rows = await _run(part, Bench(asked.rounds, town, REAL, (OURS, *others), asked.write))
            short += [f"{part.name}: {row.what}" for row in rows or () if missed(row)]
            broken += [] if rows else [part.name]
    finally:
        await town.stop()
    print("\nmissed: " + "; ".join(short) if short else "\nevery aim of these parts is met")
    if broken:
        print(f"broken: {', '.join(broken)}")
    return 1 if broken else 0


async def _run(part: Part, bench: Bench) -> list[Row] | None:
    began, busy = time.monotonic(), machine.load()
    print(f"\n{part.title}", flush=True)
    try:
        rows = await part.run(bench)
    except Exception:  # noqa: BLE001  # half an hour of other figures is not thrown away for one
        traceback.print_exc()
        return None
    minutes = (time.monotonic() - began) / 60
    _print(rows)
    print(f"  ({took(minutes)})", flush=True)
    if bench.write:
        command = (
            f"`python -m bench --only {part.name}`, {part.tries or count(bench.rounds, 'round')}, {took(minutes)}, "
            f"load before {busy:.1f}"
        )
        written.write(part, rows, f"{datetime.now(UTC):%Y-%m-%d}, {command}; {machine.described()}.")
    return rows


def _print(rows: Sequence[Row]) -> None:
    width = max(len(row.what) for row in rows)
    for row in rows:
        asked = f"   [{row.asked}]" if row.asked else ""
        print(f"  {row.what:<{width}}  {row.figure}{asked}{'   aim missed' if missed(row) else ''}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
