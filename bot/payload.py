"""Pure: reads a payload of Slack's without trusting its shape. What is missing or of another kind is empty."""

from collections.abc import Mapping
from typing import Any


def text(payload: object, *path: str, limit: int = 12_000) -> str:
    """Return the string at *path*, at most *limit* characters of it; "" where there is none."""
    found = _at(payload, path)
    return found[:limit] if isinstance(found, str) else ""


def part(payload: object, *path: str) -> Mapping[str, Any]:
    """Return the object at *path*, empty where there is none."""
    found = _at(payload, path)
    return found if isinstance(found, dict) else {}


def first(payload: object, *path: str) -> Mapping[str, Any]:
    """Return the first object of the list at *path*, empty where there is none."""
    found = _at(payload, path)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}


def _at(payload: object, path: tuple[str, ...]) -> object:
    for name in path:
        if not isinstance(payload, dict):
            return None
        payload = payload.get(name)
    return payload
