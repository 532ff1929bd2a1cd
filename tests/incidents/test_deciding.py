"""From sights to incidents: how often in a row, one cause one page, how long calm, what comes back, what is blind."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.detectors import Blind, Calm, Detector, Firing, Lingering, Muted, Sight
from bot.incidents.deciding import (
    BLIND,
    GOOD_LOOKS,
    Flapping,
    Opened,
    Past,
    Reopened,
    Resolved,
    Seen,
    Track,
    blindness,
    decide,
    explaining,
)

NOW = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
CAUSE = Detector("cause", "P0", "Cause", "x", lambda *_: Calm())
SYMPTOM = Detector(
    "symptom", "P1", "Symptom", "x", lambda *_: Calm(), confirm=1, span=0, inhibited_by=frozenset({"cause"})
)
BAD, GOOD, DARK = Firing("Bad.", "Mend it."), Calm(), Blind("No answer.")


class World:
    """Looks in a row, five seconds apart; an incident is remembered as the store would."""

    def __init__(self, *detectors) -> None:
        self.detectors, self.now = detectors, NOW
        self.tracks: Mapping[str, Track] = {}
        self.past: dict[str, Past] = {}
        self.hurry = False

    def look(self, apart=5.0, silenced=(), **sights):
        decided = decide(self.detectors, sights, self.tracks, self.past, self.now, silenced)
        self.tracks, self.hurry = decided.tracks, decided.hurry
        for change in decided.changes:
            match change:
                case Opened():
                    subject, subjects = f"incident/{len(self.past) + 1}", change.firing.subjects
                    self.past[change.id] = Past(subject, True, change.firing.title, subjects=subjects)
                case Resolved() | Reopened() | Seen():
                    id_ = next(id_ for id_, one in self.past.items() if one.subject == change.subject)
                    is_open = not isinstance(change, Resolved)
                    seen = self.past[id_].seen if isinstance(change, Resolved) else change.firing.title
                    told = self.past[id_].subjects if isinstance(change, Seen | Resolved) else frozenset()
                    told |= frozenset() if isinstance(change, Resolved) else change.firing.subjects
                    ended = None if is_open else self.now
                    self.past[id_] = Past(change.subject, is_open, seen, ended, subjects=told)
        self.now += timedelta(seconds=apart)
        return list(decided.changes)

    def looks(self, times, apart=5.0, silenced=(), **sights):
        return [change for _ in range(times) for change in self.look(apart, silenced, **sights)]


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


def test_a_blind_look_between_proves_nothing_either_way():
    world = World(CAUSE)
    world.looks(2, cause=BAD)
    assert world.looks(3, cause=DARK) == []
    assert [type(one) for one in world.look(cause=BAD)] == [Opened]


def test_one_cause_one_page():
    world = World(CAUSE, SYMPTOM)
    assert world.look(symptom=GOOD, cause=BAD) == []
    changes = world.looks(5, cause=BAD, symptom=BAD)
    assert [one.id for one in changes if isinstance(one, Opened)][-1:] == ["cause"]


def test_what_a_person_keeps_open_explains_nothing_once_it_is_calm():
    world = World(CAUSE, SYMPTOM)
    world.looks(3, cause=BAD, symptom=GOOD)
    world.past["cause"] = replace(world.past["cause"], kept=True)
    assert world.looks(3, cause=BAD, symptom=BAD) == [], "explained while it is there"
    for _ in range(20):
        world.look(cause=GOOD, symptom=GOOD)
        world.past["cause"] = replace(world.past["cause"], open=True, kept=True)  # as the store does of what is kept
    opened = [one for one in world.looks(2, cause=GOOD, symptom=BAD) if isinstance(one, Opened)]
    assert [one.id for one in opened] == ["symptom"]
    kept = {"cause": Past("incident/1", True, "", kept=True)}
    assert explaining(world.detectors, kept, world.tracks, world.now) == set(), "nor blindness"


def test_symptoms_are_named_on_the_cause():
    world = World(CAUSE, Detector("late", "P1", "Late", "x", lambda *_: Calm(), inhibited_by=frozenset({"cause"})))
    changes = world.looks(5, cause=BAD, late=BAD)
    assert [(one.id, one.symptoms) for one in changes] == [("cause", ("late",))]
    assert all(one.id == "cause" for one in world.looks(20, cause=BAD, late=BAD))


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


def test_blindness_ends_nothing():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    assert world.looks(50, apart=30, cause=DARK) == []
    assert world.past["cause"].open


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


def test_five_minutes_blind_are_told_as_that():
    tracks = {"cause": Track(blind_since=NOW)}
    assert blindness((CAUSE,), tracks, {"cause": DARK}, (), NOW + timedelta(minutes=4)) == Calm()
    told = blindness((CAUSE,), tracks, {"cause": DARK}, (), NOW + timedelta(minutes=5))
    assert isinstance(told, Firing)
    assert "Cause" in told.what
    assert "No answer." in told.what


def test_what_the_bot_itself_is_changing_is_no_blindness():
    world = World(CAUSE)
    world.looks(3, cause=DARK)
    world.look(cause=Muted())
    assert world.tracks["cause"].blind_since is None
    assert world.looks(100, apart=60, cause=Muted()) == []


def test_what_an_open_incident_explains_is_no_blindness():
    tracks = {"symptom": Track(blind_since=NOW)}
    later = NOW + timedelta(hours=1)
    assert isinstance(blindness((CAUSE, SYMPTOM), tracks, {"symptom": DARK}, (), later), Firing)
    assert blindness((CAUSE, SYMPTOM), tracks, {"symptom": DARK}, {"cause"}, later) == Calm()


def test_what_was_explained_is_blind_only_five_minutes_after_its_cause_has_ended():
    """The next look, a minute after the outage, must not page for the minutes that the outage explained."""
    world = World(CAUSE, SYMPTOM)
    world.looks(80, cause=BAD, symptom=DARK)
    assert world.past["cause"].open
    world.past["cause"] = replace(world.past["cause"], open=False, resolved_at=world.now, by_hand=True)
    world.look(cause=GOOD, symptom=DARK)
    sights: dict[str, Sight] = {"cause": GOOD, "symptom": DARK}
    assert blindness((CAUSE, SYMPTOM), world.tracks, sights, (), world.now) == Calm()
    later = world.now + timedelta(minutes=5)
    assert isinstance(blindness((CAUSE, SYMPTOM), world.tracks, sights, (), later), Firing)


def test_seeing_again_ends_blindness():
    world = World(CAUSE)
    world.looks(3, cause=DARK)
    world.look(cause=GOOD)
    assert world.tracks["cause"].blind_since is None
    assert BLIND not in world.tracks


def test_just_under_the_threshold_is_neither_bad_nor_over():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    assert world.looks(50, apart=30, cause=Lingering()) == []
    world.looks(GOOD_LOOKS - 1, apart=30, cause=GOOD)
    world.look(cause=Lingering())
    assert world.looks(GOOD_LOOKS - 1, apart=30, cause=GOOD) == [], "five good looks in a row"


def test_what_is_silenced_opens_nothing_and_neither_does_what_it_explains():
    world = World(CAUSE, SYMPTOM)
    assert world.looks(10, silenced={"cause"}, cause=BAD, symptom=BAD) == []
    assert [type(one) for one in world.look(cause=BAD, symptom=BAD)] == [Opened], "when it is over it is told"


def test_what_is_silenced_ends_all_the_same():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    changes = world.looks(GOOD_LOOKS, apart=30, silenced={"cause"}, cause=GOOD)
    assert [type(one) for one in changes] == [Resolved]


def test_a_cause_that_is_not_confirmed_yet_explains_already():
    world = World(CAUSE, SYMPTOM)
    assert world.looks(2, cause=BAD, symptom=BAD) == []
    assert [(type(one), one.id) for one in world.look(cause=BAD, symptom=BAD)] == [(Opened, "cause")]
    other = World(CAUSE, SYMPTOM)
    other.look(cause=BAD, symptom=BAD)
    assert [(type(one), one.id) for one in other.look(cause=GOOD, symptom=BAD)] == [(Opened, "symptom")]


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
