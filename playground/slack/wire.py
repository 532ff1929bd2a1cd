"""A Web API call's arguments, in every form clients send them.

slack_sdk sends JSON bodies (chat.*, views.*), a POST with everything in the query string and an empty body
(auth.test, conversations.*, reactions.add…), and GETs; other clients send forms. Booleans come as 1/0, lists as
comma-joined words, nested values as JSON text.
"""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from playground.slack.errors import SlackError, invalid_arguments


class Args:
    """The arguments by name, read in the shape a method wants. Raises SlackError(invalid_arguments) where it cannot."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {key: value for key, value in values.items() if value is not None}

    def as_dict(self) -> dict[str, Any]:
        """All of them, as sent."""
        return dict(self._values)

    def has(self, name: str) -> bool:
        """True if it was sent and is not empty."""
        return self._values.get(name) not in (None, "")

    def given(self, name: str) -> bool:
        """True if it was sent at all."""
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers are taken as their digits."""
        value = self._values.get(name, default)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)
        raise invalid_arguments(f"must be a string [json-pointer:/{name}]")

    def required(self, name: str) -> str:
        """A string that must be there."""
        if not self.has(name):
            raise invalid_arguments(f"missing required field: {name}")
        return self.text(name)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean: true/false, 1/0, or the words."""
        value = self._values.get(name, default)
        if isinstance(value, str):
            return value.lower() in ("1", "true")
        return bool(value)

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        try:
            return int(self._values.get(name, default))
        except (TypeError, ValueError, OverflowError):
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from None

    def words(self, name: str) -> list[str]:
        """A list: comma-joined, JSON text or a JSON array."""
        value = self._values.get(name, "")
        if isinstance(value, str) and value.startswith("["):
            value = self.parsed(name)
        if isinstance(value, str):
            return [word.strip() for word in value.split(",") if word.strip()]
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return list(value)
        raise invalid_arguments(f"must be a list of strings [json-pointer:/{name}]")

    def parsed(self, name: str, bad: str = "invalid_arguments") -> Any:
        """A nested value: JSON text, or the value itself in a JSON body; None where it was not sent."""
        value = self._values.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return json.loads(value)
            except (ValueError, RecursionError):
                raise SlackError(bad) from None
        return value


async def read_args(request: web.Request, *, takes_json: bool) -> tuple[Args, list[str]]:
    """The call's arguments and Slack's warnings about its form.

    A JSON body is read only where the method supports it (docs.slack.dev lists which do); elsewhere its arguments are
    not seen at all, as in Slack.
    """
    values: dict[str, Any] = dict(request.query)
    warnings: list[str] = []
    kind = request.content_type
    if request.method == "GET" or not request.body_exists:
        return Args(values), warnings
    if kind == "application/json":
        if takes_json:
            values |= _json_object(await request.read())
            if request.charset is None:
                warnings.append("missing_charset")
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        values |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    elif await request.read():
        raise SlackError("invalid_post_type")
    return Args(values), warnings


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(found, dict):
        raise SlackError("json_not_object")
    return found
