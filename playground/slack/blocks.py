"""Block Kit on its way in: checked, and given the ids that Slack gives."""

import copy
from collections.abc import Iterator
from secrets import token_urlsafe
from typing import Any

from playground.blockkit import Problem, check_blocks, check_view
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
VIEW_BYTES = 250_000  # views.open: “view_too_large”, above 250 kB


def message_blocks(blocks: object) -> list[dict[str, Any]]:
    """The blocks of a message, ready to keep. Raises SlackError(invalid_blocks_format, invalid_blocks)."""
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = check_blocks(blocks, "message")
    if problems:
        raise SlackError("invalid_blocks", **_told(problems, "/blocks"))
    return with_ids(blocks)


def view_body(view: object) -> dict[str, Any]:
    """A view as the app sent it, ready to keep. Raises SlackError(invalid_arguments, view_too_large)."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", **_told([], ""))
    if len(repr(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = check_view(view)
    if problems:
        raise SlackError("invalid_arguments", **_told(problems, "/view"))
    return view | {"blocks": with_ids(view["blocks"])}


def _told(problems: list[Problem], root: str) -> dict[str, Any]:
    """Slack's two ways of saying it: sentences with JSON pointers, and a list."""
    pointers = [each.pointer if each.pointer.startswith(root) else root + each.pointer for each in problems]
    return {
        "errors": [
            {"pointer": pointer, "code": each.code, "message": each.message}
            for pointer, each in zip(pointers, problems, strict=True)
        ],
        "response_metadata": {
            "messages": [
                f"[ERROR] {each.message} [json-pointer:{pointer}]"
                for pointer, each in zip(pointers, problems, strict=True)
            ]
        },
    }


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
