"""Tables and charts."""

import pytest

from playground.blockkit import check_blocks


def cell(text="x"):
    return {"type": "raw_text", "text": text}


NUMBER = {"type": "raw_number", "value": 1.5, "text": "1.5 s"}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]}],
}
TABLE = {
    "type": "table",
    "rows": [[cell("Service"), cell("Latency")], [RICH, NUMBER]],
    "column_settings": [None, {"align": "right", "is_wrapped": True}],
}
DATA = {
    "type": "data_table",
    "caption": "Deploys",
    "rows": [[cell("Function"), cell("Version")], [RICH, NUMBER], [cell(), cell()]],
    "page_size": 100,
    "row_header_column_index": 1,
}


def points(*pairs):
    return [{"label": label, "value": value} for label, value in pairs]


def series(name="p95", *pairs):
    return {"name": name, "data": points(*(pairs or (("10:00", 120), ("10:05", 900.5))))}


AXES = {"categories": ["10:00", "10:05"], "x_label": "time", "y_label": "ms"}


def chart(**more):
    shape = {"type": "line", "series": [series(), series("p50")], "axis_config": AXES, **more}
    return {"type": "data_visualization", "title": "Latency", "chart": shape}


def pie(*segments):
    return {"type": "data_visualization", "title": "Share", "chart": {"type": "pie", "segments": points(*segments)}}


TAKEN = [TABLE, DATA, chart(), chart(type="bar"), chart(type="area"), pie(("a", 1), ("b", 0.5))]


def found_in(block):
    found = check_blocks([block], "message")
    return [(one.pointer.removeprefix("/blocks/0"), one.code) for one in found]


@pytest.mark.parametrize("block", TAKEN, ids=lambda block: block["type"])
def test_taken(block):
    assert found_in(block) == []


REFUSED = [
    ({"type": "table"}, "/rows", "missing"),
    ({**TABLE, "rows": []}, "/rows", "too_few"),
    ({**TABLE, "rows": [[]]}, "/rows/0", "too_few"),
    ({**TABLE, "rows": [[cell()]] * 101}, "/rows", "too_many"),
    ({**TABLE, "rows": [[cell()] * 21]}, "/rows/0", "too_many"),
    ({**TABLE, "rows": [[cell("")]]}, "/rows/0/0/text", "empty"),
    ({**TABLE, "rows": [["x"]]}, "/rows/0/0", "wrong_type"),
    ({**TABLE, "rows": [[{"type": "mrkdwn", "text": "x"}]]}, "/rows/0/0/type", "unknown_kind"),
    ({**TABLE, "rows": [[{"type": "raw_number", "value": "1", "text": "1"}]]}, "/rows/0/0/value", "wrong_type"),
    ({**TABLE, "rows": [[{"type": "raw_number", "value": 1}]]}, "/rows/0/0/text", "missing"),
    ({**TABLE, "rows": [[cell("x" * 5_001), cell("x" * 5_000)]]}, "/rows", "too_long"),
    ({**TABLE, "column_settings": [{}] * 21}, "/column_settings", "too_many"),
    ({**TABLE, "column_settings": [{"align": "top"}]}, "/column_settings/0/align", "bad_value"),
    # data_table
    ({**DATA, "caption": ""}, "/caption", "empty"),
    ({**DATA, "rows": [[cell(), cell()]]}, "/rows", "too_few"),
    ({**DATA, "rows": [[cell(), cell()]] * 202}, "/rows", "too_many"),
    ({**DATA, "rows": [[cell(), cell()], [cell()]]}, "/rows/1", "conflict"),
    ({**DATA, "rows": [[cell(), RICH], [cell(), cell()]]}, "/rows/0/1/type", "unknown_kind"),
    ({**DATA, "rows": [[cell(), cell()], [cell("x" * 19_999), cell()]]}, "/rows", "too_long"),
    ({**DATA, "page_size": 101}, "/page_size", "out_of_range"),
    ({**DATA, "row_header_column_index": 2}, "/row_header_column_index", "out_of_range"),
    # data_visualization
    ({**chart(), "title": "x" * 51}, "/title", "too_long"),
    ({**chart(), "title": {"type": "plain_text", "text": "x"}}, "/title", "wrong_type"),
    (chart(type="donut"), "/chart/type", "unknown_kind"),
    (chart(series=[]), "/chart/series", "too_few"),
    (chart(series=[series(str(n)) for n in range(7)]), "/chart/series", "too_many"),
    (chart(series=[series(), series()]), "/chart/series/1/name", "duplicate"),
    (chart(series=[series("x" * 21)]), "/chart/series/0/name", "too_long"),
    (chart(series=[series("p", ("10:00", 1))]), "/chart/series/0/data", "conflict"),
    (chart(series=[series("p", ("10:00", 1), ("10:00", 2))]), "/chart/series/0/data", "conflict"),
    (chart(series=[series("p", ("10:00", 1), ("10:05", "2"))]), "/chart/series/0/data/1/value", "wrong_type"),
    (chart(series=[series("p", ("10:00", 1), ("10:05", float("inf")))]), "/chart/series/0/data/1/value", "bad_format"),
    (chart(axis_config={**AXES, "categories": []}), "/chart/axis_config/categories", "too_few"),
    (
        chart(axis_config={**AXES, "categories": [str(n) for n in range(21)]}),
        "/chart/axis_config/categories",
        "too_many",
    ),
    (chart(axis_config={**AXES, "y_label": "x" * 51}), "/chart/axis_config/y_label", "too_long"),
    (chart(segments=[]), "/chart/segments", "unknown_key"),
    (pie(), "/chart/segments", "too_few"),
    (pie(*((str(n), 1) for n in range(7))), "/chart/segments", "too_many"),
    (pie(("a", 0)), "/chart/segments/0/value", "out_of_range"),
    (pie(("x" * 21, 1)), "/chart/segments/0/label", "too_long"),
]


@pytest.mark.parametrize(("block", "pointer", "code"), REFUSED)
def test_refused(block, pointer, code):
    assert found_in(block) == [(pointer, code)]
