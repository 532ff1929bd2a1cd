"""How sqlglot reads a call → ClickHouse's name for it and its arguments in ClickHouse's order."""

from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from playground.supabase.logs.clickhouse.refused import Refused

_NAMES: dict[type, tuple[str, tuple[str, ...]]] = {
    exp.AnyValue: ("any", ("this",)),
    exp.ApproxDistinct: ("uniq", ("this",)),
    exp.ArgMax: ("argMax", ("this", "expression")),
    exp.ArgMin: ("argMin", ("this", "expression")),
    exp.Avg: ("avg", ("this",)),
    exp.CountIf: ("countIf", ("this",)),
    exp.EndsWith: ("endsWith", ("this", "expression")),
    exp.ILike: ("ilike", ("this", "expression")),
    exp.If: ("if", ("this", "true", "false")),
    exp.Length: ("length", ("this",)),
    exp.Like: ("like", ("this", "expression")),
    exp.Lower: ("lower", ("this",)),
    exp.Max: ("max", ("this",)),
    exp.Min: ("min", ("this",)),
    exp.RegexpLike: ("match", ("this", "expression")),
    exp.Round: ("round", ("this", "decimals")),
    exp.StartsWith: ("startsWith", ("this", "expression")),
    exp.StrPosition: ("position", ("this", "substr")),
    exp.Substring: ("substring", ("this", "start", "length")),
    exp.Sum: ("sum", ("this",)),
    exp.Trim: ("trim", ("this",)),
    exp.Upper: ("upper", ("this",)),
}
_MANY: dict[type, str] = {exp.Coalesce: "coalesce", exp.Greatest: "greatest", exp.Least: "least"}


@dataclass(frozen=True)
class Call:
    """`name(parameters)(arguments)`. *strict*: nothing in, nothing out, as most functions are."""

    name: str
    arguments: tuple[Any, ...]
    parameters: tuple[Any, ...] = ()
    distinct: bool = False
    negated: bool = False
    strict: bool = True


def call_of(node: Any) -> Call:
    """Raises 48 for what is no call known here."""
    match node:
        case exp.Anonymous() | exp.AnonymousAggFunc() | exp.CombinedAggFunc():
            return Call(str(node.this), tuple(node.expressions), strict=node.this not in {"if", "multiIf", "coalesce"})
        case exp.ParameterizedAgg() | exp.CombinedParameterizedAgg():
            return Call(str(node.this), tuple(node.args["params"]), tuple(node.expressions))
        case exp.Quantile():
            return Call("quantile", (node.this,), (node.args["quantile"],))
        case exp.Count(this=exp.Distinct()):
            return Call("count", tuple(node.this.expressions), distinct=True)
        case exp.Count():
            return Call("count", (node.this,) if node.this is not None else ())
        case exp.Concat():
            return Call("concat", tuple(node.expressions))
        case exp.TimestampTrunc() | exp.DateTrunc():
            return Call(f"toStartOf{node.args['unit'].name.title()}", (node.this,))
        case exp.Case():
            return _case(node)
    if type(node) in _MANY:
        return Call(_MANY[type(node)], (node.this, *node.expressions), strict=False)
    if type(node) in _NAMES:
        name, places = _NAMES[type(node)]
        arguments = tuple(node.args[place] for place in places if node.args.get(place) is not None)
        return Call(name, arguments, negated=bool(node.args.get("negate")), strict=name != "if")
    raise Refused(48, "NOT_IMPLEMENTED", f"{node.sql(dialect='clickhouse')[:80]} is not what this playground executes")


def _case(node: Any) -> Call:
    arguments: list[Any] = []
    for branch in node.args["ifs"]:
        condition = exp.EQ(this=node.this, expression=branch.this) if node.this is not None else branch.this
        arguments += [condition, branch.args["true"]]
    return Call("multiIf", (*arguments, node.args.get("default") or exp.Null()), strict=False)
