"""The regions of docs/performance.md that `python -m bench --write` writes: a table a part, between two marks."""

import re
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Part, Row

PAGE = Path(__file__).parents[1] / "docs/performance.md"


class NoRegion(ValueError):
    """The page has no place for a part."""


def table(rows: Sequence[Row], measured: str) -> list[str]:
    """Markdown: the figures, and under them when, where and how they were taken."""
    lines = ["| what | figure | asked for |", "|---|---|---|"]
    lines += [f"| {_cell(one.what)} | {_cell(one.figure)} | {_cell(one.asked)} |" for one in rows]
    return [*lines, "", measured]


def placed(text: str, part: Part, lines: Sequence[str]) -> str:
    """*text* with the region of *part* made anew. Raises NoRegion. Pure."""
    begin, end = f"<!-- bench:begin {part.name} -->\n", f"<!-- bench:end {part.name} -->"
    found = re.search(re.escape(begin) + ".*?" + re.escape(end), text, re.DOTALL)
    if found is None:
        raise NoRegion(f"{PAGE.name} has no region for {part.name}: two lines, `{begin.strip()}` and `{end}`")
    return text[: found.start()] + begin + "".join(f"{line}\n" for line in lines) + end + text[found.end() :]


def write(part: Part, rows: Sequence[Row], measured: str) -> None:
    """Into the page."""
    PAGE.write_text(placed(PAGE.read_text(), part, table(rows, measured)))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
