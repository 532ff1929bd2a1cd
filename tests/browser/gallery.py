"""One message or more of every block family that the bot uses: what the browser tests and the screenshots look at."""

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]
UNIX = 1_763_964_000  # 2025-11-24 06:00:00 UTC: 07:00 in Madrid, 1:00 AM in New York, 15:00 in Tokyo


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrk(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, description: str = "") -> Block:
    return {"text": plain(text), "value": value, **({"description": plain(description)} if description else {})}


def button(text: str, action_id: str, **more: Any) -> Block:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def text(words: str, **style: bool) -> Block:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


CONFIRM = {
    "title": plain("Roll back the webhook?"),
    "text": mrk("Version *42* goes, version *41* comes back. Payments under way are _not_ lost."),
    "confirm": plain("Roll back"),
    "deny": plain("Leave it"),
    "style": "danger",
}

MARKS = (
    "*bold* _italic_ ~gone~ `code & <b>` *bold with _italic_ inside*\n"
    "> a quote with a <https://example.com/a?b=1&amp;c=2|link>\n"
    "```SELECT count(*)\n  FROM payments -- *not bold*```\n"
    "<@U0BEN> in <#C0OPS|ops>, <!subteam^S0APPR>, <!here> &amp; :tada: :no_such_emoji: https://example.com/plain. "
    f"<!date^{UNIX}^since {{date_num}} {{time}}|fallback>"
)

CARD: list[Block] = [
    {"type": "header", "text": plain(":large_green_circle: All well: 6 of 6 services healthy")},
    {"type": "section", "text": mrk("*Target* `abcdefghijklmnopqrst` · *eu-central-1* · asked by <@U0ANA>")},
    {
        "type": "section",
        "fields": [
            mrk("*Database*\n:large_green_circle: healthy · 12 ms"),
            mrk("*Webhooks*\n:large_green_circle: 41 in the last hour"),
            mrk("*Functions*\n:large_green_circle: 9 active"),
            mrk("*Secrets*\n:large_green_circle: all 7 present"),
        ],
        "accessory": {
            "type": "overflow",
            "action_id": "more",
            "options": [option("Show the last deploy", "deploy"), option("Show open incidents", "incidents")],
        },
    },
    {"type": "divider"},
    {
        "type": "actions",
        "elements": [
            button("Ask again", "again", style="primary"),
            button("Show logs", "logs", value="logs:db"),
            button("Roll back", "rollback", style="danger", confirm=CONFIRM),
            button("Status page", "status", url="https://example.com/status"),
        ],
    },
    {
        "type": "context",
        "elements": [mrk(f"Asked <!date^{UNIX}^{{date_short_pretty}} at {{time}}|then> · took 320 ms")],
    },
]

SELECTS: list[Block] = [
    {
        "type": "section",
        "text": mrk("Silence *webhooks silent* for"),
        "accessory": {
            "type": "static_select",
            "action_id": "silence",
            "placeholder": plain("How long"),
            "options": [option("15 minutes", "15m"), option("1 hour", "1h", "the usual"), option("4 hours", "4h")],
        },
    },
    {
        "type": "actions",
        "elements": [
            {"type": "users_select", "action_id": "lead", "placeholder": plain("Who leads"), "initial_user": "U0BEN"},
            {"type": "channels_select", "action_id": "room", "placeholder": plain("Channel")},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-24"},
            {"type": "timepicker", "action_id": "hour", "initial_time": "09:30"},
        ],
    },
    {
        "type": "actions",
        "elements": [
            {
                "type": "checkboxes",
                "action_id": "done",
                "options": [option("Support called", "call"), option("Lead told", "lead", "by telephone")],
            },
            {
                "type": "radio_buttons",
                "action_id": "severity",
                "options": [option("P0", "P0"), option("P1", "P1")],
                "initial_option": option("P1", "P1"),
            },
        ],
    },
]

RICH: list[Block] = [
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    text("Payments "),
                    text("failed", bold=True),
                    text(" for "),
                    {"type": "user", "user_id": "U0ZOE"},
                    text(" in "),
                    {"type": "channel", "channel_id": "C0OPS"},
                    text(", told "),
                    {"type": "usergroup", "usergroup_id": "S0APPR"},
                    text(" at "),
                    {"type": "date", "timestamp": UNIX, "format": "{date_num} {time}", "fallback": "then"},
                    text(" "),
                    {"type": "emoji", "name": "rotating_light"},
                    text(" colour "),
                    {"type": "color", "value": "#2eb886"},
                    text(" see "),
                    {"type": "link", "url": "https://example.com/runbook", "text": "the runbook"},
                    text(" "),
                    {"type": "broadcast", "range": "here"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [
                    {"type": "rich_text_section", "elements": [text("Look at the logs")]},
                    {"type": "rich_text_section", "elements": [text("Compare the digest", strike=True)]},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 1,
                "elements": [{"type": "rich_text_section", "elements": [text("one level in", italic=True)]}],
            },
            {"type": "rich_text_quote", "elements": [text("Signature does not match")]},
            {
                "type": "rich_text_preformatted",
                "elements": [text("SELECT 1;\n<script>alert('no')</script>")],
            },
        ],
    }
]

MARKDOWN: list[Block] = [
    {
        "type": "markdown",
        "text": (
            "## What happened\n\nThe **database** was *slow* for ~~four~~ `six` minutes. See [the log](https://example.com/).\n\n"
            "1. Outage began\n2. Paged\n   - by mail\n   - by Slack\n\n- [x] recovered\n- [ ] reviewed\n\n"
            "> Nobody lost money.\n\n"
            "| part | p95 | errors |\n|:--|--:|:-:|\n| database | 812 ms | 3 |\n| functions | 95 ms | 0 |\n\n"
            "```sql\nSELECT 1;\n```\n\n<img src=x onerror=alert(1)> [bad](javascript:alert(1))"
        ),
    }
]


def cells(*words: str) -> list[Block]:
    return [{"type": "raw_text", "text": each} for each in words]


TABLE: list[Block] = [
    {
        "type": "table",
        "column_settings": [{"is_wrapped": True}, {"align": "right"}, {"align": "center"}],
        "rows": [
            cells("Function", "Version", "Status"),
            cells("payments-circle-webhook", "42", "ACTIVE"),
            [
                {"type": "raw_text", "text": "health"},
                {"type": "raw_number", "value": 7, "text": "7"},
                rich(text("THROTTLED", bold=True)),
            ],
        ],
    }
]

DATA_TABLE: list[Block] = [
    {
        "type": "data_table",
        "caption": "Slowest queries of the last hour",
        "page_size": 3,
        "row_header_column_index": 0,
        "rows": [
            cells("Query", "Calls", "Mean ms"),
            *(
                [
                    {"type": "raw_text", "text": name},
                    {"type": "raw_number", "value": calls, "text": f"{calls:,}"},
                    {"type": "raw_number", "value": mean, "text": f"{mean}"},
                ]
                for name, calls, mean in (
                    ("insert payments", 1204, 9.4),
                    ("select ledger", 310, 48.2),
                    ("update wallets", 96, 7.1),
                    ("select events", 15400, 1.2),
                    ("vacuum", 2, 900.5),
                )
            ),
        ],
    }
]

HOURS = [f"{hour:02d}:00" for hour in range(12)]


def series(name: str, values: Sequence[float]) -> Block:
    pairs = zip(HOURS, values, strict=True)
    return {"name": name, "data": [{"label": label, "value": value} for label, value in pairs]}


AXES = {"categories": HOURS, "x_label": "UTC", "y_label": "ms"}
P50 = [12, 13, 12, 14, 12, 11, 60, 140, 32, 14, 12, 12]
P95 = [40, 42, 44, 41, 47, 52, 310, 812, 120, 55, 44, 41]


def chart(title: str, **body: Any) -> Block:
    return {"type": "data_visualization", "title": title, "chart": body}


LINE: list[Block] = [
    chart("Latency of the database", type="line", series=[series("p50", P50), series("p95", P95)], axis_config=AXES),
    chart(
        "Webhooks an hour", type="bar", series=[series("accepted", P50), series("refused", P50[::-1])], axis_config=AXES
    ),
]
AREA: list[Block] = [
    chart("Error rate", type="area", series=[series("all", [value / 1000 for value in P95])], axis_config=AXES),
    chart(
        "Events by type",
        type="pie",
        segments=[
            {"label": "payments.confirmed", "value": 61},
            {"label": "payments.failed", "value": 9},
            {"label": "payouts.complete", "value": 30},
        ],
    ),
]


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

GALLERY: dict[str, list[Block]] = {
    "card": CARD,
    "selects": SELECTS,
    "rich": RICH,
    "markdown": MARKDOWN,
    "table": TABLE,
    "data table": DATA_TABLE,
    "line and bar": LINE,
    "area and pie": AREA,
    "cards": CARDS,
    "container": CONTAINER,
    "plan": PLAN,
    "context actions": CONTEXT_ACTIONS,
    "image": IMAGE,
}

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
