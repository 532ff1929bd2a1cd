"""Figures of tests.chaos.nth, and its lanes: processes beside each other, the k-th of which takes every so manieth n.

A lane says on a line of JSON what it has reached, after each failure; what it says else is passed on. One that breaks
off is a violation.
"""

import argparse
import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.chaos.closing import reaches

LONG = 2**20  # bytes of a line
EVERY = 60.0  # seconds between two looks at how far all are


@dataclass
class Figures:
    """*failed*: failures that were met, by workflow and kind; *wrong*: every violation, in words; *tells*: of each."""

    failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    refusals: int = 0
    failures: int = 0
    slowest: float = 0.0
    left_out: int = 0
    wrong: list[str] = field(default_factory=list)
    tells: Callable[["Figures"], None] = lambda _: None

    def line(self) -> str:
        """All of it, for the last line."""
        kinds: Counter[str] = Counter()
        for (_, kind), count in self.failed.items():
            kinds[kind] += count
        met = ", ".join(f"{count} × {kind}" for kind, count in kinds.most_common())
        return (
            f"{self.failed.total()} failures in {len({flow for flow, _ in self.failed})} workflows, "
            f"{self.left_out} left out ({met}); Slack said {self.failures} times that it failed, the bot "
            f"{self.refusals} times that it could not; the slowest took {self.slowest:.1f} s; "
            f"{len(self.wrong)} violations"
        )


def tell(figures: Figures) -> None:
    """Say what was reached, to `lanes`."""
    failed = [[*of, count] for of, count in figures.failed.items()]
    said = {name: getattr(figures, name) for name in ("refusals", "failures", "slowest", "left_out", "wrong")}
    print(json.dumps({"failed": failed, **said}), flush=True)


def told(line: str) -> Figures:
    """What `tell` said."""
    said = json.loads(line)
    failed = Counter({(flow, kind): count for flow, kind, count in said.pop("failed")})
    return Figures(failed=failed, **said)


def together(of: list[Figures]) -> Figures:
    """The sum; of what was slow, the slowest."""
    found = Figures(slowest=max((one.slowest for one in of), default=0.0))
    for one in of:
        found.failed += one.failed
        found.refusals += one.refusals
        found.failures += one.failures
        found.left_out += one.left_out
        found.wrong += one.wrong
    return found


@dataclass
class Lanes:
    """What each has said last."""

    of: list[Figures]

    def line(self) -> str:
        """All of it."""
        return together(self.of).line()

    @property
    def wrong(self) -> list[str]:
        """Of all of them."""
        return together(self.of).wrong


async def lanes(wanted: argparse.Namespace) -> Figures:
    """Run them; the sum of what they reached."""
    reached = reaches("nth", Lanes([Figures() for _ in range(wanted.lanes)]))
    telling = asyncio.create_task(_looks(reached))
    try:
        await asyncio.gather(*(_lane(wanted, number, reached) for number in range(wanted.lanes)))
    finally:
        telling.cancel()
    return together(reached.of)


async def _looks(reached: Lanes) -> None:
    while True:
        await asyncio.sleep(EVERY)
        print(f"  {reached.line()}", flush=True)


async def _lane(wanted: argparse.Namespace, number: int, reached: Lanes) -> None:
    first, stride = wanted.first + number * wanted.stride, wanted.stride * wanted.lanes
    command = [sys.executable, "-m", "tests.chaos.nth", "--lane", "--first", str(first), "--stride", str(stride)]
    command += ["--minutes", str(wanted.minutes), "--most", str(-(-wanted.most // wanted.lanes))]
    for option, names in (("--only", wanted.only), ("--kinds", wanted.kinds)):
        command += [word for name in names or () for word in (option, name)]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, limit=LONG)
    assert process.stdout is not None
    try:
        while line := (await process.stdout.readline()).decode(errors="replace"):
            if line.startswith('{"failed"'):
                reached.of[number] = told(line)
            else:
                print(f"  {number}: {line}", end="", flush=True)
    except BaseException:
        # Only then: asked to end one that is gone already, CPython 3.11 buries it, and its exit code is never known
        # (subprocess.Popen.send_signal polls first).
        process.terminate()  # a lane ends in order what it has opened
        raise
    finally:
        code = await process.wait()
    if code and not reached.of[number].wrong:
        reached.of[number].wrong.append(f"lane {number} broke off with {code}")
