"""Cards, containers, plans and what stands beside a message."""

from typing import Any

from tests.browser.words import Block, button, mrk, plain, rich, text


def card(title: str, body: str, action: str) -> Block:
    return {
        "type": "card",
        "title": mrk(f"*{title}*"),
        "subtitle": mrk("version 42 · 2 hours old"),
        "body": mrk(body),
        "actions": [button("Open", action)],
    }


CARDS: list[Block] = [
    card("payments-circle-webhook", "Takes what Circle tells, checks the signature.", "open-0"),
    {
        "type": "carousel",
        "elements": [card(f"function {number}", "Nothing to report.", f"open-{number}") for number in range(1, 6)],
    },
]

CONTAINER: list[Block] = [
    {
        "type": "container",
        "title": plain("Timeline"),
        "subtitle": plain("7 entries"),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [
            {"type": "section", "text": mrk("*03:00* outage begins")},
            {"type": "context", "elements": [mrk("seen by the watch")]},
        ],
    }
]


def task(ident: str, title: str, status: str, **more: Any) -> Block:
    return {"type": "task_card", "task_id": ident, "title": title, "status": status, **more}


PLAN: list[Block] = [
    {
        "type": "plan",
        "title": "Deploy payments-circle-webhook",
        "tasks": [
            task("t1", "Save the live body", "complete", output=rich(text("sha256 9f2c…, 41 kB"))),
            task("t2", "Deploy version 43", "complete"),
            task("t3", "Invoke: unsigned → 401", "error", details=rich(text("answered 500 three times"))),
            task("t4", "Compare the bodies", "in_progress"),
            task("t5", "Watch for 3 minutes", "pending"),
        ],
    },
]

CONTEXT_ACTIONS: list[Block] = [
    {"type": "section", "text": mrk("The backup of tonight is *6 hours* old.")},
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "useful",
                "positive_button": {"text": plain("Useful"), "value": "yes"},
                "negative_button": {"text": plain("Not useful"), "value": "no"},
            },
            {"type": "icon_button", "action_id": "drop", "icon": "trash", "text": plain("Remove")},
        ],
    },
]

ATTACHMENTS: list[Block] = [
    {
        "color": "#a30200",
        "blocks": [
            {"type": "section", "text": mrk("*P0 · Database outage* since 03:00")},
            {
                "type": "actions",
                "elements": [button("Acknowledge", "ack", style="primary"), button("Triage", "triage")],
            },
        ],
        "fallback": "P0",
    }
]

IMAGE: list[Block] = [
    {
        "type": "image",
        "image_url": "https://example.com/chart.png",
        "alt_text": "Error rate, rising",
        "title": plain("Chart"),
    }
]
