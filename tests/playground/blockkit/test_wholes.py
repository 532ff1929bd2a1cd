"""Whole views and whole messages: what counts over all of their blocks."""

import pytest

from playground.blockkit import check_message, check_view


def plain(text="Words"):
    return {"type": "plain_text", "text": text}


LINE = {"type": "divider"}
INPUT = {"type": "input", "label": plain(), "element": {"type": "plain_text_input"}}
MODAL = {
    "type": "modal",
    "title": plain(),
    "submit": plain(),
    "close": plain(),
    "blocks": [INPUT],
    "private_metadata": "{}",
    "callback_id": "aikeys:declare",
    "external_id": "x",
    "clear_on_close": False,
    "notify_on_close": True,
}
HOME = {"type": "home", "blocks": [LINE], "callback_id": "home", "private_metadata": ""}


def told(found):
    return [(one.pointer, one.code) for one in found]


def without(view, name):
    return {key: value for key, value in view.items() if key != name}


@pytest.mark.parametrize("view", [MODAL, HOME, without({**MODAL, "blocks": [LINE]}, "submit")])
def test_a_view_that_is_taken(view):
    assert check_view(view) == []


FOCUSED = {**INPUT, "element": {"type": "plain_text_input", "focus_on_load": True}}
VIEWS = [
    (None, "", "wrong_type"),
    ({}, "/type", "missing"),
    ({**MODAL, "type": "dialog"}, "/type", "unknown_kind"),
    (without(MODAL, "title"), "/title", "missing"),
    (without(MODAL, "blocks"), "/blocks", "missing"),
    (without(MODAL, "submit"), "/submit", "missing"),
    ({**MODAL, "title": plain("x" * 25)}, "/title/text", "too_long"),
    ({**MODAL, "submit": plain("x" * 25)}, "/submit/text", "too_long"),
    ({**MODAL, "close": plain("x" * 25)}, "/close/text", "too_long"),
    ({**MODAL, "title": {"type": "mrkdwn", "text": "x"}}, "/title/type", "bad_value"),
    ({**MODAL, "private_metadata": "x" * 3001}, "/private_metadata", "too_long"),
    ({**MODAL, "private_metadata": {}}, "/private_metadata", "wrong_type"),
    ({**MODAL, "callback_id": "x" * 256}, "/callback_id", "too_long"),
    ({**MODAL, "external_id": "x" * 256}, "/external_id", "too_long"),
    ({**MODAL, "notify_on_close": "yes"}, "/notify_on_close", "wrong_type"),
    ({**MODAL, "text": "x"}, "/text", "unknown_key"),
    ({**MODAL, "blocks": []}, "/blocks", "too_few"),
    ({**MODAL, "blocks": [LINE] * 101}, "/blocks", "too_many"),
    ({**MODAL, "blocks": {}}, "/blocks", "wrong_type"),
    ({**MODAL, "blocks": [{"type": "markdown", "text": "x"}]}, "/blocks/0/type", "wrong_surface"),
    ({**MODAL, "blocks": [FOCUSED, FOCUSED]}, "/blocks/1/element/focus_on_load", "duplicate"),
    (
        {**MODAL, "blocks": [{**LINE, "block_id": "a"}, {**LINE, "block_id": "a"}]},
        "/blocks/1/block_id",
        "duplicate",
    ),
    ({**HOME, "submit": plain()}, "/submit", "unknown_key"),
    ({**HOME, "title": plain()}, "/title", "unknown_key"),
    (without(HOME, "blocks"), "/blocks", "missing"),
]


@pytest.mark.parametrize(("view", "pointer", "code"), VIEWS)
def test_a_view_that_is_refused(view, pointer, code):
    assert told(check_view(view)) == [(pointer, code)]


def test_a_view_has_a_size():
    text = {"type": "section", "text": plain("é" * 3000)}  # two bytes each
    big = {**HOME, "blocks": [text] * 42}

    assert told(check_view(big)) == [("", "too_large")]
    assert check_view({**HOME, "blocks": [text] * 41}) == []


def test_a_home_tab_with_inputs_needs_no_submit():
    assert check_view({**HOME, "blocks": [INPUT]}) == []


TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
DATA = {"type": "data_table", "caption": "x", "rows": [[{"type": "raw_text", "text": "x"}]] * 2}
PLAN = {"type": "plan", "title": "x", "tasks": [{"task_id": "1", "title": "x", "status": "pending"}]}
CHART = {"type": "data_visualization", "title": "x", "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]}}


def markdown(length):
    return {"type": "markdown", "text": "x" * length}


MESSAGES = [
    {"text": "hello"},
    {"text": "", "blocks": [LINE]},
    {"text": "gone", "blocks": [], "attachments": []},
    {"text": "x", "channel": "C1", "thread_ts": "1.2", "blocks": None},
    {"text": "x", "attachments": [{"color": "#2eb886", "blocks": [LINE], "fallback": "x"}]},
    {"attachments": [{"fallback": "x", "fields": [{"title": "a", "value": "b", "short": True}], "ts": 1}]},
    {"text": "x", "blocks": [TABLE, PLAN, CHART, CHART, markdown(6_000), markdown(6_000)]},
]


@pytest.mark.parametrize("payload", MESSAGES)
def test_a_message_that_is_taken(payload):
    assert check_message(payload) == []


REFUSED = [
    ({}, "/text", "missing"),
    ({"text": "", "blocks": []}, "/text", "missing"),
    ({"text": 7}, "/text", "wrong_type"),
    ({"text": "x" * 40_001}, "/text", "too_long"),
    ({"blocks": "[]"}, "/blocks", "wrong_type"),
    ({"blocks": [LINE] * 51}, "/blocks", "too_many"),
    ({"blocks": [{"type": "alert", "text": plain()}]}, "/blocks/0/type", "wrong_surface"),
    ({"blocks": [TABLE, TABLE]}, "/blocks/1", "too_many"),
    ({"blocks": [TABLE, DATA]}, "/blocks/1", "too_many"),
    ({"blocks": [TABLE], "attachments": [{"blocks": [DATA]}]}, "/attachments/0/blocks/0", "too_many"),
    (
        {"blocks": [TABLE, {"type": "container", "title": plain(), "child_blocks": [TABLE]}]},
        "/blocks/1/child_blocks/0",
        "too_many",
    ),
    ({"blocks": [PLAN, PLAN]}, "/blocks/1", "too_many"),
    ({"blocks": [CHART] * 3}, "/blocks/2", "too_many"),
    ({"blocks": [markdown(12_001)]}, "/blocks/0/text", "too_long"),
    ({"blocks": [markdown(6_000), markdown(6_001)]}, "/blocks/1/text", "too_long"),
    ({"attachments": {}, "text": "x"}, "/attachments", "wrong_type"),
    ({"attachments": [{"fallback": "x"}] * 101}, "/attachments", "too_many"),
    ({"attachments": ["x"]}, "/attachments/0", "wrong_type"),
    ({"attachments": [{"color": "#000000"}]}, "/attachments/0", "missing"),
    ({"attachments": [{"text": "x", "color": "red"}]}, "/attachments/0/color", "bad_format"),
    ({"attachments": [{"text": "x", "style": "x"}]}, "/attachments/0/style", "unknown_key"),
    ({"attachments": [{"text": "x", "footer": "x" * 301}]}, "/attachments/0/footer", "too_long"),
    ({"attachments": [{"text": "x", "fields": [{"short": True}]}]}, "/attachments/0/fields/0", "missing"),
    ({"attachments": [{"blocks": [{"type": "blink"}]}]}, "/attachments/0/blocks/0/type", "unknown_kind"),
    (
        {"blocks": [{**LINE, "block_id": "a"}], "attachments": [{"blocks": [{**LINE, "block_id": "a"}]}]},
        "/attachments/0/blocks/0/block_id",
        "duplicate",
    ),
]


@pytest.mark.parametrize(("payload", "pointer", "code"), REFUSED)
def test_a_message_that_is_refused(payload, pointer, code):
    assert told(check_message(payload)) == [(pointer, code)]


OF_VIEWS = [
    (24, lambda n: {**MODAL, "title": plain("x" * n)}),
    (24, lambda n: {**MODAL, "submit": plain("x" * n)}),
    (24, lambda n: {**MODAL, "close": plain("x" * n)}),
    (3000, lambda n: {**MODAL, "private_metadata": "x" * n}),
    (255, lambda n: {**MODAL, "callback_id": "x" * n}),
    (255, lambda n: {**MODAL, "external_id": "x" * n}),
    (100, lambda n: {**MODAL, "blocks": [LINE] * n}),
    (200, lambda n: {**MODAL, "blocks": [{"type": "alert", "text": plain("x" * n)}]}),
]


@pytest.mark.parametrize(("most", "make"), OF_VIEWS)
def test_a_view_as_large_as_it_may_be(most, make):
    assert check_view(make(most)) == []
    assert [one.code for one in check_view(make(most + 1))] in (["too_long"], ["too_many"])


OF_MESSAGES = [
    (40_000, lambda n: {"text": "x" * n}),
    (50, lambda n: {"blocks": [LINE] * n}),
    (100, lambda n: {"attachments": [{"text": "x"}] * n}),
    (50, lambda n: {"attachments": [{"blocks": [LINE] * n}]}),
    (300, lambda n: {"attachments": [{"text": "x", "footer": "x" * n}]}),
    (3000, lambda n: {"attachments": [{"text": "x", "title_link": "https://example.com/".ljust(n, "x")}]}),
    (50, lambda n: {"blocks": [plan(n)]}),
    (2, lambda n: {"blocks": [CHART] * n}),
    (1, lambda n: {"blocks": [TABLE] * n}),
    (1, lambda n: {"blocks": [plan(1)] * n}),
]


def plan(tasks):
    given = [{"task_id": str(i), "title": "x", "status": "pending"} for i in range(tasks)]
    return {"type": "plan", "title": "x", "tasks": given}


@pytest.mark.parametrize(("most", "make"), OF_MESSAGES)
def test_a_message_as_large_as_it_may_be(most, make):
    assert check_message(make(most)) == []
    assert [one.code for one in check_message(make(most + 1))] in (["too_long"], ["too_many"])
