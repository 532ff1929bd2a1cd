"""What the bot's own facts mean: a table. And what is said of an absence."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.detectors import Blind, Calm, Firing
from bot.own.away import changes
from bot.own.facts import Own, Room, skew
from bot.own.judging import CLOCK, DISK, SLACK, sights
from bot.views.own import returned
from playground.blockkit import check_message

S, GB = timedelta(seconds=1), 2**30
NOON = datetime(2026, 7, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("room", "seen"),
    [
        (None, Blind),
        (Room(0, 0), Blind),
        (Room(0, 100 * GB), Firing),
        (Room(4 * GB, 100 * GB), Firing),
        (Room(5 * GB, 100 * GB), Calm),
        (Room(11 * GB, 1_000 * GB), Calm),
        (Room(9 * GB, 1_000 * GB), Firing),
    ],
)
def test_disk(room, seen):
    assert isinstance(sights(Own(room))[DISK], seen)


@pytest.mark.parametrize(
    ("skews", "seen", "said"),
    [
        ({}, Blind, ""),
        ({"Slack": 29 * S, "Supabase": 40 * S}, Calm, ""),
        ({"Slack": 0 * S, "Supabase": 900 * S}, Calm, ""),
        ({"Slack": -29 * S}, Calm, ""),
        ({"Slack": 31 * S}, Firing, "31 s behind that of Slack"),
        ({"Slack": -90 * S, "Supabase": -91 * S}, Firing, "90 s ahead of that of Slack and Supabase"),
    ],
)
def test_clock(skews, seen, said):
    sight = sights(Own(None, skews))[CLOCK]
    assert isinstance(sight, seen)
    assert said in getattr(sight, "what", "")
    if isinstance(sight, Firing):
        assert sight.sure == (len(skews) == 2)


@pytest.mark.parametrize(
    ("silent", "stuck", "seen", "said"),
    [
        (None, None, Blind, ""),
        (299, None, Calm, ""),
        (300, None, Firing, "not answered me for 5 minutes"),
        (420, (3, 400 * S), Firing, "for 7 minutes. Not posted yet: 3."),
        (1, (3, 299 * S), Calm, ""),
        (1, (1, 600 * S), Firing, "takes no messages for 10 minutes"),
    ],
)
def test_slack(silent, stuck, seen, said):
    sight = sights(Own(None, {}, silent, stuck))[SLACK]
    assert isinstance(sight, seen)
    assert said in getattr(sight, "what", "")


@pytest.mark.parametrize(
    ("date", "off"),
    [
        ("Sat, 04 Jul 2026 12:00:31 GMT", 31 * S),
        ("Sat, 04 Jul 2026 11:59:00 GMT", -60 * S),
        ("Sat, 04 Jul 2026 12:00:00", 0 * S),
        ("", None),
        ("soon", None),
        ("Sat, 99 Jul 2026 12:00:31 GMT", None),
    ],
)
def test_a_date_header(date, off):
    assert skew(date, NOON) == off


BEFORE = {
    "functions": {"health": [3, "aaaaaaaa"], "gone": [1, "b"]},
    "secrets": {"CIRCLE_API_KEY": "11111111"},
    "migrations": ["20260101000000", "4"],
    "signals": ["Webhooks silent"],
}
AFTER = {
    "functions": {"health": [4, "cccccccc"], "new": [1, "d"]},
    "secrets": {"CIRCLE_API_KEY": "22222222"},
    "migrations": ["20260202000000", "5"],
    "signals": ["Database outage"],
}


def test_what_changed():
    assert changes(BEFORE, AFTER) == [
        "the function new is new",
        "the function gone is gone",
        "the function health is at version 4, and was at 3",
        "the secret CIRCLE_API_KEY has another value: its digest begins with 22222222, before with 11111111",
        "5 migrations are applied, up to 20260202000000; before, 4, up to 20260101000000",
        "Database outage: it is there now, and was not",
        "Webhooks silent: it was there, and is not any more",
    ]
    assert changes(BEFORE, BEFORE) == []
    assert changes({}, AFTER) == []
    assert changes(BEFORE, {"secrets": {}}) == ["the secret CIRCLE_API_KEY is gone"]


def test_an_absence_is_one_message():
    hostile = [f"the function <!channel>{number} is new" for number in range(40)]
    message = returned(NOON, NOON + timedelta(minutes=14), ["approval.expiry"] * 2 + ["incident.unsolved"], hostile, [])
    body = {"text": message.text, "blocks": list(message.blocks)}
    assert not check_message(body)
    assert "3 timers fired late: approval.expiry × 2; a P1 not resolved in time." in message.text
    assert "I was away for 14 min." in message.text
    assert "<!channel>" not in str(body)
    assert "and 25 more" in str(body)
    quiet = returned(NOON, NOON + timedelta(minutes=3), [], [], ["secrets"])
    assert "No timer was due" in quiet.text
    assert "the secrets could not be read" in str(quiet.blocks)
