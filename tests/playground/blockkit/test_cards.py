"""The blocks of 2026, and which surface takes which block."""

import pytest

from playground.blockkit import check_blocks


def plain(text="Words"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="*Words*"):
    return {"type": "mrkdwn", "text": text}


PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a graph"}
BUTTON = {"type": "button", "text": plain(), "action_id": "go"}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
LINE = {"type": "divider"}

ALERT = {"type": "alert", "text": mrkdwn(), "level": "warning"}
CARD = {
    "type": "card",
    "title": mrkdwn(),
    "subtitle": plain(),
    "body": mrkdwn(),
    "subtext": plain(),
    "slack_icon": {"type": "icon", "name": "rocket"},
    "hero_image": PICTURE,
    "actions": [BUTTON],
}
CAROUSEL = {"type": "carousel", "elements": [CARD, {"type": "card", "body": mrkdwn()}]}
CONTAINER = {
    "type": "container",
    "title": plain(),
    "subtitle": mrkdwn(),
    "width": "full",
    "icon": PICTURE,
    "is_collapsible": True,
    "default_collapsed": True,
    "child_blocks": [{"type": "section", "text": mrkdwn()}, LINE, RICH, TABLE],
}
TASK = {"task_id": "1", "title": "Deploy", "status": "pending"}
TASK_CARD = {
    **TASK,
    "type": "task_card",
    "status": "error",
    "details": RICH,
    "output": RICH,
    "sources": [{"type": "url", "url": "https://example.com", "text": "the log"}],
}
PLAN = {"type": "plan", "title": "Deploying", "tasks": [TASK, {**TASK_CARD, "task_id": "2", "block_id": "t"}]}


def found_in(block, surface):
    found = check_blocks([block], surface)
    return [(one.pointer.removeprefix("/blocks/0"), one.code) for one in found]


TAKEN = [(ALERT, "modal"), (CARD, "message"), (CARD, "home"), (CAROUSEL, "message"), (CONTAINER, "message")]
TAKEN += [(TASK_CARD, "message"), (PLAN, "message"), ({**CONTAINER, "child_blocks": [LINE]}, "home")]


@pytest.mark.parametrize(("block", "surface"), TAKEN)
def test_taken(block, surface):
    assert found_in(block, surface) == []


def without(block, *names):
    return {key: value for key, value in block.items() if key not in names}


REFUSED = [
    (without(ALERT, "text"), "/text", "missing"),
    ({**ALERT, "text": mrkdwn("x" * 201)}, "/text/text", "too_long"),
    ({**ALERT, "level": "danger"}, "/level", "bad_value"),
    # card
    ({"type": "card", "subtitle": plain()}, "", "missing"),
    ({**CARD, "title": plain("x" * 151)}, "/title/text", "too_long"),
    ({**CARD, "body": plain("x" * 201)}, "/body/text", "too_long"),
    ({**CARD, "subtext": plain("x" * 201)}, "/subtext/text", "too_long"),
    ({**CARD, "title": "Words"}, "/title", "wrong_type"),
    ({**CARD, "icon": PICTURE}, "/slack_icon", "conflict"),
    ({**CARD, "slack_icon": {"type": "icon", "name": "unicorn"}}, "/slack_icon/name", "bad_value"),
    ({**CARD, "hero_image": "https://example.com/a.png"}, "/hero_image", "wrong_type"),
    ({**CARD, "actions": [without(BUTTON, "action_id")] * 4}, "/actions", "too_many"),
    ({**CARD, "actions": [BUTTON, BUTTON]}, "/actions/1/action_id", "duplicate"),
    # carousel
    ({**CAROUSEL, "elements": []}, "/elements", "too_few"),
    ({**CAROUSEL, "elements": [CARD] * 11}, "/elements", "too_many"),
    # container
    (without(CONTAINER, "title"), "", "missing"),
    ({**CONTAINER, "title": mrkdwn()}, "/title/type", "bad_value"),
    ({**CONTAINER, "title": plain("x" * 151)}, "/title/text", "too_long"),
    ({**CONTAINER, "subtitle": plain("x" * 151)}, "/subtitle/text", "too_long"),
    ({**CONTAINER, "child_blocks": []}, "/child_blocks", "too_few"),
    ({**CONTAINER, "child_blocks": [LINE] * 11}, "/child_blocks", "too_many"),
    ({**CONTAINER, "child_blocks": [CONTAINER]}, "/child_blocks/0/type", "unknown_kind"),
    ({**CONTAINER, "width": "huge"}, "/width", "bad_value"),
    ({**CONTAINER, "has_header_divider": True}, "/has_header_divider", "conflict"),
    (without(CONTAINER, "is_collapsible"), "/default_collapsed", "conflict"),
    # task_card and plan
    (without(TASK_CARD, "status"), "/status", "missing"),
    ({**TASK_CARD, "status": "pending"}, "/status", "bad_value"),
    ({**TASK_CARD, "title": plain()}, "/title", "wrong_type"),
    ({**TASK_CARD, "details": "words"}, "/details", "wrong_type"),
    ({**TASK_CARD, "sources": [{"type": "url", "url": "x", "text": "x"}]}, "/sources/0/url", "bad_url"),
    (without(PLAN, "title"), "/title", "missing"),
    ({**PLAN, "tasks": [{**TASK, "status": "done"}]}, "/tasks/0/status", "bad_value"),
    ({**PLAN, "tasks": [TASK, TASK]}, "/tasks/1/task_id", "duplicate"),
    ({**PLAN, "tasks": [{**TASK, "task_id": str(n)} for n in range(51)]}, "/tasks", "too_many"),
    ({**PLAN, "tasks": [{**TASK, "type": "card"}]}, "/tasks/0/type", "bad_value"),
]


@pytest.mark.parametrize(("block", "pointer", "code"), REFUSED)
def test_refused(block, pointer, code):
    assert found_in(block, "modal" if block["type"] == "alert" else "message") == [(pointer, code)]


ELSEWHERE = [
    (ALERT, "message"),
    (ALERT, "home"),
    (CARD, "modal"),
    (CAROUSEL, "modal"),
    (CONTAINER, "modal"),
    (PLAN, "home"),
    (TASK_CARD, "modal"),
    ({"type": "markdown", "text": "x"}, "modal"),
    ({"type": "file", "external_id": "x", "source": "remote"}, "home"),
    (TABLE, "modal"),
    ({"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain()}]}, "home"),
    (
        {
            "type": "data_visualization",
            "title": "x",
            "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
        },
        "home",
    ),
]


@pytest.mark.parametrize(("block", "surface"), ELSEWHERE)
def test_a_surface_does_not_take_every_block(block, surface):
    assert ("/type", "wrong_surface") in found_in(block, surface)


def test_what_a_surface_does_not_take_hides_in_no_container():
    block = {"type": "container", "title": plain(), "child_blocks": [LINE, TABLE]}

    assert found_in(block, "home") == [("/child_blocks/1/type", "wrong_surface")]


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_stack_has_an_end(surface, most):
    assert check_blocks([LINE] * most, surface) == []
    assert [(one.pointer, one.code) for one in check_blocks([LINE] * (most + 1), surface)] == [("/blocks", "too_many")]
