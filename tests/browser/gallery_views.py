"""A modal with every kind of input, and a home."""

from tests.browser.words import UNIX, Block, button, mrk, option, plain

MODAL: Block = {
    "type": "modal",
    "callback_id": "declare",
    "title": plain("Declare an incident"),
    "submit": plain("Declare"),
    "close": plain("Cancel"),
    "notify_on_close": True,
    "blocks": [
        {"type": "alert", "level": "warning", "text": mrk("A *P0* pages everybody on call.")},
        {
            "type": "input",
            "block_id": "title",
            "label": plain("Title"),
            "hint": plain("What a customer would notice"),
            "element": {"type": "plain_text_input", "action_id": "value", "max_length": 80},
        },
        {
            "type": "input",
            "block_id": "severity",
            "label": plain("Severity"),
            "element": {
                "type": "static_select",
                "action_id": "value",
                "options": [option("P0", "P0", "customers cannot pay"), option("P1", "P1")],
            },
        },
        {
            "type": "input",
            "block_id": "who",
            "label": plain("Who works on it"),
            "optional": True,
            "element": {"type": "multi_users_select", "action_id": "value", "placeholder": plain("People")},
        },
        {
            "type": "input",
            "block_id": "mail",
            "label": plain("Contact"),
            "optional": True,
            "element": {"type": "email_text_input", "action_id": "value", "placeholder": plain("ana@example.com")},
        },
        {
            "type": "input",
            "block_id": "lost",
            "label": plain("Payments affected"),
            "optional": True,
            "element": {"type": "number_input", "action_id": "value", "is_decimal_allowed": False, "min_value": "0"},
        },
        {
            "type": "input",
            "block_id": "page",
            "label": plain("Status page"),
            "optional": True,
            "element": {"type": "url_text_input", "action_id": "value"},
        },
        {
            "type": "input",
            "block_id": "since",
            "label": plain("Since"),
            "optional": True,
            "element": {"type": "datetimepicker", "action_id": "value", "initial_date_time": UNIX},
        },
        {
            "type": "input",
            "block_id": "steps",
            "label": plain("Already done"),
            "optional": True,
            "element": {
                "type": "checkboxes",
                "action_id": "value",
                "options": [option("Support called", "call"), option("Lead told", "lead")],
            },
        },
        {
            "type": "input",
            "block_id": "story",
            "label": plain("What is known"),
            "optional": True,
            "element": {"type": "plain_text_input", "action_id": "value", "multiline": True},
        },
        {
            "type": "actions",
            "block_id": "more",
            "elements": [button("Look at the logs", "peek"), button("Ask another question", "deeper")],
        },
    ],
}

HOME: list[Block] = [
    {"type": "header", "text": plain("Good morning, Ana")},
    {"type": "section", "text": mrk(":large_green_circle: *All well.* Nothing waits for you.")},
    {
        "type": "actions",
        "elements": [button("Ask health", "home-health", style="primary"), button("Declare", "declare")],
    },
]
