"""What is pinned is what is digested: every difference is found and named, and nothing else is one."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.approvals.policy import RiskClass
from bot.plan import Plan, differs, digest

names = st.text(st.characters(codec="utf-8", exclude_characters="."), min_size=1, max_size=8)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=12)
    | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=8
)
pinned = st.dictionaries(names, values, max_size=6)


@given(pinned, pinned)
def test_a_difference_is_named_exactly_where_the_digest_differs(old, new):
    assert (differs(old, new) == []) == (digest(old) == digest(new))


@given(pinned)
def test_the_order_of_fields_does_not_matter(facts):
    turned = dict(reversed(list(facts.items())))
    assert digest(facts) == digest(turned)
    assert digest(json.loads(json.dumps(facts))) == digest(facts)


def leaves_of(facts, path=()):
    for key, value in facts.items():
        if isinstance(value, dict) and value:
            yield from leaves_of(value, (*path, key))
        else:
            yield (*path, key)


@given(pinned.filter(bool), st.data())
def test_any_single_field_that_changed_is_named(facts, data):
    path = data.draw(st.sampled_from(sorted(leaves_of(facts))))
    changed = json.loads(json.dumps(facts))
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = ["something", "that was", "not there", 17.25]
    if facts != changed:
        assert differs(facts, changed) == [".".join(path)]
    del place[path[-1]]
    assert any(".".join(path).startswith(name) for name in differs(facts, changed))


@pytest.mark.parametrize(("old", "new"), [(1, True), (0, False), (1, 1.0), ("1", 1), (None, "null"), ([], {})])
def test_what_python_takes_for_equal_and_json_does_not(old, new):
    assert differs({"a": old}, {"a": new}) == ["a"]


def test_half_a_surrogate_stays_itself():
    assert digest({"a": "\ud800"}) != digest({"a": "\ud801"})


def test_a_number_that_json_does_not_have_is_refused():
    with pytest.raises(ValueError, match="float"):
        digest({"a": float("nan")})


@given(pinned)
def test_a_plan_is_read_back_as_it_was(facts):
    plan = Plan(
        command="deploy",
        line="deploy health",
        title="Deploy health",
        subject="function/health",
        risk_class=RiskClass.REVERSIBLE,
        pinned=facts,
        changes=("code",),
        shown=("3 callers", {"type": "divider"}),
    )
    again = Plan.from_json(json.loads(json.dumps(plan.to_json())))
    assert again.digest == plan.digest
    assert (again.changes, again.shown, again.risk_class) == (plan.changes, plan.shown, plan.risk_class)


def test_the_digest_is_the_same_in_every_version():
    """What waits when the bot is updated is granted after it: by the digest that was kept."""
    kept = hashlib.sha256(
        '{"commit":"abc","live":{"sha":null,"version":7},"name":"Bücher","ok":true}'.encode()
    ).hexdigest()
    assert digest({"commit": "abc", "live": {"version": 7, "sha": None}, "name": "Bücher", "ok": True}) == kept


def test_a_plan_is_kept_with_these_fields_and_no_others():
    one = Plan("deploy", "deploy x", "Deploy x", "function/x", RiskClass.SCHEMA, {"a": 1}, ("c",), ("d",), ("s",))
    assert one.to_json() == {
        "command": "deploy", "line": "deploy x", "title": "Deploy x", "subject": "function/x", "risk_class": "schema",
        "pinned": {"a": 1}, "changes": ("c",), "dangers": ("d",), "shown": ("s",),
    }  # fmt: skip
    assert Plan.from_json(one.to_json()) == one


def test_what_is_shown_is_not_digested():
    one = Plan("deploy", "deploy x", "Deploy x", "function/x", RiskClass.REVERSIBLE, {"a": 1}, shown=("3 callers",))
    two = Plan("deploy", "deploy x", "Deploy x", "function/x", RiskClass.REVERSIBLE, {"a": 1}, shown=("9 callers",))
    assert one.digest == two.digest
