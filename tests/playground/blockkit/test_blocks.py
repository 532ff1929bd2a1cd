"""The blocks that have always been there: one that Slack takes, and what it refuses, by pointer and code."""

import pytest

from playground.blockkit import check_blocks


def plain(text="Words"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="*Words*"):
    return {"type": "mrkdwn", "text": text}


PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a graph going down"}
BUTTON = {"type": "button", "action_id": "go", "text": plain("Go")}
FIELD = {"type": "plain_text_input", "action_id": "why"}

SECTION = {"type": "section", "block_id": "s", "text": mrkdwn(), "accessory": BUTTON, "expand": True}
FIELDS = {"type": "section", "fields": [mrkdwn("*When*"), plain("now")]}
HEADER = {"type": "header", "text": {**plain(), "emoji": True}}
CONTEXT = {"type": "context", "elements": [mrkdwn(), plain(), PICTURE]}
ACTIONS = {"type": "actions", "elements": [BUTTON, {**BUTTON, "action_id": "stop"}]}
FEEDBACK = {
    "type": "feedback_buttons",
    "positive_button": {"text": plain("Good"), "value": "+"},
    "negative_button": {"text": plain("Bad"), "value": "-"},
}
CONTEXT_ACTIONS = {
    "type": "context_actions",
    "elements": [FEEDBACK, {"type": "icon_button", "icon": "trash", "text": plain("Delete")}],
}
INPUT = {"type": "input", "label": plain("Why?"), "element": FIELD, "hint": plain(), "optional": True}
IMAGE = {**PICTURE, "title": plain(), "block_id": "i"}
FILE = {"type": "file", "external_id": "ABCD1", "source": "remote"}
VIDEO = {
    "type": "video",
    "title": plain(),
    "alt_text": "how to",
    "video_url": "https://example.com/v",
    "thumbnail_url": "https://example.com/t.png",
    "description": plain(),
    "author_name": "Ana",
}
MARKDOWN = {"type": "markdown", "text": "# Hello\n- one"}

TAKEN = [
    SECTION,
    FIELDS,
    HEADER,
    {"type": "divider", "block_id": "d"},
    CONTEXT,
    ACTIONS,
    CONTEXT_ACTIONS,
    INPUT,
    IMAGE,
    {"type": "image", "slack_file": {"id": "F012AB3CD"}, "alt_text": "a graph"},
    FILE,
    VIDEO,
    MARKDOWN,
]


@pytest.mark.parametrize("block", TAKEN, ids=lambda block: block["type"])
def test_taken(block):
    assert check_blocks([block], "message") == []


REFUSED = [
    ({}, "/type", "missing"),
    ("divider", "", "wrong_type"),
    ({"type": "blink"}, "/type", "unknown_kind"),
    ({"type": 7}, "/type", "wrong_type"),
    ({"type": "button", "text": plain()}, "/type", "unknown_kind"),
    ({"type": "divider", "text": plain()}, "/text", "unknown_key"),
    ({"type": "divider", "block_id": ""}, "/block_id", "empty"),
    ({"type": "divider", "block_id": "b" * 256}, "/block_id", "too_long"),
    ({"type": "divider", "block_id": None}, "/block_id", "wrong_type"),
    ({"type": "divider", "a/b~c": 1}, "/a~1b~0c", "unknown_key"),
    # section
    ({"type": "section"}, "", "missing"),
    ({**SECTION, "text": mrkdwn("")}, "/text/text", "empty"),
    ({**SECTION, "text": mrkdwn("x" * 3001)}, "/text/text", "too_long"),
    ({**SECTION, "text": "plain words"}, "/text", "wrong_type"),
    ({**SECTION, "text": {"type": "mrkdwn"}}, "/text/text", "missing"),
    ({**SECTION, "text": {"type": "markdown", "text": "x"}}, "/text/type", "unknown_kind"),
    ({**SECTION, "text": {**mrkdwn(), "emoji": True}}, "/text/emoji", "unknown_key"),
    ({**SECTION, "text": {**plain(), "verbatim": True}}, "/text/verbatim", "unknown_key"),
    ({**SECTION, "text": {**mrkdwn(), "verbatim": "yes"}}, "/text/verbatim", "wrong_type"),
    ({**SECTION, "expand": 1}, "/expand", "wrong_type"),
    ({**SECTION, "accessory": FIELD}, "/accessory/type", "unknown_kind"),
    ({**SECTION, "accessory": {"type": "datetimepicker"}}, "/accessory/type", "unknown_kind"),
    ({**SECTION, "accessory": [BUTTON]}, "/accessory", "wrong_type"),
    ({"type": "section", "fields": []}, "/fields", "too_few"),
    ({"type": "section", "fields": [plain()] * 11}, "/fields", "too_many"),
    ({"type": "section", "fields": [plain(), plain("x" * 2001)]}, "/fields/1/text", "too_long"),
    # header
    ({"type": "header"}, "/text", "missing"),
    ({**HEADER, "text": mrkdwn()}, "/text/type", "bad_value"),
    ({**HEADER, "text": plain("x" * 151)}, "/text/text", "too_long"),
    # context
    ({**CONTEXT, "elements": []}, "/elements", "too_few"),
    ({**CONTEXT, "elements": [plain()] * 11}, "/elements", "too_many"),
    ({**CONTEXT, "elements": [BUTTON]}, "/elements/0/type", "unknown_kind"),
    ({**CONTEXT, "elements": plain()}, "/elements", "wrong_type"),
    # actions
    ({**ACTIONS, "elements": []}, "/elements", "too_few"),
    ({**ACTIONS, "elements": [{"type": "button", "text": plain()}] * 26}, "/elements", "too_many"),
    ({**ACTIONS, "elements": [BUTTON, BUTTON]}, "/elements/1/action_id", "duplicate"),
    ({**ACTIONS, "elements": [PICTURE]}, "/elements/0/type", "unknown_kind"),
    ({**ACTIONS, "elements": [{"type": "multi_users_select"}]}, "/elements/0/type", "unknown_kind"),
    # context_actions
    ({**CONTEXT_ACTIONS, "elements": [BUTTON]}, "/elements/0/type", "unknown_kind"),
    ({**CONTEXT_ACTIONS, "elements": [FEEDBACK] * 6}, "/elements", "too_many"),
    ({**CONTEXT_ACTIONS, "elements": []}, "/elements", "too_few"),
    # input
    ({"type": "input", "label": plain()}, "/element", "missing"),
    ({**INPUT, "label": mrkdwn()}, "/label/type", "bad_value"),
    ({**INPUT, "label": plain("x" * 2001)}, "/label/text", "too_long"),
    ({**INPUT, "hint": plain("x" * 2001)}, "/hint/text", "too_long"),
    ({**INPUT, "element": BUTTON}, "/element/type", "unknown_kind"),
    ({**INPUT, "optional": "no"}, "/optional", "wrong_type"),
    # image
    ({"type": "image", "alt_text": "x"}, "", "missing"),
    ({"type": "image", "image_url": "https://example.com/a.png"}, "/alt_text", "missing"),
    ({**IMAGE, "slack_file": {"id": "F1"}}, "/slack_file", "conflict"),
    ({**IMAGE, "image_url": "a.png"}, "/image_url", "bad_url"),
    ({**IMAGE, "image_url": "ftp://example.com/a.png"}, "/image_url", "bad_url"),
    ({**IMAGE, "image_url": "https://example.com/" + "a" * 3000}, "/image_url", "too_long"),
    ({**IMAGE, "alt_text": "x" * 2001}, "/alt_text", "too_long"),
    ({**IMAGE, "title": mrkdwn()}, "/title/type", "bad_value"),
    ({"type": "image", "alt_text": "x", "slack_file": {}}, "/slack_file", "missing"),
    (
        {"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": "https://x.y"}},
        "/slack_file/url",
        "conflict",
    ),
    # file
    ({**FILE, "source": "local"}, "/source", "bad_value"),
    ({"type": "file", "source": "remote"}, "/external_id", "missing"),
    # video
    ({**VIDEO, "video_url": "http://example.com/v"}, "/video_url", "bad_url"),
    ({**VIDEO, "title": plain("x" * 200)}, "/title/text", "too_long"),
    ({**VIDEO, "author_name": "x" * 50}, "/author_name", "too_long"),
    ({**VIDEO, "title": mrkdwn()}, "/title/type", "bad_value"),
    # markdown
    ({**MARKDOWN, "text": ""}, "/text", "empty"),
    ({**MARKDOWN, "text": mrkdwn()}, "/text", "wrong_type"),
]


@pytest.mark.parametrize(("block", "pointer", "code"), REFUSED)
def test_refused(block, pointer, code):
    found = check_blocks([{"type": "divider"}, block], "message")

    assert [(one.pointer, one.code) for one in found] == [("/blocks/1" + pointer, code)]


def test_every_problem_is_told_at_once():
    found = check_blocks([{"type": "header", "colour": "red"}, {"type": "section", "text": mrkdwn("")}], "modal")

    assert {(one.pointer, one.code) for one in found} == {
        ("/blocks/0/text", "missing"),
        ("/blocks/0/colour", "unknown_key"),
        ("/blocks/1/text/text", "empty"),
    }


@pytest.mark.parametrize("blocks", [None, {}, "[]", 7])
def test_blocks_are_a_list(blocks):
    assert [(one.pointer, one.code) for one in check_blocks(blocks, "home")] == [("/blocks", "wrong_type")]


def test_a_block_id_is_used_once():
    found = check_blocks([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}], "home")

    assert [(one.pointer, one.code) for one in found] == [("/blocks/1/block_id", "duplicate")]
