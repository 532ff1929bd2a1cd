"""Tables and charts."""

from collections.abc import Sequence
from typing import Any

from tests.browser.words import Block, rich, text


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
