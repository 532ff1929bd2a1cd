"""From sights to incidents: how often in a row, how long calm, what comes back, what flaps, what is news."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.detectors import Firing, Lingering
from bot.incidents.deciding import GOOD_LOOKS, Flapping, Opened, Past, Reopened, Resolved, Seen, Stays
from bot.incidents.swings import Swing
from bot.incidents.tracks import swing
from tests.incidents.sights import BAD, CAUSE, GOOD, NOW, World


def test_three_in_a_row_over_ten_seconds():
    world = World(CAUSE)
    assert world.looks(2, cause=BAD) == []
    assert world.hurry, "a look is due sooner than usual"
    (opened,) = world.look(cause=BAD)
    assert (opened.id, opened.severity, opened.since) == ("cause", "P0", NOW)
    assert world.looks(20, cause=BAD) == [], "told once"
    assert not world.hurry


def test_three_within_a_second_are_one_moment():
    world = World(CAUSE)
    assert world.looks(3, apart=0.3, cause=BAD) == []


def test_two_vantage_points_need_one_look_less():
    world = World(CAUSE)
    sure = Firing("Bad.", "Mend it.", sure=True)
    assert world.look(cause=sure) == []
    assert [type(one) for one in world.look(cause=sure)] == [Opened]


@pytest.mark.parametrize("between", [GOOD])
def test_a_good_look_between_begins_anew(between):
    world = World(CAUSE)
    world.looks(2, cause=BAD)
    world.look(cause=between)
    assert world.looks(2, cause=BAD) == []


def test_over_after_a_minute_and_five_good_looks():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    assert world.looks(GOOD_LOOKS - 1, apart=60, cause=GOOD) == []
    (resolved,) = world.looks(1, cause=GOOD)
    assert resolved.calm >= CAUSE.calm


def test_many_good_looks_within_a_second_are_no_minute():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    assert world.looks(10, apart=0.5, cause=GOOD) == []


def test_what_comes_back_within_half_an_hour_is_the_same():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    world.looks(GOOD_LOOKS, apart=30, cause=GOOD)
    changes = world.looks(3, cause=BAD)
    assert [(type(one), one.subject) for one in changes] == [(Reopened, "incident/1")]


def test_what_comes_back_later_is_another():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    world.looks(GOOD_LOOKS, apart=30, cause=GOOD)
    world.now += timedelta(minutes=31)
    assert [type(one) for one in world.looks(3, cause=BAD)] == [Opened]


def test_what_a_person_called_over_is_theirs_until_it_has_been_calm_once():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    world.past["cause"] = Past("incident/1", False, "", world.now, by_hand=True)
    assert world.looks(20, cause=BAD) == []
    world.look(cause=GOOD)
    assert [type(one) for one in world.looks(3, cause=BAD)] == [Reopened]


def test_something_else_under_it_is_told_at_once():
    """Who has one change called right must not have half an hour for the next."""
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    world.past["cause"] = Past("incident/1", False, BAD.title, world.now, by_hand=True)
    assert world.look(cause=BAD) == []
    (change,) = world.look(cause=replace(BAD, title="version 6"))
    assert isinstance(change, Reopened)


def test_and_for_half_an_hour_at_most():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    world.past["cause"] = Past("incident/1", False, "", world.now, by_hand=True)
    world.now += timedelta(minutes=31)
    assert [type(one) for one in world.look(cause=BAD)] == [Opened]


def test_what_flaps_stays_open_until_it_is_steady():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    changes = []
    for _ in range(3):
        changes += world.looks(2, cause=GOOD)
        changes += world.looks(2, cause=replace(BAD, title=f"{len(changes)}"))
    assert [type(one) for one in changes].count(Flapping) == 1, "said once"
    assert not [one for one in changes[changes.index(Flapping("incident/1")) :] if isinstance(one, Seen)], "then quiet"
    assert world.looks(12, apart=30, cause=GOOD) == [], "six minutes are not steady"
    assert [type(one) for one in world.looks(30, apart=30, cause=GOOD)] == [Resolved]


def test_it_says_what_has_changed_and_nothing_else():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    assert world.looks(3, cause=Firing("Bad, 5 s now.", "Mend it.")) == [], "another number is no news"
    worse = Firing("Worse.", "Mend it.", title="worse")
    assert [type(one) for one in world.looks(3, cause=worse)] == [Seen]


def test_just_under_the_threshold_is_neither_bad_nor_over():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    assert world.looks(50, apart=30, cause=Lingering()) == []
    world.looks(GOOD_LOOKS - 1, apart=30, cause=GOOD)
    world.look(cause=Lingering())
    assert world.looks(GOOD_LOOKS - 1, apart=30, cause=GOOD) == [], "five good looks in a row"


A = Firing("A fails.", "Look.", title="a", subjects=frozenset({"a"}))
BOTH = Firing("A fails. B fails.", "Look.", title="a, b", subjects=frozenset({"a", "b"}))
B = Firing("B fails.", "Look.", title="b", subjects=frozenset({"b"}))


def test_one_more_of_several_is_news_and_one_less_is_none():
    """Several functions that fail are one message; a second one that begins later is told in it."""
    world = World(CAUSE)
    world.looks(3, cause=A)
    (told,) = world.looks(3, cause=BOTH)
    assert (type(told), told.firing) == (Seen, BOTH)
    assert world.looks(3, cause=A) == [], "the other has ended"
    assert world.looks(3, cause=BOTH) == [], "and comes and goes: it has been told"


def test_one_more_is_told_also_while_it_comes_and_goes():
    world = World(CAUSE)
    world.looks(3, cause=A)
    for _ in range(3):
        world.looks(2, cause=GOOD)
        world.looks(2, cause=A)
    assert [type(one) for one in world.looks(2, cause=BOTH)] == [Seen]


def test_one_more_is_told_at_once_where_a_person_has_called_the_first_right():
    world = World(CAUSE)
    world.looks(3, cause=A)
    world.past["cause"] = Past("incident/1", False, "a", world.now, by_hand=True, subjects=A.subjects)
    assert world.looks(3, cause=A) == []
    assert [type(one) for one in world.look(cause=B)] == [Reopened]


def flapping(detector=CAUSE):
    """It has come and gone twice, that is told, and it is good just now."""
    world = World(detector)
    world.looks(3, cause=BAD)
    for sight in (GOOD, BAD, GOOD, BAD, GOOD):
        world.looks(2, cause=sight)
    now = swing(world.tracks["cause"])
    assert now is not None
    assert not now.bad
    return world


def test_a_p0_that_flaps_and_stays_bad_is_told_again_once_a_stretch():
    world = flapping()
    for _ in range(2):
        began = world.now
        assert world.looks(24, cause=BAD) == [], "up to two minutes"
        assert swing(world.tracks["cause"]) == Swing(NOW + timedelta(seconds=15), True, began)
        assert world.looks(30, cause=BAD) == [Stays("incident/1", BAD, began)]
        world.looks(2, cause=GOOD)


@pytest.mark.parametrize(
    ("severity", "called", "silenced", "told"),
    [("P0", "", (), 1), ("P1", "", (), 0), ("P1", "P0", (), 1), ("P0", "P1", (), 0), ("P0", "", ("cause",), 0)],
)
def test_who_is_told_that_it_stays_bad(severity, called, silenced, told):
    world = flapping(replace(CAUSE, severity=severity))
    world.past["cause"] = replace(world.past["cause"], severity=called)
    assert len(world.looks(40, silenced=silenced, cause=BAD)) == told


def test_a_pause_begins_the_two_minutes_anew():
    world = flapping()
    assert world.looks(20, cause=BAD) + world.look(cause=GOOD) + world.looks(20, cause=BAD) == []


def test_what_is_steady_swings_no_more():
    world = flapping()
    world.looks(70, apart=30, cause=GOOD)
    now = swing(world.tracks["cause"])
    assert now is not None
    assert now.since is None, "it mends"
