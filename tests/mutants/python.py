"""Mutants of Python by its tree: comparisons, boundaries, and/or, not, constants, statements, arguments, and SQL in it.

Left as they are: what people read (text with spaces in it, what an f-string says), log lines, types, decorators, the
names of enums, how long a list is where nobody says so. They decide nothing, and there are many of them.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import CodeType
from typing import Any

from tests.mutants import sql

ROOT = Path(__file__).parents[2]
_COMPARED: dict[type, list[type[ast.cmpop]]] = {
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.In: [ast.NotIn],
    ast.NotIn: [ast.In], ast.Lt: [ast.LtE, ast.GtE], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
}  # fmt: skip
_COUNTED: dict[type, type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_TURNED = {"min": "max", "max": "min", "any": "all", "all": "any"}
_TYPES = {"annotation", "returns", "decorator_list", "bases", "type_comment"}
_LABEL = re.compile(r"[\w./:$<>-]*")  # what is compared, looked up or stored; what people read has spaces
_UNSWAPPED = {"isinstance", "min", "max"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of *path*: in *where* (a function, a trigger), on *line*; *was*, *now*: as text; *nth* of its like."""

    path: str
    where: str
    line: int
    was: str
    now: str
    nth: int
    _plant: Callable[[], None] = field(repr=False, compare=False)
    _tree: ast.Module = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """The same for as long as the line reads the same, wherever it stands."""
        return f"{self.path}: {self.where}: {self.was} → {self.now}" + (f" ({self.nth})" if self.nth > 1 else "")

    def code(self) -> CodeType:
        """The whole module with the change. Once: the tree is changed for good."""
        self._plant()
        return compile(ast.fix_missing_locations(self._tree), str(ROOT / self.path), "exec")


def mutants(path: str) -> list[Mutant]:
    """All of the module *path*, in the order of its text."""
    tree = ast.parse((ROOT / path).read_text())
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for where, line, was, now, plant in _walk(tree, ""):
        seen[where, was, now] += 1
        found.append(Mutant(path, where, line, was, now, seen[where, was, now], plant, tree))
    return found


def changed(code: str) -> list[str]:
    """Each mutant of a piece of *code*, as text."""
    found = []
    for at in range(sum(1 for _ in _walk(ast.parse(code), ""))):
        tree = ast.parse(code)
        list(_walk(tree, ""))[at][-1]()
        found.append(ast.unparse(ast.fix_missing_locations(tree)))
    return found


_Found = tuple[str, int, str, str, Callable[[], None]]


def _walk(node: ast.AST, where: str) -> Iterator[_Found]:
    if isinstance(node, ast.arguments) and any(one.arg == "limit" for one in node.args):
        return  # how many are shown where nobody says so
    for name, value in ast.iter_fields(node):
        if name in _TYPES:
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _left(child, node):
                continue
            for was, now, new, inner, line in _changes(child, node, name):
                at_line = getattr(child, "lineno", 0) + line
                yield inner or where or "module", at_line, was, now, _put(node, name, at, new)
            named = isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            yield from _walk(child, f"{where}.{child.name}".lstrip(".") if named else where)  # type: ignore[attr-defined]  # named


def _put(parent: ast.AST, name: str, at: int | None, new: ast.AST) -> Callable[[], None]:
    def put() -> None:
        if at is None:
            setattr(parent, name, new)
        else:
            getattr(parent, name)[at] = new

    return put


def _left(node: ast.AST, parent: ast.AST) -> bool:
    """What is not mutated, nor anything in it."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or _is_log(node.value)
    if isinstance(node, ast.ClassDef):
        return any(ast.unparse(base).endswith("Enum") for base in node.bases)
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in ("__slots__", "log")
    if isinstance(node, ast.Subscript):
        return ast.unparse(node.value) in ("Literal", "Callable")
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) == "field"
    return isinstance(node, ast.Constant) and isinstance(parent, ast.JoinedStr) and not _is_sql(parent)


def _is_log(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log.")


def _is_sql(node: ast.JoinedStr) -> bool:
    return bool(
        sql.LOOKS_LIKE_IT.search("".join(str(one.value) for one in node.values if isinstance(one, ast.Constant)))
    )


_New = tuple[str, str, ast.AST, str, int]


def _changes(node: ast.AST, parent: ast.AST, name: str) -> Iterator[_New]:
    """What may stand in the place of *node*: as text before and after, the node; a place and a line within (of SQL)."""
    if isinstance(node, ast.Constant):
        yield from _constants(node, parent)
        return
    for new in _others(node):
        yield _text(node), _text(new), new, "", 0
    asked = name in ("test", "ifs", "guard") and isinstance(node, ast.expr)
    if asked and not isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp):
        turned = ast.UnaryOp(ast.Not(), node)  # type: ignore[arg-type]  # an expression, as was asked
        yield _text(node), _text(turned), turned, "", 0


def _text(node: ast.AST) -> str:
    said = " ".join(ast.unparse(ast.fix_missing_locations(node)).split())
    return said if len(said) <= 90 else f"{said[:60]} … {said[-28:]}"


def _constants(node: ast.Constant, parent: ast.AST) -> Iterator[_New]:
    value: Any = node.value
    news: list[Any] = []
    if isinstance(value, bool):
        news = [not value]
    elif isinstance(value, int | float):
        news = [value + 1, value - 1]
    elif isinstance(value, str) and (sql.LOOKS_LIKE_IT.search(value) or isinstance(parent, ast.JoinedStr)):
        for one in sql.changes(value):
            yield one.was, one.now, ast.copy_location(ast.Constant(one.text), node), one.where, one.line
    elif isinstance(value, str) and _LABEL.fullmatch(value):
        news = [f"{value}x"]
    around = _text(parent) if not isinstance(parent, ast.stmt | ast.JoinedStr) else ""
    for new in news:
        was = f"{value!r} in {around}" if around else repr(value)
        yield was, repr(new), ast.copy_location(ast.Constant(new), node), "", 0


def _others(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for at, op in enumerate(node.ops):
                for other in _COMPARED.get(type(op), []):
                    yield ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp() if type(node.op) in _COUNTED and not _is_types(node):
            yield ast.BinOp(node.left, _COUNTED[type(node.op)](), node.right)
        case ast.Call():
            yield from _calls(node)
        case ast.AugAssign():
            if type(node.op) in _COUNTED:
                yield ast.AugAssign(node.target, _COUNTED[type(node.op)](), node.value)
            yield ast.Pass()
        case ast.Expr() | ast.Raise() | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Assign() if isinstance(node.targets[0], ast.Attribute | ast.Subscript):
            yield ast.Pass()
        case ast.Return() if node.value is not None and _text(node.value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.With() if "transaction()" in ast.unparse(node.items[0]):
            yield ast.If(ast.Constant(True), node.body, [])


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    called = ast.unparse(node.func)
    if called in _TURNED:
        yield ast.Call(ast.Name(_TURNED[called], ast.Load()), node.args, node.keywords)
    if called in _UNSWAPPED or called.startswith("log."):
        return
    for at, (one, other) in enumerate(pairwise(node.args)):
        if _may_be_the_other(one) and _may_be_the_other(other) and ast.unparse(one) != ast.unparse(other):
            yield ast.Call(node.func, [*node.args[:at], other, one, *node.args[at + 2 :]], node.keywords)


def _may_be_the_other(argument: ast.expr) -> bool:
    """Sentences for people stand where they stand."""
    text = isinstance(argument, ast.Constant) and isinstance(argument.value, str) and " " in argument.value
    return not text and not isinstance(argument, ast.Starred | ast.JoinedStr | ast.IfExp)


def _is_types(node: ast.BinOp) -> bool:
    return re.fullmatch(r"[A-Z]\w*( \| \w+)+", ast.unparse(node)) is not None
