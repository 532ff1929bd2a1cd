"""The clocks of incidents as tables: when one is set, what it says when its time has come, and when it comes next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clockwork.timers import Fired, Timers
from bot.incidents import clocks
from bot.incidents.clocks import Due
from playground.clock import ManualClock
from store.incidents import Incident

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
P1 = Incident("incident/1", 1, "slow", "P1", "Slow", "open", NOON, "bot")
P0 = replace(P1, severity="P0")


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def timers(store):
    return Timers(store, ManualClock())


@pytest.mark.parametrize(
    ("incident", "now", "told", "kind", "due", "step"),
    [
        (P0, 0, 0, clocks.UNHEARD, 30, 1),
        (P0, 50, 0, clocks.UNHEARD, 80, 1),  # made a P0 later: from then on
        (P1, 0, 0, clocks.UNSOLVED, 60, 0),
        (P1, 59, 0, clocks.UNSOLVED, 60, 0),
        (P1, 60, 0, clocks.UNSOLVED, 105, 1),
        (P1, 110, 0, clocks.UNSOLVED, 120, 2),
        (P1, 120, 0, clocks.UNSOLVED, 120, 2),  # came back after its two hours, and nobody was told: at once
        (P1, 130, 0, clocks.UNSOLVED, 130, 2),
        (P1, 130, 120, clocks.UNSOLVED, 240, 3),
        (P1, 240, 120, clocks.UNSOLVED, 360, 4),
        (P1, 200, 240, clocks.UNSOLVED, 360, 4),  # the clock was put back: not again of that
        (P1, 30, 120, clocks.UNSOLVED, 240, 3),
    ],
)
def test_when_it_is_set_for(store, timers, incident, now, told, kind, due, step):
    clocks.begin(timers, incident, after(now), **({"told": told} if told else {}))
    (timer,) = store.timers.waiting()
    assert (timer.kind, timer.subject, timer.due, timer.data) == (kind, "incident/1", after(due), {"step": step})


def test_heard_stops_the_one_and_the_end_both(store, timers):
    for stops, left in ((clocks.heard, [clocks.UNSOLVED]), (clocks.end, [])):
        clocks.begin(timers, P0, NOON)
        clocks.begin(timers, P1, NOON)
        stops(timers, P1)
        assert [one.kind for one in store.timers.waiting()] == left


def unheard(minutes: int, late: float, again: int, step: int) -> Due:
    words = f"Nobody has acknowledged this for {minutes} minutes."
    return Due(words, f"unheard/{step - 1}", timedelta(minutes=late), after(again), step, True, False, 0)


def told(minutes: int, late: float, again: int, step: int, of: int) -> Due:
    words = f"Not resolved within {minutes} minutes: the technical lead is told."
    return Due(words, f"unsolved/{of}", timedelta(minutes=late), after(again), step, True, True, minutes)


@pytest.mark.parametrize(
    ("step", "due", "now", "said"),
    [
        (1, 30, 30, unheard(30, 0, 60, 2)),
        (1, 30, 30.1, unheard(30, 0, 60, 2)),  # seconds late are the cadence of the rounds
        (1, 30, 30 + 9.9 / 60, unheard(30, 0, 60, 2)),
        (1, 30, 30 + 10 / 60, unheard(30, 10 / 60, 60, 2)),
        (1, 30, 31, unheard(30, 1, 60, 2)),
        (1, 30, 95, unheard(90, 5, 120, 4)),  # of what was missed the newest
        (1, 30, 20, unheard(30, 0, 60, 2)),  # the clock was put back
    ],
)
def test_a_p0_that_nobody_has(step, due, now, said):
    fired = Fired(clocks.UNHEARD, "incident/1", after(due), timedelta(), {"step": step})
    assert clocks.due(fired, P0, after(now)) == said
    for state in ("acknowledged", "resolved"):
        assert clocks.due(fired, replace(P0, state=state), after(now)) is None


@pytest.mark.parametrize(
    ("step", "due", "now", "said"),
    [
        (2, 120, 120, told(120, 0, 240, 3, 2)),
        (2, 120, 150, told(120, 30, 240, 3, 2)),
        (3, 240, 240, told(240, 0, 360, 4, 3)),
        (0, 60, 250, told(240, 10, 360, 4, 3)),  # away all the while
        (2, 209, 209, told(209, 0, 240, 3, 2)),  # came back, and was told late
        (2, 210, 210, told(210, 0, 240, 3, 2)),
        (2, 211, 211, told(211, 0, 360, 4, 2)),  # half an hour later it would be told again: once is enough
    ],
)
def test_a_p1_that_goes_to_the_lead(step, due, now, said):
    fired = Fired(clocks.UNSOLVED, "incident/1", after(due), timedelta(), {"step": step})
    assert clocks.due(fired, P1, after(now)) == said
    assert clocks.due(fired, replace(P1, state="acknowledged"), after(now)) == said, "solved is not heard"
    assert clocks.due(fired, replace(P1, state="resolved"), after(now)) is None


@pytest.mark.parametrize(
    ("data", "now", "words", "late", "again", "step", "passed"),
    [
        ({}, 60, "Not resolved for 60 minutes; in 60 minutes it goes", 0, 105, 1, 60),
        ({}, 59, "Not resolved for 59 minutes; in 61 minutes it goes", 0, 105, 1, 60),  # put back by a minute
        ({"step": 0}, 104, "Not resolved for 104 minutes; in 16 minutes it goes", 44, 105, 1, 60),
        ({"step": 0}, 105, "Not resolved for 105 minutes; in 15 minutes it goes", 0, 120, 2, 105),
    ],
)
def test_a_reminder_is_said_in_the_thread(data, now, words, late, again, step, passed):
    fired = Fired(clocks.UNSOLVED, "incident/1", after(60), timedelta(), data)
    said = Due(
        f"{words} to the technical lead.",
        f"unsolved/{step - 1}",
        timedelta(minutes=late),
        after(again),
        step,
        after=passed,
    )
    found = clocks.due(fired, P1, after(now))
    assert found == said
    assert (found.loud, found.escalate) == (False, False)
