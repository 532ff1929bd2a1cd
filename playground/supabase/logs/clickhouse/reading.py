"""SQL text → a tree of one SELECT from `logs`, or the endpoint's refusal."""

from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from playground.supabase.logs.clickhouse.refused import Refused, Restricted

_LONGEST = 50_000  # characters; a URL of more does not arrive
_KNOWN = {"expressions", "from_", "where", "group", "having", "order", "limit", "offset", "distinct"}


def read(sql: str) -> exp.Select:
    """Raises `Restricted` or `Refused`."""
    if len(sql) > _LONGEST:
        raise Restricted("The query is too long.")
    try:
        statements = [one for one in sqlglot.parse(sql, read="clickhouse") if one is not None]
    except (SqlglotError, RecursionError) as error:
        first = (str(error).splitlines() or ["unreadable"])[0]
        raise Refused(62, "SYNTAX_ERROR", f"Syntax error: {first[:200]}") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise Restricted("Only a single SELECT query is allowed.")
    return _checked(statements[0])


def _checked(select: exp.Select) -> exp.Select:
    # `select *`, `select logs.*` and `count(*)` alike; a star that multiplies is another node.
    if any(select.find_all(exp.Star)):
        raise Restricted("Wildcard (*) is not allowed: name the columns, and write count() to count.")
    if len(list(select.find_all(exp.Select))) > 1 or select.args.get("with_"):
        raise Refused(48, "NOT_IMPLEMENTED", "Subqueries are not what this playground executes")
    table = select.args["from_"].this if select.args.get("from_") else None
    if not isinstance(table, exp.Table) or table.name != "logs" or table.db:
        name = table.sql()[:80] if table is not None else "nothing"
        raise Refused(60, "UNKNOWN_TABLE", f"Unknown table expression identifier '{name}'")
    for name, value in select.args.items():
        if value and name not in _KNOWN:
            raise Refused(48, "NOT_IMPLEMENTED", f"{name.rstrip('_').upper()} is not what this playground executes")
    if not select.expressions:
        raise Refused(62, "SYNTAX_ERROR", "Syntax error: an expression is expected after SELECT")
    return select


def sources(select: exp.Select) -> frozenset[str] | None:
    """The sources that a row must be of, as far as the WHERE says so plainly; None: any."""
    where = select.args.get("where")
    for part in _conjuncts(where.this if where else None):
        column = part.this if isinstance(part, exp.EQ | exp.In) else None
        if not isinstance(column, exp.Column) or column.name != "source":
            continue
        values = [part.expression] if isinstance(part, exp.EQ) else part.expressions
        if all(isinstance(value, exp.Literal) and value.is_string for value in values):
            return frozenset(value.this for value in values)
    return None


def _conjuncts(node: Any) -> list[Any]:
    if isinstance(node, exp.Paren):
        return _conjuncts(node.this)
    if isinstance(node, exp.And):
        return _conjuncts(node.this) + _conjuncts(node.expression)
    return [node] if node is not None else []
