"""How a Web API call fails."""

from typing import Any


class SlackError(Exception):
    """The call answers `{"ok": false, "error": code, **fields}`."""

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


def invalid_arguments(*messages: str) -> SlackError:
    """What a missing or shapeless argument answers (docs.slack.dev: invalid_arguments with response_metadata)."""
    return SlackError(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {message}" for message in messages]}
    )


class ControlError(Exception):
    """A call of the Control API fails: `{"ok": false, "error": code, "message": sentence}`, status 400."""

    def __init__(self, code: str, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.code = code
        self.fields = fields
