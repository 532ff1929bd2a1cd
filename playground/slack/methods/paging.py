"""Cursors, as Slack gives them: opaque to the caller."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any, TypeVar

from playground.slack.errors import SlackError
from playground.slack.wire import Args

T = TypeVar("T")


def page(args: Args, items: Sequence[T], default: int = 100) -> tuple[Sequence[T], dict[str, Any]]:
    """The asked part of *items*, and the answer's `response_metadata`. Raises invalid_cursor, invalid_limit."""
    limit = args.number("limit", default)
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    start = _read(args.text("cursor")) if args.has("cursor") else 0
    rest = start + limit
    cursor = b64encode(f"next:{rest}".encode()).decode() if rest < len(items) else ""
    return items[start:rest], {"response_metadata": {"next_cursor": cursor}}


def _read(cursor: str) -> int:
    try:
        word, number = b64decode(cursor, validate=True).decode().split(":")
        if word == "next" and number.isdecimal():
            return int(number)
    except ValueError:
        pass
    raise SlackError("invalid_cursor")
