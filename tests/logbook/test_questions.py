"""From words to a time and to SQL: tables."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Refused
from bot.grammar import parse
from bot.logbook.question import Function, Question, before
from bot.logbook.sources import SOURCES
from bot.logbook.span import Span, span
from bot.registry import load
from playground.supabase.logs.clickhouse import reading

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 25, 16, 30, 20, tzinfo=UTC)  # 17:30:20 in Madrid


def utc(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "start", "end"),
    [
        ("30m", None, utc(25, 16, 0, 20), NOW),
        ("2h", "1h", utc(25, 14, 30, 20), utc(25, 15, 30, 20)),
        ("90 s", None, utc(25, 16, 28, 50), NOW),
        ("2D", None, utc(23, 16, 30, 20), NOW),
        ("yesterday", None, utc(23, 23), NOW),
        ("yesterday", "yesterday", utc(23, 23), utc(24, 23)),
        ("today", None, utc(24, 23), NOW),
        ("14:30", None, utc(25, 13, 30), NOW),
        ("23:00", None, utc(24, 22), NOW),
        ("2026-11-24", "2026-11-24", utc(23, 23), utc(24, 23)),
        ("2026-11-24T10:00", "now", utc(24, 9), NOW),
        ("2026-11-24T10:00Z", "2026-11-24T11:00:00.5+00:00", utc(24, 10), utc(24, 11) + timedelta(milliseconds=500)),
        ("1h", "2026-12-24", utc(25, 15, 30, 20), NOW),
    ],
)
def test_a_time_in_the_askers_zone(since, until, start, end):
    assert span(since, until, NOW, MADRID) == Span(start, end)


def test_a_day_has_23_hours_when_the_clocks_go_forward():
    found = span("2026-03-29", "2026-03-29", datetime(2026, 3, 30, 12, tzinfo=UTC), MADRID)
    assert found.length == timedelta(hours=23)


@pytest.mark.parametrize(
    ("since", "until", "why"),
    [
        ("tomorrow", None, "do not understand"),
        ("0m", None, "do not understand"),
        ("99999w", None, "seven are the most"),
        ("2026-13-40", None, "do not understand"),
        ("'; drop", None, "do not understand"),
        ("8d", None, "seven are the most"),
        ("1h", "2h", "before its beginning"),
        ("2027-01-01", None, "lies ahead"),
    ],
)
def test_a_time_that_cannot_be(since, until, why):
    with pytest.raises(Refused) as refused:
        span(since, until, NOW, MADRID)
    assert why in refused.value.why


def test_pieces_of_a_day_that_touch_and_stay_a_day_in_whole_minutes():
    whole = span("7d", None, NOW, MADRID)
    pieces = whole.pieces()
    assert len(pieces) == 8
    assert (pieces[0].end, pieces[-1].start) == (whole.end, whole.start)
    assert all(newer.start == older.end for newer, older in pairwise(pieces))
    for piece in pieces:
        end = piece.end.replace(second=0) + timedelta(minutes=bool(piece.end.second))
        assert end - piece.start.replace(second=0) <= timedelta(hours=24)


HOSTILE = [
    "'; drop table logs; --",
    "100%",
    "a_b",
    "\\",
    '"',
    "“curly” quotes",
    "<!channel>",
    "&amp; & &lt;",
    "--follow",
    "日本",
]


@pytest.mark.parametrize("word", SOURCES)
def test_its_sql_is_one_select_about_its_source(word):
    hour = Span(NOW - timedelta(hours=1), NOW)
    for level in ("error", "warn", "info"):
        asked = Question(SOURCES[word], hour, MADRID, tuple(HOSTILE), level, Function("health", "an id's"))
        for sql in (asked.lines(hour, 50, (NOW, "an id's")), asked.counts(hour)):
            assert reading.sources(reading.read(sql)) == frozenset({SOURCES[word].table})


@pytest.mark.parametrize("first", [(), ("--follow",)])
def test_its_command_asks_the_same_again(first):
    """A button's value goes the way of typed text, as Slack would send it."""
    hour = Span(NOW - timedelta(hours=1), NOW)
    asked = Question(SOURCES["functions"], hour, MADRID, tuple(HOSTILE), "warn", Function("health", "x"), 70, full=True)
    args = parse(asked.command(*first), load()).args.model_dump()
    expected = {"source": "functions", "words": tuple(HOSTILE), "level": "warn", "since": "1h", "function": "health"}
    assert expected.items() <= args.items()
    assert (args["limit"], args["full"], args["follow"]) == (70, True, bool(first))
    exact = parse(asked.command(span=hour), load()).args.model_dump()
    assert span(exact["since"], exact["until"], NOW, MADRID) == hour


@pytest.mark.parametrize(
    ("shown", "more", "expected"),
    [
        ([], False, Span(utc(25, 10), utc(25, 12))),
        ([utc(25, 13), utc(25, 14)], False, Span(utc(25, 10), utc(25, 12))),
        ([utc(25, 13), utc(25, 14)], True, Span(utc(25, 12), utc(25, 13) + timedelta(microseconds=1))),
        ([utc(25, 13), utc(25, 13)], True, Span(utc(25, 12), utc(25, 13))),
        ([utc(25, 12), utc(25, 12)], True, Span(utc(25, 10), utc(25, 12))),
    ],
)
def test_what_is_older_loses_no_line(shown, more, expected):
    assert before(Span(utc(25, 12), utc(25, 14)), shown, more=more) == expected


@pytest.mark.parametrize(("hours", "minutes"), [(0.25, 1), (1, 5), (2, 10), (24, 120), (168, 720)])
def test_twenty_buckets_at_most(hours, minutes):
    asked = Question(SOURCES["db"], Span(NOW - timedelta(hours=hours), NOW), MADRID)
    assert asked.bucket == timedelta(minutes=minutes)
    assert asked.span.length / asked.bucket <= 19
