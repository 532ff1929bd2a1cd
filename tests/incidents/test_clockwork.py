"""The clocks of incidents, in made-up worlds: a quick part of `python -m tests.chaos.clockwork`."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clockwork.timers import Fired
from bot.incidents import clocks
from store.incidents import Incident
from tests.chaos.clockwork import simulate

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_each_clock_fires_once_in_time_or_says_how_late_and_never_after_the_end(tmp_path):
    figures = simulate(200, 11, tmp_path)
    assert figures.wrong == []
    assert figures.schedules == 200
    assert min(figures.fired, figures.late, figures.deaths, figures.jumps) > 0, "all of it happened"


@pytest.mark.parametrize(
    ("minutes", "words", "late"),
    [
        (60, "Not resolved for 60 minutes; in 60 minutes it goes", 0),
        (80, "Not resolved for 80 minutes; in 40 minutes it goes", 20),
        (115, "Not resolved for 115 minutes; in 5 minutes it goes", 10),  # that of 105 minutes, and only that
    ],
)
def test_a_late_reminder_promises_no_more_time_than_there_is(minutes, words, late):
    incident = Incident("incident/1", 1, "slow", "P1", "Slow", "open", NOON, "bot")
    fired = Fired(clocks.UNSOLVED, incident.subject, NOON + timedelta(minutes=60), timedelta(), {"step": 0})
    due = clocks.due(fired, incident, NOON + timedelta(minutes=minutes))
    assert due is not None
    assert due.words.startswith(words)
    assert due.late == timedelta(minutes=late)
