"""Block Kit on its way in: checked, and given the ids that Slack gives."""

import copy
from collections.abc import Iterator
from secrets import token_urlsafe
from typing import Any

from playground.blockkit import Problem, check_view
from playground.slack.errors import SlackError

# The element types that make a person's input or click (docs.slack.dev, “Block elements”).
INTERACTIVE = {
    "button",
    "checkboxes",
    "channels_select",
    "conversations_select",
    "datepicker",
    "datetimepicker",
    "email_text_input",
    "external_select",
    "feedback_buttons",
    "file_input",
    "icon_button",
    "multi_channels_select",
    "multi_conversations_select",
    "multi_external_select",
    "multi_static_select",
    "multi_users_select",
    "number_input",
    "overflow",
    "plain_text_input",
    "radio_buttons",
    "rich_text_input",
    "static_select",
    "timepicker",
    "url_text_input",
    "users_select",
    "workflow_button",
}


def view_body(view: object) -> dict[str, Any]:
    """A view as the app sent it, ready to keep. Raises SlackError(invalid_arguments, view_too_large)."""
    problems = check_view(view)
    if any(problem.code == "too_large" for problem in problems):
        raise SlackError("view_too_large")
    if problems or not isinstance(view, dict):
        raise SlackError("invalid_arguments", **told(problems, "/view"))
    return view | {"blocks": with_ids(view["blocks"])}


def told(problems: list[Problem], below: str = "") -> dict[str, Any]:
    """Slack's two ways of saying it: sentences with JSON pointers, and a list."""
    errors = [{"pointer": below + each.pointer, "code": each.code, "message": each.message} for each in problems]
    said = [f"[ERROR] {each['message']} [json-pointer:{each['pointer']}]" for each in errors]
    return {"errors": errors, "response_metadata": {"messages": said}}


def with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A copy in which every block has a block_id and every interactive element an action_id."""
    kept = copy.deepcopy(blocks)
    for block in _all_blocks(kept):
        block.setdefault("block_id", token_urlsafe(4)[:5])
    for _, element in elements(kept):
        element.setdefault("action_id", token_urlsafe(4)[:5])
    return kept


def _all_blocks(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield block
        inner = block.get("child_blocks")
        if isinstance(inner, list):
            yield from _all_blocks(inner)


def elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every interactive element with the block it belongs to, wherever it lies."""
    for block in blocks:
        inner = block.get("child_blocks")
        if isinstance(inner, list):
            yield from elements(inner)
        for key, value in block.items():
            if key != "child_blocks":
                for element in _interactive(value):
                    yield block, element


def _interactive(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") in INTERACTIVE:
            yield value
        else:
            for inner in value.values():
                yield from _interactive(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _interactive(inner)
