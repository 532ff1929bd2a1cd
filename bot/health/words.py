"""Numbers as people read them at night."""

import re
from collections.abc import Sequence


def count(number: int, one: str, many: str = "") -> str:
    """Say 1 event, 2 events, no events."""
    plural = many or f"{one}s"
    return f"{number or 'no'} {one if number == 1 else plural}"


def plain(name: str, limit: int = 40) -> str:
    """An outside name fit for a title: letters, digits, blanks, - and _; anything else is shown as a question mark."""
    return re.sub(r"[^A-Za-z0-9 _-]", "?", name[:limit]) or "?"


def listing(names: Sequence[str], most: int = 5) -> str:
    """Say a, b and c; beyond *most*: a, b, c, d, e and 3 more."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def milliseconds(value: float) -> str:
    """Say 45 ms, under 1 ms, 2.3 s."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return f"{value:.0f} ms" if value >= 1 else "under 1 ms"


def ago(seconds: float) -> str:
    """Say 20 s, 4 min, 3 h, 2 days."""
    for size, unit in ((86400, "day"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (size < 86400 and seconds >= size):
            number = int(seconds // size)
            return f"{number} {unit}{'s' if unit == 'day' else ''}"
    return f"{max(0, int(seconds))} s"
