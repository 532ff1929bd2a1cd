"""When reviews fall due: three years of them, in zones that move their clocks, with a leap day and ends of years."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.reviews.calendar import Cadence, current, following, passed, words

ZONES = ["UTC", "Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)


def walk(cadence, zone):
    """Every period of the three years, as a bot that never sleeps meets them."""
    at = BEGIN
    while (period := following(cadence, at, zone)).due < END:
        yield period
        at = period.due


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize(
    ("cadence", "count"),
    [
        (Cadence.WEEKLY, 156),
        (Cadence.MONTHLY, 36),
        (Cadence.MID_MONTH, 36),
        (Cadence.QUARTERLY, 12),
        (Cadence.MID_QUARTER, 12),
        (Cadence.ANNUAL, 3),
    ],
)
def test_three_years(cadence, count, name):
    """Each once, in order, at nine of a working day of the team's own; and the boundary belongs to the new one."""
    zone = ZoneInfo(name)
    found = list(walk(cadence, zone))
    # Monday, 1 January 2029 has begun in the east.
    assert len(found) == count + (found[-1].key == "2029-W01")
    assert len({one.key for one in found}) == len(found)
    for before, one in zip([None, *found], found, strict=False):
        local = one.due.astimezone(zone)
        assert (local.hour, local.minute) == (9, 0)
        assert local.weekday() < 5
        assert current(cadence, one.due, zone) == one
        if before is not None:
            assert before.due < one.due
            assert current(cadence, one.due - timedelta(microseconds=1), zone) == before
            assert passed(cadence, before.due, one, zone) == []


@pytest.mark.parametrize(
    ("cadence", "at", "key", "due"),
    [
        (Cadence.WEEKLY, "2026-11-25", "2026-W48", "2026-11-23"),
        (Cadence.WEEKLY, "2027-01-03", "2026-W53", "2026-12-28"),  # a year of 53 weeks
        (Cadence.WEEKLY, "2027-01-04", "2027-W01", "2027-01-04"),
        (Cadence.MONTHLY, "2028-03-01", "2028-03", "2028-03-01"),
        (Cadence.MONTHLY, "2028-02-29", "2028-02", "2028-02-01"),  # the leap day
        (Cadence.MONTHLY, "2026-08-02", "2026-07", "2026-07-01"),  # the 1st is a Saturday, so it waits until Monday
        (Cadence.MONTHLY, "2026-08-03", "2026-08", "2026-08-03"),
        (Cadence.MID_MONTH, "2026-10-18", "2026-09", "2026-09-18"),  # the 18th is a Sunday
        (Cadence.QUARTERLY, "2026-12-31", "2026-Q4", "2026-10-08"),
        (Cadence.MID_QUARTER, "2026-01-01", "2025-Q4", "2025-10-15"),
        (Cadence.MID_QUARTER, "2026-08-01", "2026-Q3", "2026-07-15"),
        (Cadence.ANNUAL, "2028-01-23", "2027", "2027-01-22"),  # the 22nd is a Saturday in 2028
        (Cadence.ANNUAL, "2028-01-24", "2028", "2028-01-24"),
    ],
)
def test_as_it_stands_on_a_day(cadence, at, key, due):
    zone = ZoneInfo("Europe/Madrid")
    noon = datetime.fromisoformat(f"{at}T12:00").replace(tzinfo=zone)
    period = current(cadence, noon, zone)
    assert (period.key, f"{period.due.astimezone(zone):%Y-%m-%d}") == (key, due)


@pytest.mark.parametrize(("day", "utc"), [("2026-03-23", 8), ("2026-03-30", 7), ("2026-10-19", 7), ("2026-10-26", 8)])
def test_nine_stays_nine_when_clocks_are_moved(day, utc):
    """In Madrid they are on 29 March and 25 October 2026."""
    zone = ZoneInfo("Europe/Madrid")
    period = current(Cadence.WEEKLY, datetime.fromisoformat(f"{day}T20:00+00:00"), zone)
    assert f"{period.due:%Y-%m-%d %H}" == f"{day} {utc:02}"


def test_what_passed_while_nobody_was_there():
    at = datetime(2026, 10, 5, 12, tzinfo=UTC)
    zone = ZoneInfo("UTC")
    now = current(Cadence.WEEKLY, datetime(2026, 11, 4, tzinfo=UTC), zone)
    assert passed(Cadence.WEEKLY, at, now, zone) == ["2026-W42", "2026-W43", "2026-W44"]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("2026-W48", "week 48 of 2026"),
        ("2026-11", "November 2026"),
        ("2026-Q4", "quarter 4 of 2026"),
        ("2026", "2026"),
        ("2026-99", "2026-99"),
    ],
)
def test_in_words(key, said):
    assert words(key) == said
