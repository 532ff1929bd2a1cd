"""Reads docs/threats.md: a table of threats, each with the tests that hold it."""

import re
from dataclasses import dataclass
from pathlib import Path

_TEST = re.compile(r"`(tests/[a-z_/]+\.py(?:::[A-Za-z_0-9]+)*)`")


@dataclass(frozen=True, slots=True)
class Threat:
    """A row. *tests*: node ids of pytest."""

    who: str
    wants: str
    stopped: str
    open: str
    tests: tuple[str, ...]


def threats(page: Path) -> list[Threat]:
    """The rows of its tables that name tests. Raises ValueError for one that has not five cells."""
    found = []
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| ") or line.startswith(("| who |", "|---")):
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        if len(cells) != 5:
            raise ValueError(f"{len(cells)} cells, not 5: {line[:80]}")
        who, wants, stopped, still, tests = cells
        found.append(Threat(who, wants, stopped, still, tuple(_TEST.findall(tests))))
    return found
