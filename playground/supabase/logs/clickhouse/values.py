"""ClickHouse's types where they are stricter than Python's: comparing, turning text into numbers, patterns, moments."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from playground.supabase.logs.clickhouse.refused import Refused

_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_UNITS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86400, "WEEK": 604800}


def common(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as one type. Raises 386 where there is none: a text is never held against a number."""
    if isinstance(left, datetime) and isinstance(right, str):
        return left, moment(right)
    if isinstance(left, str) and isinstance(right, datetime):
        return moment(left), right
    kinds = {_kind(left), _kind(right)}
    if len(kinds) > 1:
        raise Refused(386, "NO_COMMON_TYPE", f"There is no supertype for types {', '.join(sorted(kinds))}")
    return left, right


def truth(value: Any) -> bool:
    """Raises 59 for what is no condition."""
    if value is None or isinstance(value, int | float):
        return bool(value)
    raise Refused(59, "ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER", f"Illegal type {_kind(value)} of column for filter")


def text(value: Any, function: str) -> str:
    """Raises 43 for an argument that is no String."""
    if isinstance(value, str):
        return value
    raise Refused(43, "ILLEGAL_TYPE_OF_ARGUMENT", f"Illegal type {_kind(value)} of argument of function {function}")


def number(value: Any, function: str) -> float:
    """Raises 43 for an argument that is no number."""
    if isinstance(value, int | float):
        return value
    raise Refused(43, "ILLEGAL_TYPE_OF_ARGUMENT", f"Illegal type {_kind(value)} of argument of function {function}")


def integer(value: str, bits: int, *, signed: bool) -> int | None:
    """A text that is wholly a number of that size, else None."""
    if not _INTEGER.fullmatch(value) or len(value) > 21:
        return None
    found = int(value)
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    return found if low <= found <= high else None


def real(value: str) -> float | None:
    """A text that is wholly a number, else None."""
    return float(value) if len(value) < 400 and _FLOAT.fullmatch(value) else None


def moment(value: str) -> datetime:
    """A DateTime64 from a text. Raises 41."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        raise Refused(41, "CANNOT_PARSE_DATETIME", f"Cannot parse DateTime64 from '{value[:60]}'") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def shown(value: Any) -> Any:
    """As the API's JSON has it: moments without a zone, no number that JSON does not know."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [shown(one) for one in value]
    return dict(value) if hasattr(value, "items") else value


def interval(amount: Any, unit: str) -> timedelta:
    """Raises 48 for a unit of changing length."""
    name = unit.upper().rstrip("S")
    if name not in _UNITS:
        raise Refused(48, "NOT_IMPLEMENTED", f"Interval of {name[:20]} is not what this playground executes")
    return timedelta(seconds=float(amount) * _UNITS[name])


def start_of(at: datetime, size: timedelta) -> datetime:
    """The beginning of the piece of *size* that *at* lies in."""
    seconds = int(size.total_seconds()) or 1
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


@lru_cache(256)
def like(pattern: str, *, fold: bool) -> Callable[[str], bool]:
    """A test for LIKE (*fold*: ILIKE). `%` and `_` behind a backslash are themselves."""
    parts, at = [], 0
    while at < len(pattern):
        one = pattern[at]
        if one == "\\" and at + 1 < len(pattern):
            at += 1
            parts.append(re.escape(pattern[at]))
        else:
            parts.append({"%": ".*", "_": "."}.get(one, re.escape(one)))
        at += 1
    found = re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if fold else 0))
    return lambda value: found.fullmatch(value) is not None


@lru_cache(256)
def regular(pattern: str) -> re.Pattern[str]:
    """Raises 427 for what is no regular expression."""
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error as error:
        raise Refused(427, "CANNOT_COMPILE_REGEXP", f"OptimizedRegularExpression: cannot compile: {error}") from None


def _kind(value: Any) -> str:
    if isinstance(value, int | float):
        return "Float64"  # all numbers have a common type
    names: dict[type, str] = {str: "String", datetime: "DateTime64(6)", list: "Array(String)"}
    return names.get(type(value), "Map(String, String)")
