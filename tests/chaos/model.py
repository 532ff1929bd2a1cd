"""`python -m tests.chaos.model`: the model of approvals, operations, incidents and locks, for so many steps.

The same machine as in tests/approvals/test_model.py, which dies between any two writes and is held to its invariants
after each step; here with seeds of its own in processes beside each other. A violation is printed as the shortest story
that Hypothesis found. Prints its figures last; exit code 1 on any violation.
"""

import argparse
import asyncio
import os
import random
import sys
import time

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from bot.telemetry import logs
from tests.approvals.test_model import Changes
from tests.chaos.closing import closes, ends

AT_ONCE = 50  # examples between two looks at how far it is
LONG = 40  # steps of one, at most
# What kill -9 leaves is the same in memory, and a commit does not wait for the disk.
_IN_MEMORY = {"TMPDIR": "/dev/shm"} if os.access("/dev/shm", os.W_OK) else {}


class Counted(Changes):
    """Counts what it did."""

    steps = examples = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).examples += 1

    @invariant()
    def a_step(self) -> None:
        """After each, and once at the beginning."""
        type(self).steps += 1


def walk(steps: int, from_seed: int, until: float) -> tuple[int, int, str]:
    """Take so many steps, or until then (time.monotonic); how many, in how many examples, and the violation if any."""
    options = settings(
        max_examples=AT_ONCE,
        stateful_step_count=LONG,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=False,
    )
    chance = random.Random(from_seed)
    while Counted.steps - Counted.examples < steps and time.monotonic() < until:
        machine: type[Counted] = type("Some", (Counted,), {"steps": 0, "examples": 0})
        seed(chance.randrange(2**32))(machine)
        try:
            run_state_machine_as_test(machine, settings=options)
        except BaseExceptionGroup as several:
            return _so_far(machine), Counted.examples, f"{several.exceptions[0]!r}"
        except Exception as error:  # noqa: BLE001  # whatever it is, it is a violation
            return _so_far(machine), Counted.examples, f"{error!r}"
        _so_far(machine)
    return Counted.steps - Counted.examples, Counted.examples, ""


def _so_far(machine: type[Counted]) -> int:
    Counted.steps += machine.steps
    Counted.examples += machine.examples
    return Counted.steps - Counted.examples


async def _walkers(wanted: argparse.Namespace) -> list[tuple[int, int, str]]:
    """Each a process of its own: the model is nothing but work."""

    async def one(number: int) -> tuple[int, int, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.model", "--walker"),
            *("--steps", str(-(-wanted.steps // wanted.lanes)), "--minutes", str(wanted.minutes)),
            *("--seed", str(wanted.seed * 100 + number)),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | _IN_MEMORY,
        )
        assert process.stdout is not None
        said = (await process.stdout.read()).decode()
        await process.wait()
        *story, last = said.strip().splitlines() or [""]
        try:
            steps, examples, wrong = last.split(" ", 2) if last.count(" ") >= 2 else (*last.split(" "), "")
            return int(steps), int(examples), wrong and "\n".join([wrong, *story])
        except ValueError:
            return 0, 0, f"it broke off: {said[-1500:]}"

    return list(await asyncio.gather(*(one(number) for number in range(wanted.lanes))))


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.model", description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000, help="how many (100,000)")
    parser.add_argument("--minutes", type=float, default=30, help="at most, whatever was reached (30)")
    parser.add_argument("--lanes", type=int, default=2, help="processes beside each other (2)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of all that is random")
    parser.add_argument("--walker", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    began = time.monotonic()
    if wanted.walker:
        logs.configure("critical")  # that it dies is what is wanted
        found = walk(wanted.steps, wanted.seed, began + wanted.minutes * 60)
        print(*found)
        return 0
    print(f"model: seed {wanted.seed}", flush=True)
    walked = asyncio.run(_walkers(wanted))
    wrong = [one for _, _, one in walked if one]
    steps, examples = sum(one[0] for one in walked), sum(one[1] for one in walked)
    return closes(
        wrong,
        f"model: {steps:,} steps in {examples:,} worlds, {len(wrong)} violations; "
        f"{(time.monotonic() - began) / 60:.1f} min, {wanted.lanes} processes, seed {wanted.seed}",
        short=steps < wanted.steps,
    )


if __name__ == "__main__":
    sys.exit(ends(main))
