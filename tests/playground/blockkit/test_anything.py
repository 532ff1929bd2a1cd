"""The checker against what nobody thought of, against a second judge, and against the clock."""

import json
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from playground.blockkit import CODES, check_blocks, check_message, check_view
from playground.blockkit.surfaces import EVERYWHERE, SURFACES, WHERE

KEYS = sorted({name for shape, _ in WHERE for name in shape.fields} | {"elements", "options", "value", "style"})
KINDS = [*sorted(str(kind) for kind in SURFACES), "button", "mrkdwn", "plain_text", "rich_text_section", "text", "pie"]

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(KINDS)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=5)
        | st.fixed_dictionaries({"type": st.sampled_from(KINDS)}, optional=dict.fromkeys(KEYS[:12], inner))
    ),
    max_leaves=20,
)


def resolve(document, pointer):
    """Follow a JSON pointer; a problem about something missing points at where it should be."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


@settings(max_examples=400, deadline=None)
@given(JSON, st.sampled_from(["message", "modal", "home"]))
def test_no_json_raises_and_every_pointer_leads_somewhere(value, surface):
    document = {"blocks": value, "text": value, "attachments": [{"blocks": value}, value]}
    for found in (check_blocks(value, surface), check_message(document)):
        for problem in found:
            assert problem.code in CODES
            if problem.code != "missing":
                resolve(document, problem.pointer)

    for view in (value, {"type": "modal", "title": value, "blocks": value}, {"type": "home", "blocks": value}):
        assert all(problem.code in CODES for problem in check_view(view))


@pytest.mark.parametrize("name", ["blocks", "attachments", "text"])
def test_depth_is_no_trouble(name):
    deep: object = {"type": "table", "rows": []}
    for _ in range(100_000):
        deep = {"type": "table", "rows": [deep]}

    assert check_message({name: [deep] if name != "text" else deep})
    assert check_view({"type": "home", "blocks": [deep]})


def blocks_of_ours():
    """One of each classic block, with every field that both we and slack_sdk know."""
    words = {"type": "mrkdwn", "text": "*hello*"}
    plain = {"type": "plain_text", "text": "hello", "emoji": True}
    confirm = {"title": plain, "text": words, "confirm": plain, "deny": plain, "style": "danger"}
    button = {"type": "button", "action_id": "a", "text": plain, "value": "1", "style": "primary", "confirm": confirm}
    options = [{"text": plain, "value": "a"}, {"text": plain, "value": "b"}]
    select = {"type": "static_select", "action_id": "s", "options": options, "initial_option": options[1]}
    typed = {"type": "plain_text_input", "action_id": "t", "multiline": True, "max_length": 3000}
    rich = [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]}]
    return [
        {"type": "section", "text": words, "fields": [words, plain], "accessory": button},
        {"type": "header", "text": plain},
        {"type": "divider", "block_id": "d"},
        {"type": "context", "elements": [words, {"type": "image", "image_url": "https://x.y/z", "alt_text": "z"}]},
        {"type": "actions", "elements": [button, select, {"type": "overflow", "action_id": "o", "options": options}]},
        {"type": "input", "label": plain, "element": typed, "optional": True},
        {"type": "rich_text", "elements": rich},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]], "column_settings": [{"align": "right"}]},
        {"type": "plan", "title": "x", "tasks": [{"task_id": "1", "title": "x", "status": "complete"}]},
    ]


@pytest.mark.parametrize("block", blocks_of_ours(), ids=lambda block: block["type"])
def test_what_slacks_own_models_write_is_taken(block):
    """slack_sdk reads the block, writes it as it would go over the wire, and finds nothing wrong; nor do we."""
    read = Block.parse(block)
    assert read is not None
    wire = json.loads(json.dumps(read.to_dict()))

    assert check_blocks([wire], "message") == []
    assert wire == block


def test_fifty_full_blocks_take_less_than_two_milliseconds():
    blocks = [{**blocks_of_ours()[0], "block_id": str(n)} for n in range(50)]
    message = {"text": "x", "blocks": blocks}
    assert check_message(message) == []

    def once():
        began = process_time()
        check_message(message)
        return process_time() - began

    assert min(once() for _ in range(50)) < 0.002


def test_every_block_names_its_surfaces():
    assert all(surfaces <= EVERYWHERE for _, surfaces in WHERE)
    assert len(SURFACES) == len(WHERE) == 21
