"""Pure: reads a payload of Slack's without trusting its shape. What is missing or of another kind is empty."""

import re
from collections.abc import Mapping
from typing import Any

# Ids as they come with a click: ours, and Slack's of a place and of a message in it.
APPROVAL, INCIDENT, OPERATION = (re.compile(rf"{kind}/\d{{1,9}}") for kind in ("approval", "incident", "operation"))
CHANNEL, TS = re.compile(r"[CDG][A-Z0-9]{2,20}"), re.compile(r"\d{1,16}\.\d{1,9}")
_HALF = re.compile(r"[\ud800-\udfff]")  # of a surrogate


def text(payload: object, *path: str, limit: int = 12_000) -> str:
    """Return the string at *path*, at most *limit* characters of it; "" where there is none.

    Half a surrogate, which JSON can spell and no row can hold, is a �.
    """
    found = _at(payload, path)
    if not isinstance(found, str):
        return ""
    return found[:limit] if found.isascii() else _HALF.sub("�", found[:limit])


def part(payload: object, *path: str) -> Mapping[str, Any]:
    """Return the object at *path*, empty where there is none."""
    found = _at(payload, path)
    return found if isinstance(found, dict) else {}


def first(payload: object, *path: str) -> Mapping[str, Any]:
    """Return the first object of the list at *path*, empty where there is none."""
    found = _at(payload, path)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}


def reasoned(payload: object) -> tuple[str, str]:
    """What a modal with a reason was opened for, an id, and the reason that was written (at most 300 characters)."""
    view = part(payload, "view")
    return text(view, "private_metadata"), text(view, "state", "values", "reason", "reason", "value", limit=300)


def typed(payload: object) -> str:
    """The project's name as it was typed in a modal that asks for it."""
    return text(part(payload, "view"), "state", "values", "project", "project", "value", limit=300)


def error_block(payload: object) -> str:
    """The block of a modal under which an error can stand: that of the reason, else that of the project's name."""
    return "reason" if "reason" in part(payload, "view", "state", "values") else "project"


def checked(shape: re.Pattern[str], value: str) -> str:
    """Return the id *value*, which came with a click. Raises KeyError for what has not its *shape*."""
    if not shape.fullmatch(value):
        raise KeyError(value)
    return value


def _at(payload: object, path: tuple[str, ...]) -> object:
    for name in path:
        if not isinstance(payload, dict):
            return None
        payload = payload.get(name)
    return payload
