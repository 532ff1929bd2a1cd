"""Statements about rows: read by sqlglot, from what our own lexer has left of them. Pure.

What reaches the parser holds no comment and no string that it could take to end elsewhere than the server does: each
text is replaced by 'x', each name with letters beyond ASCII stands in quotes.
"""

import logging
from typing import TYPE_CHECKING

from bot.migrations import calls
from bot.migrations.effects import Effect, Kind, Lock, Read, unread
from bot.migrations.lexing import Is, Piece, Token

if TYPE_CHECKING:
    from sqlglot import exp

MOST = 20_000  # characters of one statement that are read: more is dangerous because nobody will read it either


def read(piece: Piece) -> Read:
    """SELECT, WITH, INSERT, UPDATE, DELETE, MERGE, VALUES; also CREATE … AS, for what its query does."""
    tree = parsed(piece)
    return unread(piece, "the parser cannot read it") if tree is None else _read(piece, tree)


def parsed(piece: Piece) -> "exp.Expr | None":
    """The statement as a tree; None where it is not read in full, as one."""
    from sqlglot import exp, parse  # noqa: PLC0415  # 17 MB and 0.3 s, that only a migration needs
    from sqlglot.errors import SqlglotError  # noqa: PLC0415  # the same

    text = harmless_text(piece.tokens)
    if len(text) > MOST:
        return None
    logging.getLogger("sqlglot").disabled = True  # it warns of what it reads as a Command, with the text
    try:
        found = [one for one in parse(text, dialect="postgres") if one is not None]
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return None
    return found[0] if len(found) == 1 and not isinstance(found[0], exp.Command) else None


def harmless_text(tokens: tuple[Token, ...]) -> str:
    """The statement without comments and texts, on one line."""
    said, end = "", -1
    for token in tokens:
        raw = token.raw
        if token.kind is Is.TEXT:
            raw = "'x'"
        elif token.kind is Is.NAME and not raw.startswith('"'):
            raw = '"?"'
        elif token.kind is Is.WORD and not raw.isascii():
            raw = f'"{raw}"'
        said += raw if token.start == end else f" {raw}"
        end = token.end
    return said.strip()


def _read(piece: Piece, tree: "exp.Expr") -> Read:
    from sqlglot import exp  # noqa: PLC0415  # see above

    effects: list[Effect] = []
    tables: list[str] = []
    if _overlooked(piece, tree):
        return unread(piece, "two readers do not agree about it")
    for node in tree.find_all(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.TruncateTable):
        table = _table(node.this)
        effects += _change(node, table)
        tables.append(table)
    if isinstance(tree, exp.Select) and tree.args.get("into"):
        effects.append(Effect(Kind.CREATES, _table(tree.args["into"].this)))
    if tree.find(exp.Command):
        effects.append(Effect(Kind.UNREAD, "a part of it", loses=True))
    # By its words too: a function of the wallet's own may have a name that the parser takes for one it knows.
    said = calls.unknown(calls.named(piece.tokens))
    effects += [Effect(Kind.RUNS, f"{name}()", loses=True) for name in dict.fromkeys((*called(tree), *said))]
    known = exp.Select | exp.Insert | exp.Update | exp.Delete | exp.Merge | exp.SetOperation | exp.Values | exp.Create
    if not isinstance(tree, known | exp.Subquery | exp.TruncateTable):
        return unread(piece, "the parser takes it for something else")
    lock = Lock.ROW_EXCLUSIVE if tables else Lock.NONE
    return Read(piece, tuple(effects), tuple(dict.fromkeys(filter(None, tables))), lock)


def _overlooked(piece: Piece, tree: "exp.Expr") -> bool:
    """True where the words speak of a change that the tree has not."""
    from sqlglot import exp  # noqa: PLC0415  # see above

    words = [token.word for token in piece.tokens]
    inside = tree.find(exp.Merge) is not None
    for word, kind in (("DELETE", exp.Delete), ("UPDATE", exp.Update), ("INSERT", exp.Insert)):
        said = sum(
            one == word and (not at or words[at - 1] not in ("FOR", "KEY", "DO", "ON")) for at, one in enumerate(words)
        )
        if said > len(list(tree.find_all(kind))) and not inside:
            return True
    return any(one in ("TRUNCATE", "MERGE") for one in words[1:])


def called(tree: "exp.Expr") -> list[str]:
    """The functions that may do more than compute."""
    from sqlglot import exp  # noqa: PLC0415  # see above

    found = []
    for node in tree.find_all(exp.Anonymous):
        inside = node.parent
        schema = inside.this.name if isinstance(inside, exp.Dot) and inside.expression is node else ""
        if isinstance(inside, exp.Dot) and schema not in calls.SCHEMAS:
            found.append(f"{schema}.{node.name}")
        elif node.name.lower() not in calls.HARMLESS:
            found.append(node.name)
    for dot in tree.find_all(exp.Dot):  # public.count() is not PostgreSQL's count()
        if isinstance(dot.expression, exp.Func) and not isinstance(dot.expression, exp.Anonymous):
            schema = dot.this.name
            if schema not in calls.SCHEMAS:
                found.append(f"{schema}.{dot.expression.sql_name().lower()}")
    return list(dict.fromkeys(found))


def _change(node: "exp.Expr", table: str) -> list[Effect]:
    from sqlglot import exp  # noqa: PLC0415  # see above

    match node:
        case exp.Insert():
            conflict = node.args.get("conflict")
            overwrites = conflict is not None and bool(conflict.args.get("expressions"))
            more = "overwrites those that are there" if overwrites else ""
            return [Effect(Kind.CHANGES if overwrites else Kind.ADDS, table, more, loses=overwrites)]
        case exp.Update():
            if _fills_gaps(node):
                return [Effect(Kind.CHANGES, table, "only where nothing stands")]
            return [Effect(Kind.CHANGES, table, "" if node.args.get("where") else "all of them: no WHERE", loses=True)]
        case exp.Delete():
            return [Effect(Kind.DELETES, table, "" if node.args.get("where") else "all of them: no WHERE", loses=True)]
        case exp.TruncateTable():
            return [Effect(Kind.EMPTIES, table, loses=True)]
        case _:
            return [Effect(Kind.CHANGES, table, "by MERGE", loses=True)]


def _fills_gaps(node: "exp.Update") -> bool:
    """True for `UPDATE t SET a = … WHERE a IS NULL AND …`: it overwrites nothing."""
    from sqlglot import exp  # noqa: PLC0415  # see above

    where = node.args.get("where")
    if where is None or node.args.get("from_") or node.args.get("from"):
        return False
    condition = where.this
    both = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    empty = {one.this.name for one in both if _is_null(one)}
    targets = [one.this if isinstance(one, exp.EQ) else None for one in node.expressions]
    return bool(targets) and all(isinstance(one, exp.Column) and one.name in empty for one in targets)


def _is_null(node: "exp.Expr") -> bool:
    """True for `a IS NULL` and nothing else: not for `a IS NOT NULL`, which is the same with a flag."""
    from sqlglot import exp  # noqa: PLC0415  # see above

    said = {key for key, value in node.args.items() if value}
    return (
        isinstance(node, exp.Is)
        and said == {"this", "expression"}
        and isinstance(node.this, exp.Column)
        and isinstance(node.expression, exp.Null)
    )


def _table(node: object) -> str:
    from sqlglot import exp  # noqa: PLC0415  # see above

    if isinstance(node, exp.Schema):
        node = node.this
    if not isinstance(node, exp.Table):
        found = node.find(exp.Table) if isinstance(node, exp.Expr) else None
        if found is None:
            return ""
        node = found
    parts = [one for one in (node.args.get("db"), node.this) if one is not None]
    return ".".join(
        (one.name if one.args.get("quoted") else one.name.lower()) if isinstance(one, exp.Identifier) else one.name
        for one in parts
    )
