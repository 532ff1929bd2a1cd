"""The named points of the product: every log event that is on the way, none of those that tell of trouble."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
ON_THE_WAY = {"debug", "info"}


def points() -> list[str]:
    """The names, sorted, as they stand in the source."""
    found: set[str] = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=level), args=[ast.Constant(value=str(name)), *_]
                ) if level in ON_THE_WAY:
                    found.add(name)
    return sorted(found)
