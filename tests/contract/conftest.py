"""What the contracts are held against."""

import ast
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def reference() -> Path:
    """Slack's and Supabase's own files; a test that needs them says so where they are not."""
    folder = os.environ.get("REFERENCE_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("REFERENCE_DATA names no folder: not held against Slack's and Supabase's own files")
    return Path(folder)


class Module:
    """One file of ours, read but not run."""

    def __init__(self, path: Path) -> None:
        self.path = path.relative_to(ROOT).as_posix()
        self.package = self.path.partition("/")[0]
        self.tree = ast.parse(path.read_text())

    def imports(self) -> list[str]:
        """The dotted names it imports, also those inside functions; not those for the type checker alone."""
        return self._imports

    @cached_property  # a dozen tests ask
    def _imports(self) -> list[str]:
        return list(self._imported())

    def _imported(self) -> Iterator[str]:
        skipped = {id(node) for branch in self._for_types() for node in ast.walk(branch)}
        for node in ast.walk(self.tree):
            if id(node) in skipped:
                continue
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.path} imports relatively"
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def _for_types(self) -> Iterator[ast.stmt]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
                yield from node.body

    def uses(self, *dotted: str) -> bool:
        """True where one of the attributes, such as `os.environ`, is spoken of."""
        last = {name.rpartition(".")[2] for name in dotted}  # to write each attribute out takes half a second a test
        named = (node for node in ast.walk(self.tree) if isinstance(node, ast.Attribute) and node.attr in last)
        return any(ast.unparse(node) in dotted for node in named)

    def strings(self) -> Iterator[str]:
        """Its texts, docstrings left out."""
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield node.value


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """All files of the product."""
    return [Module(path) for package in ("bot", "commands", "store") for path in sorted((ROOT / package).rglob("*.py"))]
