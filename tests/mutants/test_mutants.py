"""The mutants themselves: each kind is made, what decides nothing is left, and a planted one is what everybody runs."""

import pytest

from bot.approvals import policy
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.planting import plant
from tests.mutants.python import ROOT, changed, mutants
from tests.mutants.sql import changes
from tests.mutants.subjects import SUBJECTS


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a and b", {"a or b"}),
        ("not a", {"a"}),
        ("a if b else c", {"a if not b else c"}),
        ("f(3)", {"f(4)", "f(2)"}),
        ("f(True)", {"f(False)"}),
        ("f('granted')", {"f('grantedx')"}),
        ("f('You cannot.')", set()),
        ("f(a, b)", {"f(b, a)"}),
        ("any(a)", {"all(a)"}),
        ("a += 1", {"a -= 1", "pass", "a += 2", "a += 0"}),
        ("log.info('said', a=1)", set()),
        ("isinstance(a, B | C)", set()),
    ],
)
def test_python(code, expected):
    assert {one.removesuffix("\n") for one in changed(code)} - {"pass"} == expected - {"pass"}
    assert "pass" not in expected or "pass" in changed(code)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("WHERE a = 1 AND b < c", {"a <> 1", "1 OR b", "b <= c", "b >= c", "WHERE b < c", "a = 1 ", "a = 2", "a = 0"}),
        ("UPDATE t SET a = b WHERE c IS NULL", {"c IS NOT NULL", "WHERE 1"}),
        ("WHERE NOT EXISTS (SELECT 1 FROM t)", {"WHERE EXISTS (", "WHERE 1"}),
        ("SELECT a FROM t ORDER BY a LIMIT ?", {"a DESC LIMIT"}),
        ("x INTEGER CHECK (x BETWEEN 1 AND 9)", {"INTEGER ", "0 AND", "2 AND", "AND 8", "AND 10"}),
        ("SELECT RAISE(ABORT, 'too_late') WHERE a <> 'b'", {"a = 'b'", "'bx'", "WHERE 1"}),
        ("BEGIN DELETE FROM t; END", {"BEGIN SELECT 1; END"}),
        ("-- a = 1 AND b", set()),
    ],
)
def test_sql(sql, expected):
    found = [one.text for one in changes(sql)]
    assert all(any(part in one for one in found) for part in expected)
    assert len(found) == len(expected)


def test_a_planted_one_is_what_everybody_runs():
    """In the very objects that others have imported; and the healthy code changes nothing and can be put back."""
    path, healthy = "bot/approvals/policy.py", (ROOT / "bot/approvals/policy.py").read_text()
    needed = policy.needed
    assert plant(path, compile(healthy, str(ROOT / path), "exec")) == 0
    try:
        ill = healthy.replace("minutes=30", "minutes=31").replace("return 1 if alone", "return 7 if alone")
        assert plant(path, compile(ill, str(ROOT / path), "exec")) == 2
        assert needed(policy.RiskClass.SCHEMA, alone=True) == 7
        assert policy.EXPIRY.total_seconds() == 31 * 60
    finally:
        plant(path, compile(healthy, str(ROOT / path), "exec"))
    assert needed(policy.RiskClass.SCHEMA, alone=True) == 1


def test_what_is_listed_is_there():
    """Each module has mutants of names of their own; each that is called the same program is one of them."""
    assert len({one.path for one in SUBJECTS}) == len(SUBJECTS)
    names = [one.name for subject in SUBJECTS for one in mutants(subject.path)]
    assert len(set(names)) == len(names) > 2000
    assert set(EQUIVALENT) <= set(names)
