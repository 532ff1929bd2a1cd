"""What `make simulate` has counted, as Markdown, and where it is kept: docs/detectors.md, between two marks."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.detectors import load
from bot.incidents.judging import BLIND_DETECTOR

AIMS = (("P0", 0.05), ("P1", 1.0))  # false pages a month, of all detectors of that severity together
_MARKS = re.compile(r"(<!-- simulate:begin [^\n]*\n)(.*?)(<!-- simulate:end -->)", re.DOTALL)
_MONTHS = re.compile(r"\*\*(\d+) months? of each traffic\*\*")


@dataclass(frozen=True)
class Measured:
    """*pages*: in all *months* of a traffic, by its webhooks an hour and by detector id. *seconds*: of a processor."""

    months: int
    pages: Mapping[float, Counter[str]] = field(hash=False)
    looks: int = 0
    seconds: float = 0.0


def said(found: Measured, at: datetime | None, first: int) -> list[str]:
    """What was run; *at* None: the second table, of the worse line. *first*: the first seed."""
    number = f"**{found.months} month{'s' if found.months > 1 else ''} of each traffic**"
    seeds = f"seeds {first} to {first + found.months - 1}" if found.months > 1 else f"seed {first}"
    if at is None:
        return [f"The same with a line of which a third fails while it is bad, {number} ({seeds}):"]
    minutes = found.seconds / 60 / max(1, found.months * len(found.pages))
    ran = f"{found.looks:,} looks, {minutes:.1f} min of a processor a month"
    return [f"{number} ({at:%d %B %Y}, {seeds}; {ran}), false pages a month:"]


def table(found: Measured) -> list[str]:
    """False pages a month, by detector and traffic; those that never paged in one line."""
    detectors = (*load(), BLIND_DETECTOR)
    each = {rate: {one.id: pages[one.id] / found.months for one in detectors} for rate, pages in found.pages.items()}
    rates = list(found.pages)
    lines = ["| | " + " | ".join(f"{rate:,g} webhooks/h" for rate in rates) + " |", "|---|" + "---:|" * len(rates)]
    for severity, most in AIMS:
        sums = [sum(each[rate][one.id] for one in detectors if one.severity == severity) for rate in rates]
        figures = " | ".join(f"**{one:.2f}**" for one in sums)
        lines.append(f"| **all {severity}** (aim: at most {most:g}) | {figures} |")
    paged = [one for one in detectors if any(each[rate][one.id] for rate in rates)]
    for one in paged:
        figures = " | ".join(f"{each[rate][one.id]:.2f}" for rate in rates)
        lines += [f"| `{one.id}` ({one.severity}) | {figures} |"]
    never = len(detectors) - len(paged)
    return [*lines, "", f"Of {len(detectors)} detectors {never} never paged."]


def written(page: Path, lines: list[str], months: int) -> bool:
    """Put *lines* between the marks of *page*; False where more months stand there, which say more.

    Raises ValueError where it has no marks.
    """
    text = page.read_text()
    marks = _MARKS.search(text)
    if marks is None:
        raise ValueError(f"{page} has no marks for it")
    known = _MONTHS.search(marks[2])
    if known is not None and int(known[1]) > months:
        return False
    body = "\n".join(lines)
    page.write_text(f"{text[: marks.start(2)]}{body}\n{text[marks.end(2) :]}")
    return True
