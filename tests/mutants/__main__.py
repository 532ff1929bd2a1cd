"""`python -m tests.mutants`: changes the code that decides, one place at a time, and counts how often a test notices.

The modules stand in tests/mutants/subjects.py. Each mutant lives in a fork of a process that has loaded everything: no
file is touched. It meets the quick tests that run the changed function, the fastest first, the model of approvals,
operations, incidents and locks among them with some hundred steps. Hung is noticed. Those that are the same program
(tests/mutants/equivalent.py, each with its reason) and those that Python or SQLite cannot read are not counted. Prints
the survivors, its figures last; exit code 1 under `--least`.
"""

import argparse
import ast
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.chaos.closing import closes
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.python import ROOT, Mutant, mutants
from tests.mutants.subjects import SUBJECTS, Subject
from tests.mutants.warm import Measured, Runner, collected


@dataclass
class Figures:
    """What became of each mutant, by its first word; *wrong*: what makes the figures worthless."""

    count: Counter[str] = field(default_factory=Counter)
    survivors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    all: int = 0

    @property
    def noticed(self) -> int:
        """How many a test has noticed."""
        return self.count["noticed"] + self.count["hung"]

    @property
    def share(self) -> float:
        """Of those that count, in percent."""
        counted = self.noticed + self.count["survived"]
        return 100 * self.noticed / counted if counted else 0.0


def functions(path: str) -> list[tuple[int, int]]:
    """The lines of each function of a module and each method of its classes, from its first decorator on."""
    tree = ast.parse((ROOT / path).read_text())
    found = []
    for node in [*tree.body, *(each for one in tree.body if isinstance(one, ast.ClassDef) for each in one.body)]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            found.append((first, node.end_lineno or first))
    return found


def belongs(mutant: Mutant, subject: Subject, lines: list[tuple[int, int]], tests: Mapping[str, Measured]) -> list[str]:
    """The tests that may notice it: those that run its function; where it stands in none, any of its module."""
    file = str(ROOT / mutant.path)
    of = [name for name, one in tests.items() if one.passed and name.startswith(subject.tests)]
    within = next((range(first, last + 1) for first, last in lines if first <= mutant.line <= last), range(10**6))
    if not mutant.path.startswith(("store/tables/", "store/schema.py")):  # made once a process, used by all
        of = [name for name in of if any(at == file and line in within for at, line in tests[name].touched)]
    return sorted(of, key=lambda name: tests[name].seconds)


def judge(items: list[pytest.Item], wanted: argparse.Namespace, figures: Figures) -> None:
    """Measure the tests, draw the mutants, try each."""
    began = time.monotonic()
    subjects = [one for one in SUBJECTS if not wanted.only or one.path in wanted.only]
    runner = Runner(items, wanted.lanes)
    tests = runner.measured(one.path for one in subjects)
    figures.wrong += [f"fails on the healthy code: {name}" for name, one in tests.items() if not one.passed]
    print(f"mutants: {len(tests)} tests of {sum(one.seconds for one in tests.values()):.0f} s", flush=True)
    work = []
    for subject in subjects:
        lines = functions(subject.path)
        found = [one for one in mutants(subject.path) if one.where not in subject.dropped]
        stale = {name for name in EQUIVALENT if name.startswith(f"{subject.path}:")} - {one.name for one in found}
        figures.wrong += [f"listed as the same program and no mutant: {name}" for name in stale]
        work += [(one, belongs(one, subject, lines, tests)) for one in found if one.name not in EQUIVALENT]
    if wanted.again:
        lines_of = [line.split("\t") for line in wanted.again.read_text().splitlines()]
        alive = {name for _, name, verdict in lines_of if verdict.startswith("survived")}
        work = [(one, names) for one, names in work if one.name in alive]
    figures.all = len(work)
    random.Random(wanted.seed).shuffle(work)
    work = work[: wanted.mutants]

    def drawn() -> Iterator[tuple[Mutant, list[str]]]:
        for one, names in work:
            if time.monotonic() > began + wanted.minutes * 60:
                return
            if names:
                yield one, names
            else:
                said(one, "survived: no test runs it")

    def said(one: Mutant, verdict: str) -> None:
        word = verdict.split(maxsplit=1)[0].rstrip(":")
        figures.count[word] += 1
        if word == "survived":
            figures.survivors.append(
                f"{one.path}:{one.line}: {one.name.partition(': ')[2]}{verdict.removeprefix(word)}"
            )
            print(f"  survived: {figures.survivors[-1]}", flush=True)
        if wanted.write:
            with wanted.write.open("a") as file:
                file.write(f"{one.path}:{one.line}\t{one.name}\t{verdict}\n")

    for one, verdict in runner.judged(drawn(), tests):
        said(one, verdict)


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--mutants", type=int, default=100_000, help="how many, drawn by the seed (all)")
    parser.add_argument("--seed", type=int, default=7, help="of the draw (7)")
    parser.add_argument("--minutes", type=float, default=60, help="at most; what is left then is not counted (60)")
    parser.add_argument("--least", type=float, default=90, help="percent that must be noticed (90)")
    parser.add_argument("--only", nargs="+", default=[], help="these modules alone: bot/approvals/policy.py …")
    parser.add_argument("--lanes", type=int, default=2, help="mutants beside each other (2)")
    parser.add_argument("--examples", default="6", help="of the model, of at most 40 steps each (6)")
    parser.add_argument("--again", type=Path, help="what such a file calls survivors, and nothing else")
    parser.add_argument("--write", type=Path, help="a file that gets a line for each mutant")
    wanted = parser.parse_args()
    began, figures = time.monotonic(), Figures()
    os.nice(10)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and end the children first
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background ignores
    os.environ["AIKEYS_EXAMPLES"] = wanted.examples
    folders = {folder for one in SUBJECTS if not wanted.only or one.path in wanted.only for folder in one.tests}
    code = collected(sorted(str(ROOT / one) for one in folders), lambda items: judge(items, wanted, figures))
    if code:
        figures.wrong.append(f"pytest ended with {code}")
    count = figures.count
    line = (
        f"mutants: {figures.noticed + count['survived']} mutants, {figures.noticed} noticed ({figures.share:.1f} %), "
        f"{count['hung']} of them hung; {count['survived']} survivors listed; not counted: {len(EQUIVALENT)} the same "
        f"program, {count['stillborn']} stillborn, {figures.all - count.total()} not tried; "
        f"{(time.monotonic() - began) / 60:.1f} min, seed {wanted.seed}"
    )
    return closes(figures.wrong, line, short=figures.share < wanted.least)


if __name__ == "__main__":
    sys.exit(main())
