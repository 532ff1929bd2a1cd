"""Sizes, shares and statements as people read them."""

import re
from collections.abc import Sequence

from bot.redaction import redact

# What the commonest codes mean (PostgreSQL docs, appendix A).
CODES = {
    "23503": "a row refers to one that is not there",
    "23505": "the same key twice",
    "25006": "a write while the database is read-only",
    "40001": "two transactions in each other's way",
    "40P01": "deadlock",
    "42501": "not permitted",
    "42703": "no such column",
    "42P01": "no such table",
    "53100": "disk full",
    "53300": "too many connections",
    "55P03": "a lock was not to be had",
    "55000": "it takes no connections, or not now",
    "57014": "stopped: it took too long",
    "57P01": "cut off by an administrator",
    "57P03": "starting, or takes no connections",
}

# What a statement consists of where quotes mean something (PostgreSQL docs, 4.1): each is passed over as a whole, so
# that no quote within one begins another. A text that was cut within a value ends with it.
_PARTS = re.compile(
    r"""(?P<name>"(?:[^"]|"")*(?:"|\Z))
      |(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
      |(?P<value>\b[eE]'(?:[^'\\]|\\.|'')*(?:'|\\?\Z)|'(?:[^']|'')*(?:'|\Z)
        |\$(?P<tag>[A-Za-z_]\w*|)\$.*?(?:\$(?P=tag)\$|\Z))""",
    re.VERBOSE | re.DOTALL,
)

_READ = 4000  # characters of a text: far more than is ever shown of it


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


def quoted(texts: Sequence[str], limit: int) -> list[str]:
    """What others wrote, each in one line and cleaned before it is cut: half a key has no shape to be known by."""
    return [first_line(one, limit) for one in redact([text[:_READ] for text in texts])]


def statement(sql: str, limit: int) -> str:
    """A statement in one line without the values and comments in it: they may be anybody's, and anything."""
    shown = _PARTS.sub(lambda part: part["name"] or ("'…'" if part["value"] else " "), sql)
    return quoted([shown], limit)[0]


def headline(whats: Sequence[str]) -> str:
    """A verdict from sentences, the worst first: the first one's beginning, and how many more there are."""
    more = f" ({len(whats) - 1} more below)" if len(whats) > 1 else ""
    return f"{whats[0].partition(': ')[0].partition('. ')[0].rstrip('.')}{more}"
