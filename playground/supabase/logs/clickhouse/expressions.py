"""A node of the tree → a Python function of the rows it is asked about: one row, or all rows of a group."""

import operator
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlglot import exp

from playground.supabase.logs.clickhouse import aggregates, functions
from playground.supabase.logs.clickhouse.calls import Call, call_of
from playground.supabase.logs.clickhouse.refused import Refused
from playground.supabase.logs.clickhouse.values import common, interval, number, text, truth
from playground.supabase.logs.row import Row

Rows = Sequence[Row]
Value = Callable[[Rows], Any]
_COLUMNS = {"id", "timestamp", "event_message", "severity_text", "source", "log_attributes"}
_COMPARED: dict[type, Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
}
_COUNTED: dict[type, Callable[[float, float], float]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.Div: lambda a, b: a / b if b else float("inf"),
    exp.Mod: lambda a, b: a % b if b else 0,
}


class Compiler:
    """Compiles the expressions of one SELECT; *aliases* are the names that its columns were given."""

    def __init__(self, aliases: dict[str, Any], now: datetime) -> None:
        self._aliases = aliases
        self._now = now

    def value(self, node: Any, hidden: frozenset[str] = frozenset(), *, inside: bool = False) -> Value:
        """*hidden*: aliases under definition, which mean the column there; *inside*: of an aggregate already."""
        match node:
            case exp.Paren() | exp.Alias():
                return self.value(node.this, hidden, inside=inside)
            case exp.Column() if node.name in self._aliases and node.name not in hidden:
                return self.value(self._aliases[node.name], hidden | {node.name}, inside=inside)
            case exp.Column():
                return _column(node.name)
            case exp.Literal() | exp.Boolean() | exp.Null() | exp.Neg():
                found = literal(node)
                return lambda _rows: found
            case exp.Bracket():
                return self._entry(node, hidden, inside=inside)
            case exp.And() | exp.Or() | exp.Not():
                return self._logic(node, hidden, inside=inside)
            case exp.In() | exp.Between() | exp.Is():
                return self._membership(node, hidden, inside=inside)
        if type(node) in _COMPARED:
            return self._comparison(node, hidden, inside=inside)
        if type(node) in _COUNTED:
            return self._arithmetic(node, hidden, inside=inside)
        return self._called(call_of(node), hidden, inside=inside)

    def _called(self, call: Call, hidden: frozenset[str], *, inside: bool) -> Value:
        aggregate = aggregates.find(call.name, [literal(one) for one in call.parameters])
        if aggregate is not None:
            return self._aggregate(call, aggregate, hidden, inside=inside)
        if call.name in {"now", "now64"}:
            return lambda _rows: self._now
        does = functions.find(call.name)
        values = [self._argument(one, hidden, inside=inside) for one in call.arguments]

        def run(rows: Rows) -> Any:
            given = [value(rows) for value in values]
            try:
                found = None if None in given and call.strict else does(*given)
            except (TypeError, AttributeError):
                raise Refused(
                    43, "ILLEGAL_TYPE_OF_ARGUMENT", f"Illegal arguments of function {call.name[:80]}"
                ) from None
            return int(not found) if call.negated else found

        return run

    def _argument(self, node: Any, hidden: frozenset[str], *, inside: bool) -> Value:
        if isinstance(node, exp.Interval):
            size = interval(literal(node.this), str(node.args["unit"].name))
            return lambda _rows: size
        return self.value(node, hidden, inside=inside)

    def _aggregate(self, call: Call, does: aggregates.Aggregate, hidden: frozenset[str], *, inside: bool) -> Value:
        if inside:
            raise Refused(
                184, "ILLEGAL_AGGREGATION", f"Aggregate function {call.name} is found inside another aggregate function"
            )
        values = [self.value(one, hidden, inside=True) for one in call.arguments]

        def run(rows: Rows) -> Any:
            columns = [[value([row]) for row in rows] for value in values] or [[1] * len(rows)]
            if call.distinct:
                columns = [list(dict.fromkeys(column)) for column in columns]
            return does(columns)

        return run

    def _entry(self, node: Any, hidden: frozenset[str], *, inside: bool) -> Value:
        """`log_attributes['key']`; a key that is not there gives the empty text."""
        of, key = self.value(node.this, hidden, inside=inside), literal(node.expressions[0])

        def run(rows: Rows) -> Any:
            entries = of(rows)
            if not hasattr(entries, "get") or not isinstance(key, str):
                raise Refused(43, "ILLEGAL_TYPE_OF_ARGUMENT", "Illegal types of arguments of function arrayElement")
            return entries.get(key, "")

        return run

    def _logic(self, node: Any, hidden: frozenset[str], *, inside: bool) -> Value:
        left = self.value(node.this, hidden, inside=inside)
        if isinstance(node, exp.Not):
            return lambda rows: int(not truth(left(rows)))
        right = self.value(node.expression, hidden, inside=inside)
        if isinstance(node, exp.And):
            return lambda rows: int(truth(left(rows)) and truth(right(rows)))
        return lambda rows: int(truth(left(rows)) or truth(right(rows)))

    def _membership(self, node: Any, hidden: frozenset[str], *, inside: bool) -> Value:
        value = self.value(node.this, hidden, inside=inside)
        if isinstance(node, exp.Is):
            return lambda rows: int(value(rows) is None)
        if isinstance(node, exp.Between):
            low, high = (self.value(node.args[name], hidden, inside=inside) for name in ("low", "high"))
            return lambda rows: int(
                _holds(operator.ge, value(rows), low(rows)) & _holds(operator.le, value(rows), high(rows))
            )
        several = [self.value(one, hidden, inside=inside) for one in node.expressions]
        return lambda rows: int(any(_holds(operator.eq, value(rows), one(rows)) for one in several))

    def _comparison(self, node: Any, hidden: frozenset[str], *, inside: bool) -> Value:
        left = self.value(node.this, hidden, inside=inside)
        right = self.value(node.expression, hidden, inside=inside)
        how = _COMPARED[type(node)]
        return lambda rows: _holds(how, left(rows), right(rows))

    def _arithmetic(self, node: Any, hidden: frozenset[str], *, inside: bool) -> Value:
        left = self._argument(node.this, hidden, inside=inside)
        right = self._argument(node.expression, hidden, inside=inside)
        how, name = _COUNTED[type(node)], type(node).__name__

        def run(rows: Rows) -> Any:
            a, b = left(rows), right(rows)
            if isinstance(a, datetime) and isinstance(node, exp.Add | exp.Sub):
                return how(a, b)  # type: ignore[arg-type]  # a moment and an interval
            return None if a is None or b is None else how(number(a, name), number(b, name))

        return run


def literal(node: Any) -> Any:
    """A constant's value. Raises 36 for what is none."""
    match node:
        case exp.Literal() if node.is_string:
            return text(node.this, "literal")
        case exp.Literal():
            return float(node.this) if set(node.this) & set(".eE") else int(node.this)
        case exp.Boolean():
            return int(node.this)
        case exp.Null():
            return None
        case exp.Neg():
            return -number(literal(node.this), "negate")
    raise Refused(36, "BAD_ARGUMENTS", f"A constant is expected in place of {node.sql()[:80]}")


def _column(name: str) -> Value:
    if name not in _COLUMNS:
        raise Refused(47, "UNKNOWN_IDENTIFIER", f"Unknown expression identifier `{name[:80]}`")
    return lambda rows: getattr(rows[0], name)


def _holds(how: Callable[[Any, Any], bool], left: Any, right: Any) -> int:
    if left is None or right is None:
        return 0
    return int(how(*common(left, right)))
