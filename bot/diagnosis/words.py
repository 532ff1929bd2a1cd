"""Sizes, shares and statements as people read them."""

from collections.abc import Sequence


def size(number: float) -> str:
    """Say 12 kB, 340 MB, 8.0 GB (powers of 1024, as PostgreSQL counts)."""
    for unit, power in (("TB", 4), ("GB", 3)):
        if number >= 1024**power:
            return f"{number / 1024**power:.1f} {unit}"
    if number >= 1024**2:
        return f"{number / 1024**2:.0f} MB"
    return f"{number / 1024:.0f} kB"


def percent(share: float) -> str:
    """Say 7 %; under 1 %."""
    return f"{100 * share:.0f} %" if share >= 0.01 or not share else "under 1 %"


def first_line(text: str, limit: int) -> str:
    """A statement or message in one line, its runs of blanks made one, cut with an ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def headline(whats: Sequence[str]) -> str:
    """A verdict from sentences, the worst first: the first one's beginning, and how many more there are."""
    more = f" ({len(whats) - 1} more below)" if len(whats) > 1 else ""
    return f"{whats[0].partition(': ')[0].partition('. ')[0].rstrip('.')}{more}"
