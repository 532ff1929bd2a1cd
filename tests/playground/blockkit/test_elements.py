"""Buttons, menus, pickers and fields: one of each that Slack takes, and what it refuses."""

import pytest

from playground.blockkit import check_blocks


def plain(text="Words"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="*Words*"):
    return {"type": "mrkdwn", "text": text}


def option(value="a", **more):
    return {"text": plain(value.upper()), "value": value, **more}


CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No"), "style": "danger"}
A, B, C = option("a"), option("b"), option("c")

BUTTON = {"type": "button", "text": plain(), "action_id": "go", "value": "1", "style": "primary", "confirm": CONFIRM}
LINK = {"type": "button", "text": plain(), "url": "https://example.com/x?y=1#z"}
WORKFLOW = {
    "type": "workflow_button",
    "text": plain(),
    "workflow": {
        "trigger": {
            "url": "https://slack.com/shortcuts/Ft1/2",
            "customizable_input_parameters": [{"name": "n", "value": "v"}],
        }
    },
}
OVERFLOW = {"type": "overflow", "options": [A, option("b", url="https://example.com")]}
SELECT = {
    "type": "static_select",
    "placeholder": plain(),
    "options": [A, B],
    "initial_option": B,
    "confirm": CONFIRM,
}
GROUPED = {
    "type": "static_select",
    "option_groups": [{"label": plain(), "options": [A]}, {"label": plain(), "options": [B]}],
    "initial_option": B,
}
MULTI = {"type": "multi_static_select", "options": [A, B], "initial_options": [A, B], "max_selected_items": 2}
EXTERNAL = {"type": "external_select", "min_query_length": 0, "initial_option": A}
CONVERSATIONS = {
    "type": "conversations_select",
    "default_to_current_conversation": True,
    "filter": {"include": ["public", "im"], "exclude_bot_users": True},
}
BOXES = {
    "type": "checkboxes",
    "options": [{"text": mrkdwn(), "value": "a", "description": mrkdwn()}, B],
    "initial_options": [B],
}
RADIO = {"type": "radio_buttons", "options": [A, B], "initial_option": A}
DATE = {"type": "datepicker", "initial_date": "2028-02-29", "placeholder": plain()}
TIME = {"type": "timepicker", "initial_time": "23:59", "timezone": "America/Argentina/Buenos_Aires"}
MOMENT = {"type": "datetimepicker", "initial_date_time": 1_700_000_000}
TEXT = {
    "type": "plain_text_input",
    "multiline": True,
    "min_length": 2,
    "max_length": 5,
    "initial_value": "four",
    "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    "focus_on_load": True,
}
EMAIL = {"type": "email_text_input", "initial_value": "ana@example.com"}
ADDRESS = {"type": "url_text_input", "initial_value": "https://example.com"}
NUMBER = {
    "type": "number_input",
    "is_decimal_allowed": True,
    "min_value": "-1.5",
    "initial_value": "2",
    "max_value": "10",
}
WORDS = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}
RICH = {"type": "rich_text_input", "initial_value": WORDS, "min_lines": 1, "max_lines": 3}
UPLOAD = {"type": "file_input", "filetypes": ["pdf", "png"], "max_files": 10}
ICON = {"type": "icon_button", "icon": "trash", "text": plain(), "visible_to_user_ids": ["U012AB3CD"]}
FEEDBACK = {
    "type": "feedback_buttons",
    "positive_button": {"text": plain(), "value": "1", "accessibility_label": "helpful"},
    "negative_button": {"text": plain(), "value": "0"},
}
PEOPLE = {"type": "multi_users_select", "initial_users": ["U1", "W2"], "max_selected_items": 2}

IN_ACTIONS = [
    BUTTON,
    LINK,
    WORKFLOW,
    OVERFLOW,
    SELECT,
    GROUPED,
    EXTERNAL,
    CONVERSATIONS,
    BOXES,
    RADIO,
    DATE,
    TIME,
    MOMENT,
]
IN_ACTIONS += [{"type": "users_select", "initial_user": "U1"}, {"type": "channels_select", "initial_channel": "C1"}]
IN_CONTEXT_ACTIONS = [ICON, FEEDBACK]
IN_SECTION = [BUTTON, WORKFLOW, OVERFLOW, SELECT, MULTI, PEOPLE, BOXES, RADIO, DATE, TIME]
IN_INPUT = [SELECT, MULTI, PEOPLE, EXTERNAL, CONVERSATIONS, BOXES, RADIO, DATE, TIME, MOMENT, TEXT, EMAIL, ADDRESS]
IN_INPUT += [NUMBER, RICH, UPLOAD]
IN_INPUT += [
    {"type": "multi_external_select", "min_query_length": 3, "initial_options": [A]},
    {"type": "multi_conversations_select", "initial_conversations": ["C1", "D2", "G3", "U4"]},
    {"type": "multi_channels_select", "initial_channels": ["C1"]},
]


def home_of(element):
    """Return a block that may hold *element*, the element's pointer in it, and a surface that takes the block."""
    if element in IN_INPUT or element["type"] in {one["type"] for one in IN_INPUT}:
        return {"type": "input", "label": plain(), "element": element}, "/blocks/0/element", "modal"
    if element["type"] in {one["type"] for one in IN_CONTEXT_ACTIONS}:
        return {"type": "context_actions", "elements": [element]}, "/blocks/0/elements/0", "message"
    return {"type": "actions", "elements": [element]}, "/blocks/0/elements/0", "home"


@pytest.mark.parametrize("element", IN_ACTIONS, ids=lambda one: one["type"])
def test_taken_in_actions(element):
    assert check_blocks([{"type": "actions", "elements": [element]}], "message") == []


@pytest.mark.parametrize("element", IN_SECTION, ids=lambda one: one["type"])
def test_taken_as_accessory(element):
    assert check_blocks([{"type": "section", "text": plain(), "accessory": element}], "home") == []


@pytest.mark.parametrize("element", IN_INPUT, ids=lambda one: one["type"])
def test_taken_in_input(element):
    assert check_blocks([{"type": "input", "label": plain(), "element": element}], "modal") == []


@pytest.mark.parametrize("element", IN_CONTEXT_ACTIONS, ids=lambda one: one["type"])
def test_taken_in_context_actions(element):
    assert check_blocks([{"type": "context_actions", "elements": [element]}], "message") == []


def without(element, name):
    return {key: value for key, value in element.items() if key != name}


REFUSED = [
    # button
    (without(BUTTON, "text"), "/text", "missing"),
    ({**BUTTON, "text": mrkdwn()}, "/text/type", "bad_value"),
    ({**BUTTON, "text": plain("x" * 76)}, "/text/text", "too_long"),
    ({**BUTTON, "action_id": "x" * 256}, "/action_id", "too_long"),
    ({**BUTTON, "value": "x" * 2001}, "/value", "too_long"),
    ({**BUTTON, "value": 7}, "/value", "wrong_type"),
    ({**BUTTON, "style": "default"}, "/style", "bad_value"),
    ({**BUTTON, "url": "javascript:alert(1)"}, "/url", "bad_url"),
    ({**BUTTON, "url": "https://exa mple.com"}, "/url", "bad_url"),
    ({**BUTTON, "accessibility_label": "x" * 76}, "/accessibility_label", "too_long"),
    ({**BUTTON, "agent_prompt": "x" * 4001}, "/agent_prompt", "too_long"),
    ({**BUTTON, "visible_to_user_ids": ["ana"]}, "/visible_to_user_ids/0", "bad_format"),
    ({**BUTTON, "emoji": True}, "/emoji", "unknown_key"),
    # confirm
    ({**BUTTON, "confirm": without(CONFIRM, "deny")}, "/confirm/deny", "missing"),
    ({**BUTTON, "confirm": {**CONFIRM, "title": mrkdwn()}}, "/confirm/title/type", "bad_value"),
    ({**BUTTON, "confirm": {**CONFIRM, "title": plain("x" * 101)}}, "/confirm/title/text", "too_long"),
    ({**BUTTON, "confirm": {**CONFIRM, "text": plain("x" * 301)}}, "/confirm/text/text", "too_long"),
    ({**BUTTON, "confirm": {**CONFIRM, "confirm": plain("x" * 31)}}, "/confirm/confirm/text", "too_long"),
    ({**BUTTON, "confirm": {**CONFIRM, "style": "red"}}, "/confirm/style", "bad_value"),
    # workflow_button
    (without(WORKFLOW, "workflow"), "/workflow", "missing"),
    ({**WORKFLOW, "workflow": {"trigger": {}}}, "/workflow/trigger/url", "missing"),
    ({**WORKFLOW, "value": "x"}, "/value", "unknown_key"),
    # overflow
    ({**OVERFLOW, "options": []}, "/options", "too_few"),
    ({**OVERFLOW, "options": [A] * 6}, "/options", "too_many"),
    ({**OVERFLOW, "options": [option(url="nowhere")]}, "/options/0/url", "bad_url"),
    # static_select
    ({"type": "static_select"}, "", "missing"),
    ({**without(SELECT, "initial_option"), "option_groups": GROUPED["option_groups"]}, "/option_groups", "conflict"),
    ({**SELECT, "options": [A, B] * 51}, "/options", "too_many"),
    ({**SELECT, "options": [{"text": plain(), "value": ""}]}, "/options/0/value", "empty"),
    ({**SELECT, "options": [{"text": mrkdwn(), "value": "a"}]}, "/options/0/text/type", "bad_value"),
    ({**SELECT, "options": [{"text": plain("x" * 76), "value": "a"}]}, "/options/0/text/text", "too_long"),
    ({**SELECT, "options": [{"text": plain(), "value": "x" * 151}]}, "/options/0/value", "too_long"),
    ({**SELECT, "options": [option(url="https://x.y")]}, "/options/0/url", "unknown_key"),
    ({**SELECT, "options": [option(description=plain("x" * 76))]}, "/options/0/description/text", "too_long"),
    ({**SELECT, "initial_option": C}, "/initial_option", "not_an_option"),
    ({**SELECT, "initial_option": option("b", description=plain())}, "/initial_option", "not_an_option"),
    ({**SELECT, "placeholder": plain("x" * 151)}, "/placeholder/text", "too_long"),
    ({**SELECT, "placeholder": mrkdwn()}, "/placeholder/type", "bad_value"),
    ({**SELECT, "max_selected_items": 1}, "/max_selected_items", "unknown_key"),
    ({**GROUPED, "initial_option": C}, "/initial_option", "not_an_option"),
    ({**GROUPED, "option_groups": [{"label": plain(), "options": []}]}, "/option_groups/0/options", "too_few"),
    ({**GROUPED, "option_groups": [{"options": [B]}]}, "/option_groups/0/label", "missing"),
    # the other menus
    ({**MULTI, "initial_options": [A, A]}, "/initial_options/1", "duplicate"),
    ({**MULTI, "initial_options": [C]}, "/initial_options/0", "not_an_option"),
    ({**MULTI, "max_selected_items": 1}, "/initial_options", "too_many"),
    ({**MULTI, "max_selected_items": 0}, "/max_selected_items", "out_of_range"),
    ({**PEOPLE, "max_selected_items": 1}, "/initial_users", "too_many"),
    ({**PEOPLE, "initial_users": ["@ana"]}, "/initial_users/0", "bad_format"),
    ({**EXTERNAL, "options": [A]}, "/options", "unknown_key"),
    ({**EXTERNAL, "min_query_length": -1}, "/min_query_length", "out_of_range"),
    ({**CONVERSATIONS, "filter": {}}, "/filter", "missing"),
    ({**CONVERSATIONS, "filter": {"include": ["open"]}}, "/filter/include/0", "bad_value"),
    ({**CONVERSATIONS, "filter": {"include": ["im", "im"]}}, "/filter/include", "duplicate"),
    ({"type": "channels_select", "initial_channel": "#ops"}, "/initial_channel", "bad_format"),
    # checkboxes and radio buttons
    ({**BOXES, "options": [A] * 11}, "/options", "too_many"),
    ({**BOXES, "initial_options": []}, "/initial_options", "too_few"),
    ({**BOXES, "initial_options": [C]}, "/initial_options/0", "not_an_option"),
    ({**BOXES, "placeholder": plain()}, "/placeholder", "unknown_key"),
    ({**RADIO, "options": []}, "/options", "too_few"),
    ({**RADIO, "initial_option": C}, "/initial_option", "not_an_option"),
    # pickers
    ({**DATE, "initial_date": "2027-02-29"}, "/initial_date", "bad_format"),
    ({**DATE, "initial_date": "29.02.2028"}, "/initial_date", "bad_format"),
    ({**DATE, "initial_date": 20280229}, "/initial_date", "wrong_type"),
    ({**TIME, "initial_time": "24:00"}, "/initial_time", "bad_format"),
    ({**TIME, "timezone": "half past"}, "/timezone", "bad_format"),
    ({**MOMENT, "initial_date_time": 99}, "/initial_date_time", "out_of_range"),
    ({**MOMENT, "initial_date_time": "1700000000"}, "/initial_date_time", "wrong_type"),
    ({**MOMENT, "placeholder": plain()}, "/placeholder", "unknown_key"),
    # fields
    ({**TEXT, "min_length": 3001}, "/min_length", "out_of_range"),
    ({**TEXT, "min_length": True}, "/min_length", "wrong_type"),
    ({**TEXT, "max_length": 0}, "/max_length", "out_of_range"),
    ({**without(TEXT, "initial_value"), "min_length": 6}, "/min_length", "conflict"),
    ({**TEXT, "initial_value": "sixsix"}, "/initial_value", "too_long"),
    ({**TEXT, "initial_value": "1"}, "/initial_value", "too_short"),
    ({**TEXT, "dispatch_action_config": {}}, "/dispatch_action_config/trigger_actions_on", "missing"),
    (
        {**TEXT, "dispatch_action_config": {"trigger_actions_on": ["on_blur"]}},
        "/dispatch_action_config/trigger_actions_on/0",
        "bad_value",
    ),
    ({**TEXT, "confirm": CONFIRM}, "/confirm", "unknown_key"),
    ({**EMAIL, "initial_value": "ana"}, "/initial_value", "bad_format"),
    ({**ADDRESS, "initial_value": "example.com"}, "/initial_value", "bad_url"),
    (without(NUMBER, "is_decimal_allowed"), "/is_decimal_allowed", "missing"),
    ({**NUMBER, "is_decimal_allowed": False}, "/min_value", "bad_format"),
    ({**NUMBER, "initial_value": 2}, "/initial_value", "wrong_type"),
    ({**NUMBER, "initial_value": "two"}, "/initial_value", "bad_format"),
    ({**NUMBER, "initial_value": "11"}, "/initial_value", "conflict"),
    ({**NUMBER, "initial_value": "-2"}, "/min_value", "conflict"),
    ({**without(NUMBER, "initial_value"), "min_value": "11"}, "/min_value", "conflict"),
    ({**RICH, "initial_value": "words"}, "/initial_value", "wrong_type"),
    ({**RICH, "min_lines": 4}, "/min_lines", "conflict"),
    ({**UPLOAD, "max_files": 11}, "/max_files", "out_of_range"),
    ({**UPLOAD, "filetypes": [".pdf"]}, "/filetypes/0", "bad_format"),
    ({**UPLOAD, "filetypes": []}, "/filetypes", "too_few"),
    # under a message
    ({**ICON, "icon": "bin"}, "/icon", "bad_value"),
    ({**ICON, "visible_to_user_ids": ["U1"] * 11}, "/visible_to_user_ids", "too_many"),
    (without(FEEDBACK, "negative_button"), "/negative_button", "missing"),
    ({**FEEDBACK, "positive_button": {"text": plain()}}, "/positive_button/value", "missing"),
]


@pytest.mark.parametrize(("element", "pointer", "code"), REFUSED)
def test_refused(element, pointer, code):
    block, at, surface = home_of(element)

    found = check_blocks([block], surface)

    assert [(one.pointer, one.code) for one in found] == [(at + pointer, code)]


@pytest.mark.parametrize("surface", ["message", "modal"])
def test_response_url_works_in_inputs_of_modals_only(surface):
    menu = {"type": "conversations_select", "response_url_enabled": True}

    asked = check_blocks([{"type": "input", "label": plain(), "element": menu}], surface)
    beside = check_blocks([{"type": "section", "text": plain(), "accessory": menu}], surface)

    refused = [("/blocks/0/element/response_url_enabled", "conflict")]
    assert [(one.pointer, one.code) for one in asked] == ([] if surface == "modal" else refused)
    assert [one.pointer for one in beside] == ["/blocks/0/accessory/response_url_enabled"]
