"""What got slower, row by row; and that nothing is claimed of what is not known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clients.errors import TooMany
from bot.clients.supabase import Function
from bot.context import Target
from bot.diagnosis.judging_performance import judge
from bot.diagnosis.performance import Seen
from bot.health.judgement import Level
from bot.questions.functions import Figures
from bot.views.report import show
from store.samples import Span
from tests.health.well import SUPABASE
from tests.problems import problems

NOW = datetime(2026, 3, 29, 12, 30, tzinfo=UTC)


def calls(number, p50, p95, failed):
    return Figures(number, failed, 0, 0, 0, p50, p95)


CALLS = calls(900, 40.0, 120.0, 3)


def hours(today, before, days=8):
    first = NOW.replace(minute=0) - timedelta(days=days)
    starts = [first + timedelta(hours=n) for n in range(24 * days)]
    return tuple(
        Span(at, "wallet", "", 60, 0, 0, 1.0, 2.0, today if at >= NOW - timedelta(days=1) else before, 9999.0)
        for at in starts
    )


WELL = Seen(
    Target("emolyyvmvvfjyxbguhyn"),
    NOW,
    wallet=hours(180, 180),
    database=hours(45, 45),
    functions=[Function(id="id-1", slug="withdraw-funds", status="ACTIVE", version=3)],
    today={"id-1": CALLS},
    before={"id-1": CALLS},
    lints=[],
)


@pytest.mark.parametrize(
    ("change", "level", "verdict"),
    [
        pytest.param({}, Level.OK, "Nothing got slower than last week", id="as it was"),
        pytest.param({"database": hours(67, 45)}, Level.OK, "Nothing got slower", id="within the jitter"),
        pytest.param(
            {"database": hours(150, 45)}, Level.DEGRADED, "Slower than last week: the database's answer", id="slower"
        ),
        pytest.param({"wallet": hours(260, 180)}, Level.OK, "Nothing got slower", id="not by half"),
        pytest.param({"wallet": hours(280, 180)}, Level.DEGRADED, "the wallet's answer", id="by half"),
        pytest.param({"wallet": hours(2100, 2100)}, Level.DEGRADED, "Not slower than last week, but", id="always slow"),
        pytest.param({"wallet": hours(280, 180, days=1)}, Level.OK, "as far as that is known", id="only a day old"),
        pytest.param(
            {"today": {"id-1": calls(900, 80, 300, 0)}}, Level.DEGRADED, "last week: withdraw-funds", id="a function"
        ),
        pytest.param({"today": {"id-1": calls(19, 80, 300, 0)}}, Level.OK, "as far as", id="too few to tell"),
        pytest.param({"before": {}}, Level.OK, "as far as that is known", id="no logs of last week"),
        pytest.param(
            {"today": {"id-1": calls(900, 40, 120, 46)}}, Level.DEGRADED, "but not well", id="one in 20 fails"
        ),
        pytest.param({"before": TooMany(SUPABASE, 9)}, Level.UNKNOWN, "as far as", id="refused"),
        pytest.param(
            {"wallet": (), "database": (), "today": {}, "before": {}},
            Level.OK,
            "Nothing to compare",
            id="the first day",
        ),
        pytest.param({"today": None}, Level.WAITING, "Comparing with last week…", id="not all there"),
    ],
)
def test_each_change(change, level, verdict):
    report = judge(replace(WELL, **change))
    assert report.level is level
    assert verdict in report.verdict
    message = show(report)
    assert not problems(message)


def test_the_curve_has_its_words():
    report = judge(replace(WELL, database=hours(150, 45)))
    curve = report.curves[0]
    assert len(curve.points) == 16
    assert "between 45 ms and 150 ms in the last eight days, last 150 ms" in curve.what
    assert [block for block in show(report).blocks if block["type"] == "data_visualization"]
