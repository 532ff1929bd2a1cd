"""Pure: a payload of Slack's as it may be written down, and what was entered in it as the value of a secret.

Called before the row of the inbox is written. Slack repeats what people type in several places of one payload: the
text, its rich text, the message before the edit. What nobody here reads is left out altogether.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bot.vault.typed import CUT, prose, without_secrets

FIELD = "secret:"  # block ids of the fields for secrets begin so, in every modal: FIELD + the name of the secret
ELEMENT = "value"  # the action id in such a block

_UNREAD = frozenset({"blocks", "attachments", "files", "message", "previous_message", "root"})  # of an event
_SHOWN = frozenset({"blocks", "files", "root"})  # of the message that a shortcut stands on: its words suffice


class Kept(NamedTuple):
    """*payload* is safe to write. *entered*: by the name of the secret, as it was entered; in memory only."""

    payload: dict[str, Any]
    entered: dict[str, str]


def cut(kind: str, payload: Mapping[str, Any]) -> Kept:
    """Take what may be secret out of *payload*. *kind* as in bot.door.inbox. Slack's verification token goes too."""
    kept = {name: value for name, value in payload.items() if name != "token"}
    entered: dict[str, str] = {}
    if kind == "command":
        kept["text"] = _text(kept.get("text"))
    elif kind == "event" and isinstance(event := kept.get("event"), dict):
        event = {name: value for name, value in event.items() if name not in _UNREAD}
        if "text" in event:
            event["text"] = _text(event["text"])
        kept["event"] = event
    elif kind == "shortcut" and isinstance(message := kept.get("message"), dict):
        kept["message"] = _prose({name: value for name, value in message.items() if name not in _SHOWN})
    if isinstance(state := kept.get("state"), dict):
        kept["state"] = _state(state, entered)
    if isinstance(view := kept.get("view"), dict) and isinstance(state := view.get("state"), dict):
        kept["view"] = view | {"state": _state(state, entered)}
    return Kept(kept, entered if kind == "submission" else {})


def cut_in(payload: Mapping[str, Any]) -> Iterator[str]:
    """The block ids of a modal in which something was cut out that does not belong there."""
    view = payload.get("view")
    state = view.get("state") if isinstance(view, dict) else None
    values = state.get("values") if isinstance(state, dict) else None
    for block, elements in values.items() if isinstance(values, dict) else ():
        for element in elements.values() if isinstance(elements, dict) else ():
            if isinstance(element, dict) and CUT in str(element.get("value") or ""):
                yield block


def _text(text: Any) -> Any:
    return without_secrets(text) if isinstance(text, str) else text


def _state(state: dict[str, Any], entered: dict[str, str]) -> dict[str, Any]:
    values = state.get("values")
    if not isinstance(values, dict):
        return state
    return state | {"values": {block: _block(str(block), elements, entered) for block, elements in values.items()}}


def _block(block: str, elements: Any, entered: dict[str, str]) -> Any:
    if not isinstance(elements, dict):
        return elements
    name = block.removeprefix(FIELD) if block.startswith(FIELD) else ""
    kept = {}
    for action, element in elements.items():
        value = element.get("value") if isinstance(element, dict) else None
        if not isinstance(value, str):
            kept[action] = element if not name else {"type": "cut"}
        elif name:
            entered[name] = value
            kept[action] = {"type": element.get("type"), "value": None}
        else:
            kept[action] = element | {"value": prose(value)}
    return kept


def _prose(value: Any) -> Any:
    if isinstance(value, str):
        return prose(value)
    if isinstance(value, dict):
        return {name: _prose(item) for name, item in value.items()}
    return [_prose(item) for item in value] if isinstance(value, list) else value
