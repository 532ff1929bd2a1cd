"""Functions of many rows: each takes the values of its arguments for every row of a group."""

from collections.abc import Callable, Sequence
from typing import Any

from playground.supabase.logs.clickhouse.refused import Refused
from playground.supabase.logs.clickhouse.values import number, truth

Columns = Sequence[Sequence[Any]]  # one list of values an argument
Aggregate = Callable[[Columns], Any]


def find(name: str, parameters: Sequence[Any]) -> Aggregate | None:
    """None where it is no aggregate. `…If` takes one argument more, the condition."""
    if name in {"quantile", "quantileExact", "median", "medianExact"}:
        return lambda columns: quantile(columns[0], parameters[0] if parameters else 0.5)
    if name == "quantiles":
        return lambda columns: [quantile(columns[0], level) for level in parameters]
    if name in _TABLE:
        return _TABLE[name]
    inner = find(name.removesuffix("If"), parameters) if name.endswith("If") and name != "If" else None
    return None if inner is None else lambda columns: inner(_where(columns))


def quantile(values: Sequence[Any], level: float) -> float:
    """Linear between the two nearest values, as ClickHouse's default is; not a number where there are none."""
    ordered = sorted(number(value, "quantile") for value in values if value is not None)
    if not ordered:
        return float("nan")
    at = level * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (at - low))


def _where(columns: Columns) -> Columns:
    *rest, conditions = columns
    kept = [n for n, condition in enumerate(conditions) if truth(condition)]
    return [[column[n] for n in kept] for column in rest] or [[1] * len(kept)]


def _present(columns: Columns) -> list[Any]:
    return [value for value in columns[0] if value is not None]


def _sum(columns: Columns) -> float:
    return sum(number(value, "sum") for value in _present(columns))


def _average(columns: Columns) -> float:
    values = [number(value, "avg") for value in _present(columns)]
    return sum(values) / len(values) if values else float("nan")


def _extreme(name: str, choose: Callable[..., Any]) -> Aggregate:
    def found(columns: Columns) -> Any:
        values = _present(columns)
        if not values:
            # ClickHouse answers a type's default where no row is; without rows the type cannot be told here.
            return 0
        try:
            return choose(values)
        except TypeError:
            raise Refused(43, "ILLEGAL_TYPE_OF_ARGUMENT", f"Illegal type of argument of function {name}") from None

    return found


def _at_extreme(choose: Callable[..., Any]) -> Aggregate:
    return lambda columns: columns[0][columns[1].index(choose(columns[1]))] if columns[0] else ""


_TABLE: dict[str, Aggregate] = {
    "any": lambda columns: columns[0][0] if columns[0] else "",
    "argMax": _at_extreme(max),
    "argMin": _at_extreme(min),
    "avg": _average,
    "count": lambda columns: len(_present(columns)),
    "groupArray": lambda columns: list(columns[0]),
    "groupUniqArray": lambda columns: list(dict.fromkeys(columns[0])),
    "max": _extreme("max", max),
    "min": _extreme("min", min),
    "sum": _sum,
    "uniq": lambda columns: len(set(_present(columns))),
    "uniqExact": lambda columns: len(set(_present(columns))),
}
