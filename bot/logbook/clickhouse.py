r"""Values in ClickHouse's SQL: the logs endpoint takes no parameters, so each value goes through here.

ClickHouse reads `\` as an escape in a text (docs: "String literals"), also where it stands before nothing known, and
ends the text at `'`. The CLI of Supabase escapes the same two.
"""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.logbook.span import Span

_ESCAPED = {"\\": "\\\\", "'": "''", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ABSENT = dict.fromkeys((0, *range(55296, 57344)))  # no log holds a NUL or half a character


def literal(text: str) -> str:
    """*text* as a string literal, the quotes included. What no log can hold is left out."""
    return "'" + "".join(_ESCAPED.get(char, char) for char in text.translate(_ABSENT)) + "'"


def containing(text: str) -> str:
    r"""*text* as the pattern of a LIKE or ILIKE that finds it anywhere: `%`, `_` and `\` mean themselves."""
    marked = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return literal(f"%{marked}%")


def attribute(key: str) -> str:
    """One attribute of a row, a text; empty where the row has none of that name."""
    return f"log_attributes[{literal(key)}]"


def whole(key: str) -> str:
    """The same as a whole number; 0 where it is none."""
    return f"toInt32OrZero({attribute(key)})"


def moment(at: datetime) -> str:
    """A moment to the microsecond."""
    return f"toDateTime64({literal(at.astimezone(UTC).strftime('%Y-%m-%d %H:%M:%S.%f'))}, 6, 'UTC')"


def outside(spans: Iterable[Span]) -> str:
    """A condition that leaves rows of *spans* out, to stand after others; empty where there are none."""
    return "".join(f" and not (timestamp >= {moment(one.start)} and timestamp < {moment(one.end)})" for one in spans)


def read_moment(value: Any) -> datetime:
    """The column `timestamp` as it comes, UTC without a zone. Raises ValueError."""
    at = datetime.fromisoformat(str(value))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def number(value: Any) -> float:
    """A count or a quantile as it comes: a number, a number as a text (64 bits), or nothing: 0. Raises ValueError."""
    found = float(value or 0)
    if not math.isfinite(found):
        raise ValueError("not a finite number")
    return found
