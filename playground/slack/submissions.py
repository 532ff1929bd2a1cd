"""What the acknowledgement of a modal's submission may ask for: errors, update, push, clear, or nothing."""

from typing import Any

from playground.slack.backend import Backend
from playground.slack.blocks import view_body
from playground.slack.errors import ControlError, SlackError
from playground.slack.views import View

TROUBLE = "We had some trouble connecting. Try again?"


def answered(backend: Backend, view: View, ack: Any) -> dict[str, Any]:
    """Carry it out; an empty one closes the view. Raises ControlError(bad_ack) for one Slack cannot carry out."""
    if not ack:
        backend.views.close(view)
        return {"ok": True}
    action = ack.get("response_action") if isinstance(ack, dict) else None
    try:
        if action == "errors":
            return {"ok": True, "response_action": "errors", "errors": _errors(view, ack.get("errors"))}
        if action == "clear":
            backend.views.clear(view.user)
        elif action == "update":
            backend.views.update(view, _modal(ack))
        elif action == "push":
            backend.views.push(view.user, _modal(ack))
        else:
            _errors(view, None)
    except SlackError as error:
        backend.journal.note("in", "socket", "bad ack", {"ack": ack, "error": error.code, **error.fields})
        raise ControlError("bad_ack", TROUBLE, cause=error.code, **error.fields) from None
    return {"ok": True, "response_action": action}


def _modal(ack: dict[str, Any]) -> dict[str, Any]:
    body = view_body(ack.get("view"))
    if body["type"] != "modal":
        raise SlackError("invalid_arguments")
    return body


def _errors(view: View, errors: Any) -> dict[str, str]:
    """Sentences by the block_id of an input block; any other key makes the whole answer bad."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    good = isinstance(errors, dict) and errors and all(isinstance(each, str) for each in errors.values())
    if not good or not inputs.issuperset(errors):
        raise SlackError("invalid_arguments", errors=errors)
    return dict(errors)
