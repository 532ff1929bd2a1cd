"""`python -m tests.attack.million`: hostile inputs of every kind, in this process, at the doors of the product.

Command lines, Slack's payloads, log lines, everything that is shown, names that git gets, reports and mails: drawn from
a seed, thousands a second. Prints one closing line; exit code 1 where one was wrong, with the seed and the shortest.
"""

import argparse
import platform
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bot.telemetry import logs
from tests.attack.million.kinds import kinds
from tests.attack.million.running import run

MEMORY = Path("/dev/shm")


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack.million", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="how many (1000000)")
    parser.add_argument("--seed", type=int, default=7, help="of all that is drawn (7)")
    parser.add_argument("--minutes", type=float, default=20, help="at most, whatever was reached (20)")
    wanted = parser.parse_args()
    print(f"million: seed {wanted.seed}", flush=True)
    logs.configure("critical")  # what is refused is logged, a hundred thousand times
    folder = Path(tempfile.mkdtemp(prefix="aikeys-million-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        with kinds(folder) as all_of_them:
            tally = run(all_of_them, wanted.inputs, wanted.seed, seconds=wanted.minutes * 60, tell=_found)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    total = sum(tally.inputs.values())
    by_kind = ", ".join(f"{count:,} {name}" for name, count in tally.inputs.most_common())
    print(
        f"million: {total:,} inputs, {len(tally.findings)} findings ({by_kind}); {tally.seconds / 60:.1f} min, "
        f"{total / max(tally.seconds, 0.001):,.0f}/s, seed {wanted.seed}, CPython {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}"
    )
    return 1 if tally.findings or total < wanted.inputs else 0


def _found(finding: object) -> None:
    print(f"  FOUND: {finding}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
