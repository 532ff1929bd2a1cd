"""Every kind of event that is ever appended has its line in the timeline: in Slack, in reports, found by its words."""

import ast
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.incidents.telling import CHANGES
from bot.views.moments import LINES, line, plain
from bot.views.pens import SlackPen
from store.events import Event

_KIND = re.compile(r"[a-z]+\.[a-z]+([-_][a-z]+)*")
# Names of other things that are written in the same way, each with what it is.
OTHERS = {
    "approval.expires": "a timer",
    "deploy.watch": "a timer",
    "review.falls-due": "a timer",
    "incident.unheard": "a timer",
    "incident.unsolved": "a timer",
    "audit.key": "a file",
    "seal.key": "a file",
}
APPENDING = {"append", "move", "_moved", "NewEvent"}


def kinds(modules) -> dict[str, str]:
    """By kind where it is appended: what is given to a call that appends, by name or as it is."""
    # A name may be given twice: all that is called so counts.
    named: dict[str, set[str]] = {}
    for one in modules:
        for name, value in _constants(one.tree):
            named.setdefault(name, set()).add(value)
    found: dict[str, str] = {}
    for one in modules:
        for call in (node for node in ast.walk(one.tree) if isinstance(node, ast.Call)):
            if _name(call.func) not in APPENDING:
                continue
            for given in [*call.args, *(keyword.value for keyword in call.keywords)]:
                values = {given.value} if isinstance(given, ast.Constant) else named.get(_name(given), set())
                found |= {one_: one.path for one_ in values if isinstance(one_, str) and _KIND.fullmatch(one_)}
    return found


def _constants(tree):
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                for name, value in pairs:
                    if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                        yield name.id, value.value


def _name(node) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _in_the_schema(modules) -> set[str]:
    """Those that a trigger or an index waits for."""
    text = "\n".join(text for one in modules if one.path.startswith("store/") for text in one.strings())
    return {
        kind
        for sql in re.findall(r"kind (?:=|IN) ?\(?((?:\s*'[a-z.-]+',?)+)", text)
        for kind in re.findall(r"'([a-z]+\.[a-z-]+)'", sql)
    }


def test_each_has_its_line(modules):
    found = set(kinds(modules)) | _in_the_schema(modules)
    assert {"incident.opened", "deploy.finished", "approval.granted", "question.asked", "text.redacted"} <= found
    assert found - set(LINES) - set(OTHERS) == set()


def test_what_may_have_caused_an_incident_is_what_happens():
    """A report names what was changed before it: a kind that was renamed would be missing from it for good."""
    assert set(CHANGES) <= set(LINES)


def event(kind: str, data: dict[str, Any]) -> Event:
    return Event(7, datetime(2026, 7, 4, tzinfo=UTC), "incident/1", kind, "U0ANA", data, "<!here> *x*", "d", False, "m")


@pytest.mark.parametrize("kind", sorted(LINES))
def test_a_line_is_one_line_and_harmless_whatever_its_event_holds(kind):
    """Also an event of an older version, whose fields are others."""
    hostile = "<!channel> `x` *b* <script>\n\u202e"
    for data in (
        {},
        dict.fromkeys(("title", "what", "why", "function", "said", "detail", "name", "to", "role"), hostile),
    ):
        said = line(event(kind, data), SlackPen())
        assert said.strip()
        assert "\n" not in said
        assert "<!" not in said
        assert "\u202e" not in said
        assert "\n" not in plain(event(kind, data), {})


def test_an_event_that_nobody_knows_is_named():
    assert "`from.tomorrow`" in line(event("from.tomorrow", {}), SlackPen())


def test_whose_word_it_was():
    said = line(event("step.result", {"outcome": "done", "detail": "over “NOT PROVEN. x”"}), SlackPen())
    assert "done, as <@U0ANA> said, over “NOT PROVEN. x”" in said
    given_up = {"outcome": "failed", "why": "Given up by a human."}
    assert line(event("operation.finished", given_up), SlackPen()).endswith("is failed. <@U0ANA> gave it up.")
