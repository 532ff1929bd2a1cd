"""Elements that people choose with: select menus, checkboxes, radio buttons.

Limits: docs.slack.dev/reference/block-kit/block-elements: select-menu, multi-select-menu, checkboxes,
radio-button-group.
"""

from collections.abc import Iterator
from typing import Any

from playground.blockkit.problem import Found, Problem
from playground.blockkit.rules import Rule, each, flag, shaped, whole
from playground.blockkit.shapes import Agreement, Shape, exactly_one
from playground.blockkit.texts import (
    CONFIRM,
    CONVERSATION_FILTER,
    ID,
    OPTION_GROUP,
    PLAIN_OPTION,
    RICH_OPTION,
    plain,
)

USER = shaped("[UW][A-Z0-9]+", "U012AB3CD", 40)
CHANNEL = shaped("C[A-Z0-9]+", "C012AB3CD", 40)
CONVERSATION = shaped("[CDGUW][A-Z0-9]+", "C012AB3CD", 40)


def _essence(choice: dict[str, Any]) -> tuple[str, str, str | None]:
    """Return what makes two options the same to Slack: value, text and description."""
    return choice["value"], choice["text"]["text"], choice.get("description", {}).get("text")


def _offered(menu: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from menu.get("options", [])
    for group in menu.get("option_groups", []):
        yield from group["options"]


def _preselected(menu: dict[str, Any], at: str, found: Found) -> None:
    """What is chosen from the start must be on offer, exactly; and not twice."""
    offered = {_essence(choice) for choice in _offered(menu)}
    chosen = [(menu["initial_option"], f"{at}/initial_option")] if "initial_option" in menu else []
    chosen += [(one, f"{at}/initial_options/{i}") for i, one in enumerate(menu.get("initial_options", []))]
    seen: set[object] = set()
    for one, where in chosen:
        if _essence(one) not in offered:
            found.append(Problem(where, "not_an_option", "must exactly match one of the options"))
        if _essence(one) in seen:
            found.append(Problem(where, "duplicate", "this option is preselected twice"))
        seen.add(_essence(one))


def _not_too_many(menu: dict[str, Any], at: str, found: Found) -> None:
    """More may not be preselected than may be selected."""
    most = menu.get("max_selected_items")
    for name, chosen in menu.items():
        if most is not None and name.startswith("initial_") and len(chosen) > most:
            found.append(Problem(f"{at}/{name}", "too_many", f"at most {most} items may be selected"))


OPTIONS: dict[str, Rule] = {"options": each(PLAIN_OPTION, 100), "option_groups": each(OPTION_GROUP, 100)}
ANY_MENU: dict[str, Rule] = {
    "action_id": ID,
    "placeholder": plain(150),
    "confirm": CONFIRM,
    "focus_on_load": flag,
}


def _select(kind: str, may: dict[str, Rule], *agree: Agreement) -> Shape:
    return Shape(kind, may={**ANY_MENU, **may}, agree=agree)


def _multi(kind: str, may: dict[str, Rule], *agree: Agreement) -> Shape:
    return _select(kind, {"max_selected_items": whole(1), **may}, *agree, _not_too_many)


# response_url_enabled works in input blocks of modals only: surfaces.py sees to that.
SELECTS = (
    _select(
        "static_select",
        {**OPTIONS, "initial_option": PLAIN_OPTION},
        *exactly_one("options", "option_groups"),
        _preselected,
    ),
    _select("external_select", {"min_query_length": whole(0), "initial_option": PLAIN_OPTION}),
    _select("users_select", {"initial_user": USER}),
    _select(
        "conversations_select",
        {
            "initial_conversation": CONVERSATION,
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": CONVERSATION_FILTER,
        },
    ),
    _select("channels_select", {"initial_channel": CHANNEL, "response_url_enabled": flag}),
)

MULTI_SELECTS = (
    _multi(
        "multi_static_select",
        {**OPTIONS, "initial_options": each(PLAIN_OPTION, 100)},
        *exactly_one("options", "option_groups"),
        _preselected,
    ),
    _multi(
        "multi_external_select",
        {"min_query_length": whole(0), "initial_options": each(PLAIN_OPTION, 100)},
    ),
    _multi("multi_users_select", {"initial_users": each(USER, None)}),
    _multi(
        "multi_conversations_select",
        {
            "initial_conversations": each(CONVERSATION, None),
            "default_to_current_conversation": flag,
            "filter": CONVERSATION_FILTER,
        },
    ),
    _multi("multi_channels_select", {"initial_channels": each(CHANNEL, None)}),
)

_BOXES: dict[str, Rule] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag}

CHECKBOXES = Shape(
    "checkboxes",
    need={"options": each(RICH_OPTION, 10)},
    may={**_BOXES, "initial_options": each(RICH_OPTION, 10)},
    agree=(_preselected,),
)
RADIO_BUTTONS = Shape(
    "radio_buttons",
    need={"options": each(RICH_OPTION, 10)},
    may={**_BOXES, "initial_option": RICH_OPTION},
    agree=(_preselected,),
)
