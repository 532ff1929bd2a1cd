"""The functions that people write about logs, by ClickHouse's names, which are case-sensitive."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playground.supabase.logs.clickhouse.refused import Refused
from playground.supabase.logs.clickhouse.values import (
    integer,
    interval,
    like,
    moment,
    number,
    real,
    regular,
    start_of,
    text,
)

Function = Callable[..., Any]
_CONVERTED = re.compile(r"to(U?Int|Float)(8|16|32|64)(OrZero|OrNull)?")
_PIECES = {
    "toStartOfMinute": timedelta(minutes=1),
    "toStartOfFiveMinutes": timedelta(minutes=5),
    "toStartOfTenMinutes": timedelta(minutes=10),
    "toStartOfFifteenMinutes": timedelta(minutes=15),
    "toStartOfHour": timedelta(hours=1),
    "toStartOfDay": timedelta(days=1),
}


def find(name: str) -> Function:
    """Raises 46 for a function that ClickHouse lacks, or that this playground does."""
    if name in _PIECES:
        return lambda at: start_of(at, _PIECES[name])
    if conversion := _CONVERTED.fullmatch(name):
        return _conversion(name, *conversion.groups())
    if found := _TABLE.get(name) or _TABLE.get(name.lower() if name.isupper() else ""):
        return found
    raise Refused(46, "UNKNOWN_FUNCTION", f"Function with name `{name[:80]}` does not exist")


def _conversion(name: str, kind: str, bits: str, otherwise: str | None) -> Function:
    def convert(value: Any) -> Any:
        if otherwise is None and isinstance(value, int | float):
            return float(value) if kind == "Float" else int(value)
        given = text(value, name)
        found = real(given) if kind == "Float" else integer(given, int(bits), signed=kind == "Int")
        if found is None and otherwise is None:
            raise Refused(6, "CANNOT_PARSE_TEXT", f"Cannot parse string '{given[:60]}' as {kind}{bits}")
        return 0 if found is None and otherwise == "OrZero" else found

    return convert


def _extract(value: Any, pattern: Any) -> str:
    """The first group of the first match, or all of it; empty where nothing matches."""
    found = regular(text(pattern, "extract")).search(text(value, "extract"))
    return (found[1] if found.re.groups else found[0]) or "" if found else ""


def _substring(value: Any, start: int, length: int | None = None) -> str:
    given = text(value, "substring")
    return given[start - 1 :] if length is None else given[start - 1 : start - 1 + length]


def _multi_if(*values: Any) -> Any:
    for condition, value in zip(values[:-1:2], values[1::2], strict=False):
        if condition:
            return value
    return values[-1]


def _moment(value: Any, *_more: Any) -> datetime:
    return value if isinstance(value, datetime) else moment(text(value, "toDateTime64"))


def _from_milliseconds(value: Any) -> datetime:
    return datetime.fromtimestamp(number(value, "fromUnixTimestamp64Milli") / 1000, UTC)


def _to_string(value: Any) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return str(value)


_TABLE: dict[str, Function] = {
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": lambda *values: "".join(map(_to_string, values)),
    "dateDiff": lambda unit, a, b: int((b - a) / interval(1, unit)),
    "empty": lambda value: int(len(value) == 0),
    "endsWith": lambda value, end: int(text(value, "endsWith").endswith(end)),
    "extract": _extract,
    "fromUnixTimestamp64Milli": _from_milliseconds,
    "greatest": max,
    "if": lambda condition, yes, no: yes if condition else no,
    "ilike": lambda value, pattern: int(like(pattern, fold=True)(text(value, "ilike"))),
    "intDiv": lambda a, b: int(number(a, "intDiv") // number(b, "intDiv")),
    "least": min,
    "length": lambda value: len(value.encode()) if isinstance(value, str) else len(value),
    "like": lambda value, pattern: int(like(pattern, fold=False)(text(value, "like"))),
    "lower": lambda value: text(value, "lower").lower(),
    "mapContains": lambda value, key: int(key in value),
    "mapKeys": list,
    "match": lambda value, pattern: int(regular(pattern).search(text(value, "match")) is not None),
    "multiIf": _multi_if,
    "notEmpty": lambda value: int(len(value) > 0),
    "parseDateTime64BestEffort": _moment,
    "parseDateTimeBestEffort": _moment,
    "position": lambda value, part: text(value, "position").find(part) + 1,
    "positionCaseInsensitive": lambda value, part: text(value, "position").lower().find(part.lower()) + 1,
    "round": lambda value, places=0: round(number(value, "round"), int(places)),
    "startsWith": lambda value, start: int(text(value, "startsWith").startswith(start)),
    "substring": _substring,
    "substringUTF8": _substring,
    "toDateTime": _moment,
    "toDateTime64": _moment,
    "toStartOfInterval": start_of,
    "toString": _to_string,
    "toUnixTimestamp": lambda at: int(at.timestamp()),
    "toUnixTimestamp64Milli": lambda at: int(at.timestamp() * 1000),
    "trim": lambda value: text(value, "trim").strip(),
    "upper": lambda value: text(value, "upper").upper(),
}
