"""Tables and charts.

Limits: docs.slack.dev/reference/block-kit/blocks/{table,data-table,data-visualization}-block, changelog 2026-05-20 and
2026-06-16. The limits that count over a whole message are in messages.py.
"""

from typing import Any

from playground.blockkit.problem import Found, Problem
from playground.blockkit.rich_text import RICH_TEXT
from playground.blockkit.rules import Rule, chars, choice, each, flag, number, unique, whole
from playground.blockkit.shapes import Shape, kinds
from playground.blockkit.texts import ID

RAW_TEXT = Shape("raw_text", need={"text": chars(None)})  # "no empty cell": at least one character
RAW_NUMBER = Shape("raw_number", need={"value": number(), "text": chars(None)})
_CELL = kinds(RAW_TEXT, RAW_NUMBER, RICH_TEXT)


def shown(value: object) -> int:
    """Return how many characters *value* shows: all its texts, however deep (no recursion: it may be hostile)."""
    total, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
            total += len(text) if isinstance(text := one.get("text"), str) else 0
    return total


def _column(value: object, at: str, found: Found) -> None:
    """A rule: the settings of a column; null leaves a column as it is (slack_sdk 3.47 TableBlock)."""
    if value is not None:
        _COLUMN(value, at, found)


_COLUMN = Shape(None, may={"align": choice("left", "center", "right"), "is_wrapped": flag})

TABLE = Shape(
    "table",
    need={"rows": each(each(_CELL, 20), 100)},
    may={"block_id": ID, "column_settings": each(_column, 20, 0)},
)


def _rectangle(table: dict[str, Any], at: str, found: Found) -> None:
    """The rows are equally long, the first is a header of raw cells, and the naming column exists."""
    header = table["rows"][0]
    for index, row in enumerate(table["rows"]):
        if len(row) != len(header):
            problem = f"{len(row)} cells where the header has {len(header)}"
            found.append(Problem(f"{at}/rows/{index}", "conflict", problem))
    for index, cell in enumerate(header):
        if cell["type"] == "rich_text":
            where = f"{at}/rows/0/{index}/type"
            found.append(Problem(where, "unknown_kind", "a header cell cannot be rich_text"))
    if table.get("row_header_column_index", 0) >= len(header):
        where = f"{at}/row_header_column_index"
        found.append(Problem(where, "out_of_range", f"there are {len(header)} columns, counted from 0"))


DATA_TABLE = Shape(
    "data_table",
    # 201 rows and 20,000 characters are the figures of summer 2026; the page of May said 101.
    need={"caption": chars(None), "rows": each(each(_CELL, 20), 201, 2)},
    may={"block_id": ID, "page_size": whole(1, 100), "row_header_column_index": whole(0)},
    agree=(_rectangle,),
)

_LABEL = chars(20)
_POINT = Shape(None, need={"label": _LABEL, "value": number()})
_SERIES = Shape(None, need={"name": _LABEL, "data": each(_POINT, 20)})
_AXES = Shape(None, need={"categories": each(_LABEL, 20)}, may={"x_label": chars(50), "y_label": chars(50)})


def _same_labels(chart: dict[str, Any], at: str, found: Found) -> None:
    """Every series has one point for each category, no more and no fewer."""
    names = [(series["name"], f"{at}/series/{i}/name") for i, series in enumerate(chart["series"])]
    unique(names, "the series name", found)
    categories = chart["axis_config"]["categories"]
    where = f"{at}/axis_config/categories"
    unique([(one, f"{where}/{i}") for i, one in enumerate(categories)], "the category", found)
    for index, series in enumerate(chart["series"]):
        labels = [point["label"] for point in series["data"]]
        if sorted(labels) != sorted(categories):
            problem = "the labels must be the categories of the axis, each once"
            found.append(Problem(f"{at}/series/{index}/data", "conflict", problem))


def _lines(kind: str) -> Shape:
    # Up to 6 series since June 2026; one library says 12. The stricter figure is the published one.
    need: dict[str, Rule] = {"series": each(_SERIES, 6), "axis_config": _AXES}
    return Shape(kind, need=need, agree=(_same_labels,))


_SEGMENT = Shape(None, need={"label": _LABEL, "value": number(above=0)})
_PIE = Shape("pie", need={"segments": each(_SEGMENT, 6)})

DATA_VISUALIZATION = Shape(
    "data_visualization",
    need={"title": chars(50), "chart": kinds(_lines("line"), _lines("bar"), _lines("area"), _PIE)},
    may={"block_id": ID},
)
