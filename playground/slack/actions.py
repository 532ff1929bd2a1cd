"""One entry of a block_actions payload's `actions`, and what the click leaves in the state."""

from typing import Any

from playground.slack import inputs
from playground.slack.blocks import elements
from playground.slack.messages import Message
from playground.slack.views import View

_BUTTONS = ("button", "icon_button", "workflow_button")


def action_of(block_id: str, element: dict[str, Any], given: Any, action_ts: str) -> dict[str, Any]:
    """A button's own value and text, or what was picked in another element. Raises ControlError(no_such_option)."""
    shown: dict[str, Any] = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
        "action_ts": action_ts,
    }
    if element["type"] in _BUTTONS:
        kept = ("text", "value", "style", "confirm", "icon")
        return shown | {key: element[key] for key in kept if key in element}
    return shown | inputs.value_of(element, given)


def remember(holder: Message | View, user: str, block_id: str, action: dict[str, Any]) -> None:
    """Keep what was picked, as `state.values` will show it; buttons and overflow menus leave nothing."""
    if action["type"] in (*_BUTTONS, "overflow", "feedback_buttons"):
        return
    skip = ("action_id", "block_id", "action_ts")
    entry = {key: value for key, value in action.items() if key not in skip}
    values = holder.values if isinstance(holder, View) else holder.inputs.setdefault(user, {})
    values.setdefault(block_id, {})[action["action_id"]] = entry


def all_blocks(message: Message) -> list[dict[str, Any]]:
    """A message's blocks and those of its attachments."""
    return [*message.blocks, *(block for each in message.attachments for block in each.get("blocks", []))]


def message_values(message: Message, user: str) -> dict[str, dict[str, Any]]:
    """`state.values` of a message for that person: what was picked, else the app's initial values."""
    values: dict[str, dict[str, Any]] = {}
    for block, element in elements(all_blocks(message)):
        if element["type"] not in (*_BUTTONS, "overflow", "feedback_buttons"):
            picked = message.inputs.get(user, {}).get(block["block_id"], {}).get(element["action_id"])
            values.setdefault(block["block_id"], {})[element["action_id"]] = picked or inputs.initial(element)
    return values


def fill(view: View, values: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Put plain values into a view's inputs; returns Slack's own objections by block_id.

    Blocks that are not named keep what they had. An input that is not optional and stays empty is objected to, as the
    client does before anything is sent.
    """
    wrong: dict[str, str] = {}
    for block, element in elements(view.body["blocks"]):
        block_id, action_id = block["block_id"], element["action_id"]
        if action_id not in view.values.get(block_id, {}):
            continue
        given = values.get(block_id, {})
        if action_id in given:
            view.values[block_id][action_id] = inputs.value_of(element, given[action_id])
        entry = view.values[block_id][action_id]
        objection = inputs.objection(element, entry)
        if block["type"] == "input" and not block.get("optional") and inputs.empty(entry):
            objection = "Please complete this required field."
        if objection:
            wrong[block_id] = objection
    return wrong
