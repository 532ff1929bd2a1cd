"""`make attack`: the tests of every threat in docs/threats.md, the fuzzers for longer, hostile inputs, an audit.

Prints one closing line; exit code 1 on any violation. What could not be reached is said; by --must-audit it is one.
"""

import argparse
import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.attack.audit import audited, violations_of
from tests.attack.page import threats

ROOT = Path(__file__).parents[2]
FUZZERS = ("tests/fuzz", "tests/grammar/test_fuzz.py")
INPUTS = 10_000  # of tests.attack.million, for each time longer
GRACE = 120.0  # seconds to end what was begun, once the time is over
KILLED = -signal.SIGKILL


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument(
        "--longer",
        type=int,
        default=10,
        help="times as many examples for the fuzzers, and so many times 10,000 inputs (10)",
    )
    parser.add_argument(
        "--minutes", type=float, default=60, help="at most, for the fuzzers, and again for the inputs (60)"
    )
    parser.add_argument("--no-audit", action="store_true", help="ask nobody about the dependencies")
    parser.add_argument("--osv", default="", help="ask this service about them, by OSV's protocol (the package index)")
    parser.add_argument(
        "--must-audit", action="store_true", help="dependencies that could not be audited are a violation"
    )
    wanted = parser.parse_args()
    began = time.monotonic()
    rows = threats(ROOT / "docs" / "threats.md")
    tests = sorted({test for row in rows for test in row.tests})
    ran, broken = _pytest(["tests/contract/test_threats.py", *tests], {})
    longer, longer_broken = _pytest(list(FUZZERS), {"TESTS_LONGER": str(wanted.longer)}, seconds=wanted.minutes * 60)
    inputs, wrong = _million(wanted.longer * INPUTS, wanted.minutes)
    found = None if wanted.no_audit else asyncio.run(audited(ROOT, wanted.osv))
    dependencies = "dependencies not audited: it was not wanted" if found is None else found.line
    violations = broken + longer_broken + wrong + violations_of(found, must=wanted.must_audit)
    print(
        f"attack: {len(rows)} threats, {ran} tests and {longer} fuzzers for {wanted.longer} times as long, "
        f"{inputs:,} hostile inputs, {violations} violations; {dependencies}; {(time.monotonic() - began) / 60:.1f} min"
    )
    return 1 if violations else 0


def _pytest(tests: list[str], more: dict[str, str], *, seconds: float | None = None) -> tuple[int, int]:
    """Run them; return how many were run and how many were red. One that breaks off counts as one."""
    line = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", *tests]
    said, code = ended(line, more, seconds)
    print(said[-6000:])
    return judged(said, code)


def ended(
    line: Sequence[str], more: Mapping[str, str], seconds: float | None, grace: float = GRACE
) -> tuple[str, int | None]:
    """Run it; return what it said and its exit code: None where it was told to end, after *seconds*.

    What has not ended *grace* seconds later hangs: it is killed, and the code is KILLED.
    """
    process = subprocess.Popen(line, cwd=ROOT, env=os.environ | more, stdout=subprocess.PIPE, text=True)
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)  # pytest ends its servers
    else:
        return said, process.returncode
    try:
        said, _ = process.communicate(timeout=grace)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
        return f"{said}\nit hung, and was killed", KILLED
    return said, None


def judged(said: str, code: int | None) -> tuple[int, int]:
    """How many tests ran and how many were red, by pytest's last line."""
    counts = _counts(said)
    broken = counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0)
    return counts.get("passed", 0) + broken, broken if code in (0, 1, None) else max(1, broken)


def _million(inputs: int, minutes: float) -> tuple[int, int]:
    """The same with hostile inputs at the doors, in a process of their own: how many, and how many findings."""
    line = [sys.executable, "-m", "tests.attack.million", "--inputs", str(inputs), "--minutes", str(minutes)]
    # It looks at the time between two inputs: one that loops without an end is a finding, and never comes back.
    said, code = ended(line, {}, minutes * 60 + GRACE)
    print(said[-6000:])
    found = re.search(r"million: ([\d,]+) inputs, (\d+) findings", said)
    return (int(found[1].replace(",", "")), int(found[2]) + (code == KILLED)) if found else (0, 1)


def _counts(said: str) -> dict[str, int]:
    found = re.findall(r"(\d+) (passed|failed|errors?)", next(iter(said.strip().splitlines()[-1:]), ""))
    return {word: int(number) for number, word in found}


if __name__ == "__main__":
    sys.exit(main())
