"""What cannot be seen proves nothing and ends nothing; after five minutes it is told, where nothing explains it."""

from dataclasses import replace
from datetime import timedelta

from bot.detectors import Calm, Firing, Muted, Sight
from bot.incidents.deciding import BLIND, Opened, blindness
from bot.incidents.tracks import Track
from tests.incidents.sights import BAD, CAUSE, DARK, GOOD, NOW, SYMPTOM, World


def test_a_blind_look_between_proves_nothing_either_way():
    world = World(CAUSE)
    world.looks(2, cause=BAD)
    assert world.looks(3, cause=DARK) == []
    assert [type(one) for one in world.look(cause=BAD)] == [Opened]


def test_blindness_ends_nothing():
    world = World(CAUSE)
    world.looks(3, cause=BAD)
    assert world.looks(50, apart=30, cause=DARK) == []
    assert world.past["cause"].open


def test_five_minutes_blind_are_told_as_that():
    tracks = {"cause": Track(blind_since=NOW)}
    assert blindness((CAUSE,), tracks, {"cause": DARK}, (), NOW + timedelta(minutes=4)) == Calm()
    told = blindness((CAUSE,), tracks, {"cause": DARK}, (), NOW + timedelta(minutes=5))
    assert isinstance(told, Firing)
    assert "Cause" in told.what
    assert "No answer." in told.what


def test_seeing_again_ends_blindness():
    world = World(CAUSE)
    world.looks(3, cause=DARK)
    world.look(cause=GOOD)
    assert world.tracks["cause"].blind_since is None
    assert BLIND not in world.tracks


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
