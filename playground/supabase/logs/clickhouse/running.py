"""Carries one SELECT out: filter, group, order, cut, show."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cmp_to_key
from typing import Any

from sqlglot import exp

from playground.supabase.logs.clickhouse import aggregates, reading
from playground.supabase.logs.clickhouse.calls import call_of
from playground.supabase.logs.clickhouse.expressions import Compiler, Value, literal
from playground.supabase.logs.clickhouse.refused import Refused, Restricted
from playground.supabase.logs.clickhouse.values import common, shown, truth
from playground.supabase.logs.row import Row

__all__ = ["MOST_ROWS", "Refused", "Restricted", "run"]

_OF_TYPES = {43, 59, 386}
MOST_ROWS = 1000  # of an answer (Supabase docs, "Querying logs")
Found = Callable[[frozenset[str] | None], Iterable[Row]]


def run(sql: str, found: Found, now: datetime) -> list[dict[str, Any]]:
    """The rows of the answer. *found* gives the rows of some sources, or of all. Raises `Restricted`, `Refused`."""
    select = reading.read(sql)
    aliases = {one.alias: one.this for one in select.expressions if isinstance(one, exp.Alias)}
    compiler = Compiler(aliases, now)
    keys = [_unaliased(one, aliases) for one in _clause(select, "group")]
    outputs = [
        (one.alias_or_name or one.sql(dialect="clickhouse"), _output(one, compiler)) for one in select.expressions
    ]
    order = [(compiler.value(one.this), bool(one.args.get("desc"))) for one in _clause(select, "order")]
    where, having = (
        compiler.value(select.args[name].this) if select.args.get(name) else None for name in ("where", "having")
    )
    grouped = bool(keys) or any(_aggregates(one) for one in select.expressions)
    if grouped:
        for one in select.expressions:
            _check_grouped(one, keys, aliases)
    _rehearse([*(value for _, value in outputs), *(value for value, _ in order), *filter(None, (where, having))], now)
    rows = [row for row in found(reading.sources(select)) if where is None or truth(where([row]))]
    frames = _groups(rows, [compiler.value(key) for key in keys]) if grouped else [[row] for row in rows]
    if having is not None:
        frames = [frame for frame in frames if truth(having(frame))]
    answer = [{name: value(frame) for name, value in outputs} for frame in _ordered(frames, order)]
    if select.args.get("distinct"):
        answer = list({repr(one): one for one in answer}.values())
    offset, limit = (_number(select, name) for name in ("offset", "limit"))
    end = MOST_ROWS if limit is None else min(limit, MOST_ROWS)
    return [{name: shown(value) for name, value in one.items()} for one in answer[offset or 0 :][:end]]


def _rehearse(values: list[Value], now: datetime) -> None:
    """Types are checked before the first row is read: an empty answer to a wrong question would pass for silence."""
    for value in values:
        try:
            value([Row("", now, "", "", "", {})])
        except Refused as refused:
            if refused.code in _OF_TYPES:
                raise


def _output(node: Any, compiler: Compiler) -> Value:
    return compiler.value(node, frozenset({node.alias}) if isinstance(node, exp.Alias) else frozenset())


def _clause(select: Any, name: str) -> list[Any]:
    clause = select.args.get(name)
    return list(clause.expressions) if clause is not None else []


def _number(select: Any, name: str) -> int | None:
    clause = select.args.get(name)
    return None if clause is None else int(literal(clause.expression))


def _groups(rows: Sequence[Row], keys: list[Value]) -> list[list[Row]]:
    if not keys:
        return [list(rows)]  # one group of all, also where there is no row
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(key([row]) for key in keys), []).append(row)
    return list(groups.values())


def _ordered(frames: list[list[Row]], order: list[tuple[Value, bool]]) -> list[list[Row]]:
    for value, down in reversed(order):

        def compare(a: tuple[Any, Any], b: tuple[Any, Any]) -> int:
            if a[0] is None or b[0] is None:
                return 0
            left, right = common(a[0], b[0])
            return int(left > right) - int(left < right)

        keyed = sorted(((value(frame), frame) for frame in frames), key=cmp_to_key(compare), reverse=down)
        # Nothing comes last, whichever way (ClickHouse, ORDER BY).
        frames = [frame for key, frame in keyed if key is not None] + [frame for key, frame in keyed if key is None]
    return frames


def _unaliased(node: Any, aliases: dict[str, Any]) -> Any:
    if isinstance(node, exp.Literal):
        raise Refused(36, "BAD_ARGUMENTS", "GROUP BY a position is not what this playground executes")
    return aliases.get(node.name, node) if isinstance(node, exp.Column) else node


def _aggregates(node: Any) -> bool:
    return any(_is_aggregate(one) for one in node.walk())


def _is_aggregate(node: Any) -> bool:
    if not isinstance(node, exp.Func):
        return False
    try:
        call = call_of(node)
        return aggregates.find(call.name, [literal(one) for one in call.parameters]) is not None
    except Refused:
        return False


def _check_grouped(node: Any, keys: list[Any], aliases: dict[str, Any], hidden: frozenset[str] = frozenset()) -> None:
    """Raises 215 for a column that is neither grouped by nor aggregated."""
    if isinstance(node, exp.Alias):
        hidden, node = hidden | {node.alias}, node.this
    if _is_aggregate(node) or node in keys:
        return None
    if isinstance(node, exp.Column):
        if node.name in aliases and node.name not in hidden:
            return _check_grouped(aliases[node.name], keys, aliases, hidden | {node.name})
        raise Refused(
            215,
            "NOT_AN_AGGREGATE",
            f"Column `{node.name[:80]}` is not under aggregate function and not in GROUP BY keys",
        )
    for child in node.iter_expressions():
        _check_grouped(child, keys, aliases, hidden)
    return None
