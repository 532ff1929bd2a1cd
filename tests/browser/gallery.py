"""Every block family that the bot uses, by name: what the browser tests and the screenshots look at."""

from tests.browser.gallery_cards import CARDS, CONTAINER, CONTEXT_ACTIONS, IMAGE, PLAN
from tests.browser.gallery_data import AREA, DATA_TABLE, LINE, TABLE
from tests.browser.words import UNIX, Block, button, mrk, option, plain, text

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
