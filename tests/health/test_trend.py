"""Now against the last hour, in words and as a chart."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.health.trend import trend
from bot.views.trend import chart
from playground.blockkit import check_message

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def samples(*values, every=timedelta(minutes=3)):
    """*values*, the last one *every* before now."""
    return [(NOW - every * (len(values) - n), value) for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("now", "hour", "words"),
    [
        (45, [44, 45, 46], "45 ms, usual for the last hour"),
        (150, [44, 45, 46], "150 ms, 3.3× the last hour's 45 ms"),
        (135, [45, 45, 45], "135 ms, 3× the last hour's 45 ms"),
        (70, [45, 45, 45], "70 ms, usual for the last hour"),  # 25 ms is jitter
        (9000, [45, 45, 45], "9.0 s, 200× the last hour's 45 ms"),
        (45, [400, 410, 420], "45 ms, faster than the last hour's 410 ms"),
        (45, [], "45 ms"),
        (45, [44, 46], "45 ms"),  # two samples are no usual
        (0.2, [0.1, 0.1, 0.1], "under 1 ms, usual for the last hour"),
        (45, [0, 0, 0], "45 ms, usual for the last hour"),
        (None, [45, 45, 45], ""),
    ],
)
def test_in_words(now, hour, words):
    assert trend("database", now, samples(*hour), NOW).words() == words


def test_only_the_last_hour_counts():
    old = [(NOW - timedelta(minutes=61), 900.0)] * 10
    assert trend("database", 45, [*old, *samples(45, 45, 45), (NOW, 900.0)], NOW).usual == 45


def test_a_bucket_is_the_median_of_three_minutes():
    points = trend("database", 1, samples(10, 20, 90, every=timedelta(minutes=1)), NOW).points
    assert points[-1] == 20
    assert points[:-1] == (None,) * 19


def test_a_chart_that_slack_takes_with_its_words():
    whole = trend("database", 45, samples(*range(40, 60)), NOW)
    part = trend("wallet", 200, samples(*range(200, 210)), NOW)
    block, words = blocks = chart([part, whole])
    assert check_message({"text": "x", "blocks": blocks}) == []
    assert block["chart"]["axis_config"]["categories"][-1] == "3"
    assert len(block["chart"]["series"]) == 2
    assert len(block["chart"]["series"][0]["data"]) == len(block["chart"]["series"][1]["data"]) == 10
    assert words["elements"][0]["text"] == (
        "Wallet in the last hour: 200 ms to 209 ms, usually 204 ms. "
        "Database in the last hour: 40 ms to 59 ms, usually 50 ms."
    )


def test_a_full_hour_has_twenty_points():
    (block, _) = chart([trend("database", 1, samples(*[50] * 240, every=timedelta(seconds=15)), NOW)])
    assert len(block["chart"]["series"][0]["data"]) == 20
    assert check_message({"text": "x", "blocks": [block]}) == []


def test_too_little_is_no_chart():
    assert chart([trend("database", 1, samples(1, 2), NOW)]) == []
    assert chart([]) == []
    apart = trend("a", 1, samples(1, 2, 3, every=timedelta(minutes=3)), NOW)
    early = trend("b", 1, [(when - timedelta(minutes=40), value) for when, value in samples(1, 2, 3)], NOW)
    assert chart([apart, early]) == []
