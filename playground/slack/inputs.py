"""What a person put into an element, in Slack's words.

The Control API takes plain values: a text, an option's value, an id, a date; a list where several may be picked.
"""

from typing import Any

from playground.slack.errors import ControlError

MOST_TEXT = 3000  # docs.slack.dev: a plain_text_input takes at most 3,000 characters

_PLAIN = {
    "plain_text_input": "value",
    "url_text_input": "value",
    "email_text_input": "value",
    "number_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
}
_LISTS = {
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}


def value_of(element: dict[str, Any], given: Any) -> dict[str, Any]:
    """An entry of `state.values`: `{"type": …, "value" | "selected_…": …}`. Raises ControlError(no_such_option)."""
    kind = element["type"]
    shown: dict[str, Any] = {"type": kind}
    if kind in _PLAIN:
        return shown | {_PLAIN[kind]: None if given in (None, "") else str(given)}
    if kind == "datetimepicker":
        return shown | {"selected_date_time": int(given) if given is not None else None}
    if kind in _LISTS:
        return shown | {_LISTS[kind]: _list(given)}
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        return shown | {"selected_options": [_option(element, each) for each in _list(given)]}
    if kind in ("static_select", "external_select", "radio_buttons", "overflow", "feedback_buttons"):
        return shown | {"selected_option": None if given is None else _option(element, given)}
    if kind == "rich_text_input":
        return shown | {"rich_text_value": given}
    return shown | {"value": given}


def initial(element: dict[str, Any]) -> dict[str, Any]:
    """The entry before anybody touched it: the app's `initial_…`, or nothing."""
    kind = element["type"]
    for key, name in (
        ("initial_value", "value"),
        ("initial_date", "selected_date"),
        ("initial_time", "selected_time"),
        ("initial_date_time", "selected_date_time"),
        ("initial_user", "selected_user"),
        ("initial_users", "selected_users"),
        ("initial_channel", "selected_channel"),
        ("initial_channels", "selected_channels"),
        ("initial_conversation", "selected_conversation"),
        ("initial_conversations", "selected_conversations"),
        ("initial_option", "selected_option"),
        ("initial_options", "selected_options"),
    ):
        if key in element:
            return {"type": kind, name: element[key]}
    return value_of(element, None)


def empty(entry: dict[str, Any]) -> bool:
    """True if nothing has been put in."""
    return all(not value and value != 0 for key, value in entry.items() if key != "type")


def objection(element: dict[str, Any], entry: dict[str, Any]) -> str | None:
    """What Slack's own client says about a text before it sends anything, or None."""
    text = entry.get("value")
    if not isinstance(text, str):
        return None
    most = min(int(element.get("max_length", MOST_TEXT)), MOST_TEXT)
    least = int(element.get("min_length", 0))
    if len(text) > most:
        return f"Must be at most {most} characters."
    if len(text) < least:
        return f"Must be at least {least} characters."
    if element["type"] == "number_input":
        return _number_objection(element, text)
    return None


def _number_objection(element: dict[str, Any], text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "Must be a number."
    if not element.get("is_decimal_allowed") and "." in text:
        return "Must be a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Must be at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Must be at most {element['max_value']}."
    return None


def _list(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def _option(element: dict[str, Any], given: Any) -> dict[str, Any]:
    groups = element.get("option_groups") or []
    options = [*(element.get("options") or []), *(option for group in groups for option in group["options"])]
    options += [element[key] for key in ("positive_button", "negative_button") if key in element]
    for option in options:
        if option.get("value") == given:
            return {key: value for key, value in option.items() if key in ("text", "value", "description")}
    raise ControlError("no_such_option", f"There is no option {given!r} to pick.")
