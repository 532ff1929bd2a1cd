"""Health samples: raw for a day, hours for a month, days for a year, and the same figures however often summed up."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.database import open_store
from store.errors import Refused
from store.samples import Sample, State
from tests.store.harness import KEY

DAY0 = datetime(2026, 3, 28, tzinfo=UTC)  # the night after, clocks in Europe go forward
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


def sample(
    at: datetime, latency: float | None = 10.0, state: State = "ok", part: str = "", source: str = "wallet"
) -> Sample:
    return Sample(at, source, part, state, latency)


def everything(store):
    return [list(store.db.table(name).rows) for name in ("sample_hours", "sample_days", "samples")]


def test_what_is_kept_is_what_is_read(store):
    one = Sample(DAY0, "wallet", "database", "ok", 45.25, 3.0, "SELECT 1")
    two = Sample(DAY0 + timedelta(microseconds=1), "wallet", "webhooks", "failed", None, None, "timeout \N{BUG}")
    store.samples.keep([one, two])
    assert store.samples.since("wallet", DAY0) == [one, two]
    assert store.samples.since("wallet", DAY0, "webhooks") == [two]
    assert store.samples.since("wallet", DAY0 + timedelta(microseconds=1)) == [two]
    assert store.samples.since("management", DAY0) == []


def test_the_latest_of_each_part(store):
    for minute in range(3):
        store.samples.keep([sample(DAY0 + minute * MINUTE, minute, part=part) for part in ("", "db", "secrets")])
    store.samples.keep([sample(DAY0 + HOUR, 99, part="db"), sample(DAY0 + HOUR, 1, source="other")])
    assert [(one.part, one.latency_ms) for one in store.samples.latest("wallet")] == [
        ("", 2),
        ("db", 99),
        ("secrets", 2),
    ]
    assert store.samples.latest("nobody") == []


def test_of_two_at_one_moment_the_later_stays(store):
    store.samples.keep([sample(DAY0, 1), sample(DAY0, 2)])
    assert [one.latency_ms for one in store.samples.since("wallet", DAY0)] == [2]


def test_an_unknown_state_is_refused_whole(store):
    with pytest.raises(Refused, match="the schema does not allow it"):
        store.samples.keep([sample(DAY0), replace(sample(DAY0 + MINUTE), state=cast("State", "meh"))])
    assert store.samples.latest("wallet") == []


def test_an_hour_in_figures(store):
    latencies = [float(n) for n in range(1, 41)]  # 40 looks: the 95th percentile is the 38th
    store.samples.keep([sample(DAY0 + n * MINUTE, latency) for n, latency in enumerate(latencies)])
    store.samples.keep([sample(DAY0 + 41 * MINUTE, None, "unknown"), sample(DAY0 + 42 * MINUTE, None, "failed")])
    store.samples.keep([sample(DAY0 + HOUR, 5_000, "failed")])  # the next hour's
    store.samples.roll_up(DAY0 + HOUR + MINUTE)
    (span,) = store.samples.hours("wallet", DAY0)
    assert span.start == DAY0
    assert (span.count, span.failed, span.unknown) == (42, 1, 1)
    assert (span.min_ms, span.avg_ms, span.p95_ms, span.max_ms) == (1, 20.5, 38, 40)


def test_an_hour_without_an_answer_has_no_latency(store):
    store.samples.keep([sample(DAY0 + n * MINUTE, None, "failed") for n in range(3)])
    store.samples.roll_up(DAY0 + HOUR)
    (span,) = store.samples.hours("wallet", DAY0)
    assert (span.count, span.failed, span.min_ms, span.avg_ms, span.p95_ms, span.max_ms) == (
        3,
        3,
        None,
        None,
        None,
        None,
    )


def test_the_hour_that_runs_is_not_summed_up(store):
    store.samples.keep([sample(DAY0 + 10 * MINUTE)])
    store.samples.roll_up(DAY0 + 59 * MINUTE)
    assert store.samples.hours("wallet", DAY0) == []
    store.samples.roll_up(DAY0 + HOUR)
    assert len(store.samples.hours("wallet", DAY0)) == 1


def week(store, every: timedelta | None, *, until: datetime = DAY0 + 3 * DAY) -> None:
    """Samples every ten minutes, of a latency that tells the time; summed up *every* so often, or never."""
    at, due = DAY0, DAY0
    while at < until:
        minute = (at - DAY0) // MINUTE
        store.samples.keep([sample(at, float(minute % 1440), "failed" if minute % 70 == 0 else "ok")])
        if every is not None and at >= due:
            store.samples.roll_up(at)
            due += every
        at += 10 * MINUTE


def test_hourly_or_after_three_days_away_the_figures_are_the_same(store, tmp_path):
    week(store, HOUR)
    store.samples.roll_up(DAY0 + 3 * DAY)
    late = open_store(tmp_path / "late.db", audit_key=KEY)
    week(late, None)
    late.samples.roll_up(DAY0 + 3 * DAY)
    assert everything(late) == everything(store)
    days = store.samples.days("wallet", DAY0)
    assert [day.start for day in days] == [DAY0, DAY0 + DAY, DAY0 + 2 * DAY]
    assert all((day.count, day.min_ms, day.max_ms, day.p95_ms) == (144, 0, 1430, 1360) for day in days)
    late.close()


def test_summing_up_twice_changes_nothing(store):
    week(store, 7 * HOUR)
    end = DAY0 + 3 * DAY
    store.samples.roll_up(end)
    before = everything(store)
    for minutes in (0, 1, 59):
        store.samples.roll_up(end + minutes * MINUTE)
        assert everything(store)[:2] == before[:2]
    store.samples.roll_up(end)
    assert everything(store)[:2] == before[:2]


def test_downtime_loses_only_what_was_not_looked_at(store):
    week(store, HOUR, until=DAY0 + 10 * HOUR)
    back = DAY0 + 3 * DAY + 5 * HOUR
    store.samples.roll_up(back)
    assert [span.start for span in store.samples.hours("wallet", DAY0)] == [DAY0 + n * HOUR for n in range(10)]
    (day,) = store.samples.days("wallet", DAY0)
    assert (day.start, day.count) == (DAY0, 60)
    assert store.samples.since("wallet", DAY0) == []
    store.samples.keep([sample(back)])
    store.samples.roll_up(back + HOUR)
    assert len(store.samples.hours("wallet", DAY0)) == 11


def test_each_is_kept_as_long_as_promised(store):
    week(store, HOUR)
    now = DAY0 + 3 * DAY + 30 * MINUTE
    store.samples.roll_up(now)
    raw = store.samples.since("wallet", DAY0)
    assert raw[0].at == DAY0 + 2 * DAY  # by whole hours: 24 to 25 h
    store.samples.roll_up(DAY0 + 31 * DAY)
    assert store.samples.hours("wallet", DAY0)[0].start == DAY0 + DAY
    assert len(store.samples.days("wallet", DAY0)) == 3
    store.samples.roll_up(DAY0 + 366 * DAY)
    assert store.samples.hours("wallet", DAY0) == []
    assert [day.start for day in store.samples.days("wallet", DAY0)] == [DAY0 + DAY, DAY0 + 2 * DAY]


def test_a_straggler_does_not_spoil_its_hour(store):
    week(store, HOUR)
    store.samples.roll_up(DAY0 + 3 * DAY)
    before = everything(store)
    store.samples.keep([sample(DAY0 + 90 * MINUTE, 99_999)])
    store.samples.roll_up(DAY0 + 3 * DAY)
    assert everything(store) == before


@pytest.mark.parametrize("ahead", [2 * HOUR, 30 * HOUR, 40 * DAY])
def test_a_clock_that_was_ahead_for_a_moment_costs_little(store, ahead):
    """NTP set it right again: new samples are kept, and the hours after it have their true figures."""
    now = DAY0 + 10 * HOUR + 30 * MINUTE
    week(store, HOUR, until=now)
    store.samples.roll_up(now + ahead)
    store.samples.roll_up(now)
    for minute in range(0, 180, 10):
        store.samples.keep([sample(now + minute * MINUTE, 7)])
    store.samples.roll_up(now + 4 * HOUR)
    hours = {span.start: span.count for span in store.samples.hours("wallet", DAY0)}
    assert hours[DAY0 + 11 * HOUR] == hours[DAY0 + 12 * HOUR] == 6
    assert len(store.samples.since("wallet", now)) == 18
    if ahead < DAY:
        assert hours[DAY0 + 10 * HOUR] == 6


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(latencies=st.lists(st.none() | st.floats(0, 60_000), min_size=1, max_size=120))
def test_the_percentile_is_the_nearest_rank(store, latencies):
    store.db.execute("DELETE FROM samples")
    store.samples.keep([sample(DAY0 + n * timedelta(seconds=15), one) for n, one in enumerate(latencies)])
    store.samples.roll_up(DAY0 + HOUR)
    (span,) = store.samples.hours("wallet", DAY0)
    known = sorted(one for one in latencies if one is not None)
    assert span.count == len(latencies)
    assert span.p95_ms == (known[math.ceil(len(known) * 19 / 20) - 1] if known else None)
    assert span.avg_ms == (pytest.approx(sum(known) / len(known)) if known else None)


def test_an_hour_skipped_by_summer_time_is_an_hour_like_any_other(store):
    """29 March 2026, 01:00 UTC: 02:00 becomes 03:00 in Zürich."""
    for minute in range(0, 240, 10):
        store.samples.keep([sample(DAY0 + DAY + minute * MINUTE)])
    store.samples.roll_up(DAY0 + DAY + 4 * HOUR)
    assert [span.count for span in store.samples.hours("wallet", DAY0)] == [6, 6, 6, 6]
