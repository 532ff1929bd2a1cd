"""One cause, one page: what an incident explains, from when and until when, and what a silence does to it."""

from dataclasses import replace

from bot.detectors import Calm, Detector
from bot.incidents.deciding import GOOD_LOOKS, Opened, Past, Resolved, explaining
from tests.incidents.sights import BAD, CAUSE, GOOD, SYMPTOM, World


def test_one_cause_one_page():
    world = World(CAUSE, SYMPTOM)
    assert world.look(symptom=GOOD, cause=BAD) == []
    changes = world.looks(5, cause=BAD, symptom=BAD)
    assert [one.id for one in changes if isinstance(one, Opened)][-1:] == ["cause"]


def test_symptoms_are_named_on_the_cause():
    world = World(CAUSE, Detector("late", "P1", "Late", "x", lambda *_: Calm(), inhibited_by=frozenset({"cause"})))
    changes = world.looks(5, cause=BAD, late=BAD)
    assert [(one.id, one.symptoms) for one in changes] == [("cause", ("late",))]
    assert all(one.id == "cause" for one in world.looks(20, cause=BAD, late=BAD))


def test_a_cause_that_is_not_confirmed_yet_explains_already():
    world = World(CAUSE, SYMPTOM)
    assert world.looks(2, cause=BAD, symptom=BAD) == []
    assert [(type(one), one.id) for one in world.look(cause=BAD, symptom=BAD)] == [(Opened, "cause")]
    other = World(CAUSE, SYMPTOM)
    other.look(cause=BAD, symptom=BAD)
    assert [(type(one), one.id) for one in other.look(cause=GOOD, symptom=BAD)] == [(Opened, "symptom")]


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


def test_what_is_silenced_opens_nothing_and_neither_does_what_it_explains():
    world = World(CAUSE, SYMPTOM)
    assert world.looks(10, silenced={"cause"}, cause=BAD, symptom=BAD) == []
    assert [type(one) for one in world.look(cause=BAD, symptom=BAD)] == [Opened], "when it is over it is told"


def test_what_is_silenced_ends_all_the_same():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    changes = world.looks(GOOD_LOOKS, apart=30, silenced={"cause"}, cause=GOOD)
    assert [type(one) for one in changes] == [Resolved]
