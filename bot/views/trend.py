"""The last hour as a chart block, and the same in words for those who do not see it.

Limits: docs.slack.dev, data_visualization: title 50, 20 points, labels 20 characters and equal to the categories.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.health.trend import BUCKETS, Trend
from bot.health.words import milliseconds
from bot.views.blocks import Block, cap, context

_FEW = 3  # points below which a line shows nothing
_FLAT = 1.0  # ms: below it all along, a line lies on the axis, and the frame looks empty
_EACH = 60 // BUCKETS  # minutes in a bucket


def chart(trends: Sequence[Trend], until: datetime | None = None) -> list[Block]:
    """Return the chart and its words, or nothing where there is not enough to show.

    *until*: the hour's end, where the message may be read later.

    A bucket is drawn where every series has a value, since each needs a point for each category.
    """
    drawn = [each for each in trends if _shows(each)]
    series = [each.points for each in drawn]
    shared = [index for index in range(BUCKETS) if all(points[index] is not None for points in series)]
    if not drawn or len(shared) < _FEW:
        return []
    labels = [f"{60 - index * _EACH}" for index in shared]
    lines: list[dict[str, Any]] = [
        {
            "name": cap(each.name, 20),
            "data": [
                {"label": label, "value": round(each.points[index] or 0, 1)}
                for label, index in zip(labels, shared, strict=True)
            ],
        }
        for each in drawn
    ]
    counts = drawn[0].counts
    block: Block = {
        "type": "data_visualization",
        "title": f"{_capital(drawn[0].name)}, {_hour(until)}" if counts else f"Response time in the {_hour(until)}",
        "chart": {
            "type": "line",
            "series": lines,
            "axis_config": {
                "categories": labels,
                "x_label": "minutes before" if until else "minutes ago",
                "y_label": "count" if counts else "ms",
            },
        },
    }
    return [block, context(". ".join(_words(each, _hour(until)) for each in drawn) + ".")]


def _shows(trend: Trend) -> bool:
    values = [point for point in trend.points if point is not None]
    return len(values) >= _FEW and max(values) >= _FLAT


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _hour(until: datetime | None) -> str:
    return f"hour to {until:%H:%M} UTC" if until is not None else "last hour"


def _words(trend: Trend, hour: str) -> str:
    values = [point for point in trend.points if point is not None]
    if trend.counts:
        name = _capital(trend.name)
        return f"{name}, of the hour before each point: {min(values):.0f} to {max(values):.0f}, last {values[-1]:.0f}"
    usual = f", usually {milliseconds(trend.usual)}" if trend.usual is not None else ""
    name = _capital(trend.name)
    return f"{name} in the {hour}: {milliseconds(min(values))} to {milliseconds(max(values))}{usual}"
