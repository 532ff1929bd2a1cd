"""docs/threats.md: every threat has its tests, every test is there, and `make attack` knows them all."""

import ast
import re
from pathlib import Path

import pytest

from tests.attack.page import Threat, threats

WHO = (
    "outsider", "guest", "Slack Connect", "viewer", "operator gone bad", "log author", "webhook caller",
    "sender of alerts", "bot token", "app token", "Supabase token", "laptop", "copy",
)  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> list[Threat]:
    return threats(Path(__file__).parents[2] / "docs" / "threats.md")


def test_each_row_says_what_stops_it_what_does_not_and_by_which_tests(rows):
    for one in rows:
        assert min(map(len, (one.who, one.wants, one.stopped, one.open))) > 5, one.who
        assert one.tests, one.who


@pytest.mark.parametrize("who", WHO)
def test_everybody_who_could_want_something_is_on_the_page(rows, who):
    assert [one for one in rows if who in one.who]


def test_each_test_that_is_named_is_there(rows, root):
    missing = [test for one in rows for test in one.tests if not _is_there(root, test)]
    assert missing == []


def _is_there(root: Path, test: str) -> bool:
    file, *names = test.split("::")
    path = root / file
    if not path.is_file():
        return False
    found: list[ast.AST] = [ast.parse(path.read_text())]
    for name in names:
        found = [node for parent in found for node in ast.iter_child_nodes(parent) if getattr(node, "name", "") == name]
    return bool(found)


def test_every_test_of_the_attacks_belongs_to_a_threat(rows, root):
    """None is written that guards against nobody."""
    named = {test for one in rows for test in one.tests}
    files = {test.partition("::")[0] for test in named if "::" not in test}
    for path in sorted((root / "tests" / "attack").glob("test_*.py")):
        file = path.relative_to(root).as_posix()
        for name in re.findall(r"^ {0,4}(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE):
            assert file in files or any(
                test.startswith(f"{file}::") and test.endswith(f"::{name}") for test in named
            ), name
