"""What one more look makes of a track, and at which look something begins, ends, flaps or is blind: to the second."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.detectors import Blind, Calm, Detector, Firing, Lingering, Muted, Sight
from bot.incidents.deciding import (
    BLIND,
    Decided,
    Flapping,
    Opened,
    Past,
    Reopened,
    Resolved,
    Seen,
    blindness,
    decide,
    explaining,
    gravity,
    news,
)
from bot.incidents.tracks import REOPEN, Track, tracked
from tests.incidents.sights import BAD, CAUSE, DARK, GOOD, NOW, SYMPTOM

BEFORE, AHEAD = NOW - timedelta(minutes=1), NOW + timedelta(hours=1)
LONG_AGO = NOW - REOPEN
TURNS = tuple(NOW - timedelta(minutes=one) for one in (9, 8, 7, 6))  # it comes and goes
A, B = (replace(BAD, title=one, subjects=frozenset({one})) for one in "ab")


@pytest.mark.parametrize(
    ("track", "sight", "after"),
    [
        (Track(), DARK, Track(blind_since=NOW)),
        (Track(bad=2, blind_since=BEFORE), DARK, Track(bad=2, blind_since=BEFORE)),
        (Track(blind_since=AHEAD), DARK, Track(blind_since=NOW)),  # the clock was put back
        (Track(bad=2, bad_since=BEFORE, blind_since=BEFORE), Muted(), Track(bad=2, bad_since=BEFORE)),
        (Track(good=4, good_since=BEFORE, blind_since=BEFORE, turns=TURNS), Lingering(), Track(turns=TURNS)),
        (Track(), BAD, Track(bad=1, bad_since=NOW)),
        (Track(bad=2, bad_since=BEFORE, blind_since=BEFORE), BAD, Track(bad=3, bad_since=BEFORE)),
        (Track(bad=2, bad_since=AHEAD), BAD, Track(bad=3, bad_since=NOW)),
        (Track(good=3, good_since=BEFORE), BAD, Track(bad=1, bad_since=NOW, turns=(NOW,))),
        (
            Track(good=1, turns=TURNS, told=True),
            BAD,
            Track(bad=1, bad_since=NOW, turns=(*TURNS, NOW), swings=TURNS[0], told=True),
        ),
        (Track(bad=1, turns=TURNS[1:], told=True), BAD, Track(bad=2, bad_since=NOW, turns=TURNS[1:])),
        (
            Track(bad=1, turns=TURNS, told=True),
            BAD,
            Track(bad=2, bad_since=NOW, turns=TURNS, swings=TURNS[0], told=True),
        ),
        (
            Track(bad=1, bad_since=BEFORE, turns=TURNS, swings=AHEAD, told=True, again=True),
            BAD,
            Track(bad=2, bad_since=BEFORE, turns=TURNS, swings=AHEAD, told=True, again=True),
        ),
        (Track(), GOOD, Track(good=1, good_since=NOW)),
        (Track(good=2, good_since=BEFORE, blind_since=BEFORE), GOOD, Track(good=3, good_since=BEFORE)),
        (Track(good=2, good_since=AHEAD), GOOD, Track(good=3, good_since=NOW)),
        (Track(bad=3, bad_since=BEFORE), GOOD, Track(good=1, good_since=NOW, turns=(NOW,))),
        (
            Track(bad=1, turns=TURNS, told=True),
            GOOD,
            Track(good=1, good_since=NOW, turns=(*TURNS, NOW), swings=TURNS[0], told=True),
        ),
        (Track(good=1, turns=TURNS[1:], told=True), GOOD, Track(good=2, good_since=NOW, turns=TURNS[1:])),
        (
            Track(good=1, turns=TURNS, told=True),
            GOOD,
            Track(good=2, good_since=NOW, turns=TURNS, swings=TURNS[0], told=True),
        ),
        (Track(good=1, turns=(LONG_AGO, BEFORE)), GOOD, Track(good=2, good_since=NOW, turns=(BEFORE,))),
    ],
)
def test_one_more_look(track, sight, after):
    assert tracked(track, sight, NOW) == after


def bad(times: int, seconds: float, **more) -> Track:
    """As it is after *times* bad looks, the first so many seconds ago."""
    return Track(bad=times - 1, bad_since=NOW - timedelta(seconds=seconds), **more)


def good(times: int, seconds: float, **more) -> Track:
    return Track(good=times - 1, good_since=NOW - timedelta(seconds=seconds), **more)


SURE = replace(BAD, sure=True)
OPEN = Past("incident/1", True, BAD.title)
OVER = replace(OPEN, open=False, resolved_at=NOW - timedelta(minutes=1))
PATIENT = replace(CAUSE, calm=timedelta(minutes=20))


@pytest.mark.parametrize(
    ("detector", "sight", "track", "past", "expected"),
    [
        # how often, over how long
        (CAUSE, BAD, bad(3, 10), None, Opened),
        (CAUSE, BAD, bad(2, 10), None, None),
        (CAUSE, BAD, bad(3, 9.9), None, None),
        (CAUSE, SURE, bad(2, 0), None, Opened),
        (CAUSE, SURE, bad(1, 0), None, None),
        (replace(CAUSE, confirm=1), SURE, bad(1, 0), None, Opened),
        (replace(CAUSE, confirm=2), SURE, bad(1, 0), None, Opened),
        # and how long it is calm
        (CAUSE, GOOD, good(5, 60), OPEN, Resolved),
        (CAUSE, GOOD, good(4, 60), OPEN, None),
        (CAUSE, GOOD, good(5, 59.9), OPEN, None),
        (CAUSE, GOOD, good(5, 60), OVER, None),
        (CAUSE, GOOD, good(5, 60), None, None),
        (CAUSE, DARK, good(6, 60), OPEN, None),
        (CAUSE, Lingering(), good(6, 60), OPEN, None),
        (CAUSE, GOOD, good(5, 899, turns=TURNS, told=True), OPEN, None),
        (CAUSE, GOOD, good(5, 900, turns=TURNS, told=True), OPEN, Resolved),
        (CAUSE, GOOD, good(5, 60, turns=TURNS[1:]), OPEN, Resolved),
        (PATIENT, GOOD, good(5, 1199, turns=TURNS, told=True), OPEN, None),
        (PATIENT, GOOD, good(5, 1199), OPEN, None),
        (PATIENT, GOOD, good(5, 1200), OPEN, Resolved),
        # what comes and goes is said once, where it is open
        (CAUSE, GOOD, good(2, 5, turns=TURNS), OPEN, Flapping),
        (CAUSE, BAD, bad(2, 5, turns=TURNS), OPEN, Flapping),
        (CAUSE, GOOD, good(2, 5, turns=TURNS, told=True), OPEN, None),
        (CAUSE, GOOD, good(2, 5, turns=TURNS[1:]), OPEN, None),
        (CAUSE, GOOD, good(2, 5, turns=TURNS), OVER, None),
        (CAUSE, GOOD, good(2, 5, turns=TURNS), None, None),
        # what is news while it is open
        (CAUSE, BAD, bad(9, 99), OPEN, None),
        (CAUSE, replace(BAD, title="other"), bad(9, 99), OPEN, Seen),
        (CAUSE, replace(BAD, title="other"), bad(9, 99, turns=TURNS, told=True), OPEN, None),
        (CAUSE, replace(BAD, title="other"), bad(9, 99, turns=TURNS[1:]), OPEN, Seen),
        (CAUSE, A, bad(9, 99, turns=TURNS, told=True), OPEN, Seen),
        (CAUSE, A, bad(1, 0), replace(OPEN, subjects=A.subjects), None),
        # what comes back
        (CAUSE, BAD, bad(3, 10), OVER, Reopened),
        (CAUSE, BAD, bad(2, 10), OVER, None),
        (CAUSE, BAD, bad(3, 10), replace(OVER, resolved_at=NOW - timedelta(minutes=29.9)), Reopened),
        (CAUSE, BAD, bad(3, 10), replace(OVER, resolved_at=LONG_AGO), Opened),
        (CAUSE, BAD, bad(3, 10), replace(OVER, resolved_at=None), Opened),
        (CAUSE, BAD, bad(9, 99), replace(OVER, by_hand=True), None),
        (CAUSE, BAD, bad(9, 60), replace(OVER, by_hand=True), None),
        (CAUSE, BAD, bad(9, 59), replace(OVER, by_hand=True), Reopened),
        (CAUSE, BAD, bad(9, 99), OVER, Reopened),
        (CAUSE, A, bad(9, 99), replace(OVER, by_hand=True, subjects=B.subjects), Reopened),
        (CAUSE, A, bad(9, 99), replace(OVER, by_hand=True, subjects=A.subjects | B.subjects), None),
    ],
)
def test_at_which_look(detector, sight, track, past, expected):
    found = decide([detector], {"cause": sight}, {"cause": track}, {"cause": past} if past else {}, NOW)
    assert [type(one) for one in found.changes] == ([expected] if expected else [])
    (change,) = found.changes or [None]
    if isinstance(change, Opened):
        assert (change.since, change.severity, change.title) == (found.tracks["cause"].bad_since, "P0", "Cause")
        assert (change.firing, change.symptoms) == (sight, ())
    if isinstance(change, Resolved):
        assert (change.calm, change.said) == (NOW - (track.good_since or NOW), "")
    if isinstance(change, Flapping):
        assert found.tracks["cause"].told
    if isinstance(change, Seen | Reopened):
        assert (change.subject, change.firing) == ("incident/1", sight)


def looked(past=None, silenced=(), tracks=None, **sights) -> Decided:
    return decide([CAUSE, SYMPTOM], sights, tracks or {}, past or {}, NOW, silenced)


LASTING = {"cause": bad(9, 99), "symptom": bad(9, 99)}


def test_what_was_not_looked_at_stays_as_it_is():
    kept = {"cause": Track(bad=2, bad_since=BEFORE), "gone": Track(good=1)}
    found = looked(tracks=kept, symptom=GOOD)
    assert found.tracks == kept | {"symptom": Track(good=1, good_since=NOW)}
    assert (found.changes, found.hurry) == ((), frozenset({"cause"})), "a look at it is due soon"


@pytest.mark.parametrize(
    ("past", "silenced", "tracks", "sights", "hurry"),
    [
        ({}, (), {"cause": good(9, 99)}, {"cause": GOOD}, set()),
        ({}, (), {}, {"cause": BAD}, {"cause"}),
        ({}, (), {}, {"cause": BAD, "symptom": BAD}, {"cause", "symptom"}),  # which of them it is is not known yet
        ({}, {"cause"}, {}, {"cause": BAD}, set()),  # nobody waits for it
        ({}, {"cause"}, {}, {"cause": BAD, "symptom": BAD}, {"symptom"}),
        ({}, {"cause"}, {"cause": bad(9, 60)}, {"cause": BAD, "symptom": BAD}, set()),  # silenced it explains too
        ({}, {"cause"}, {}, {"cause": GOOD, "symptom": BAD}, set()),  # is opened in this look
        ({"cause": OPEN}, (), {}, {"cause": BAD}, set()),  # is told
        ({"cause": OPEN}, (), {}, {"cause": BAD, "symptom": BAD}, set()),  # is explained: for an hour perhaps
        ({"cause": OVER}, (), {"symptom": bad(2, 60)}, {"cause": GOOD, "symptom": DARK}, {"symptom"}),
        ({"cause": OVER}, (), {"symptom": bad(2, 60.1)}, {"cause": GOOD, "symptom": DARK}, set()),  # blind for long
        ({"cause": replace(OVER, by_hand=True)}, (), {"cause": bad(9, 70)}, {"cause": BAD}, {"cause"}),
        ({"cause": replace(OVER, by_hand=True)}, (), {"cause": bad(9, 70.1)}, {"cause": BAD}, set()),  # theirs
        ({}, (), {BLIND: bad(9, 0)}, {"cause": GOOD}, set()),  # no look ends that
    ],
)
def test_what_may_be_beginning_is_looked_at_again_soon(past, silenced, tracks, sights, hurry):
    assert looked(past, silenced, tracks, **sights).hurry == hurry


def test_a_cause_explains_while_it_begins_while_it_is_open_and_where_it_is_silenced():
    for past, silenced in (({}, ()), ({"cause": OPEN}, ()), ({}, {"cause"})):
        found = looked(past, silenced, LASTING, cause=BAD, symptom=BAD)
        assert [one.id for one in found.changes if isinstance(one, Opened)] == ([] if past or silenced else ["cause"])
    (opened,) = looked({}, (), LASTING, cause=BAD, symptom=BAD).changes
    assert isinstance(opened, Opened)
    assert opened.symptoms == ("symptom",)
    (alone,) = looked({}, (), LASTING, cause=BAD, symptom=GOOD).changes
    assert isinstance(alone, Opened)
    assert alone.symptoms == ()
    assert [one.id for one in looked({}, (), {}, cause=GOOD, symptom=BAD).changes] == ["symptom"]  # type: ignore[union-attr]
    over = looked({"cause": OVER}, {"cause"}, LASTING, cause=BAD, symptom=BAD)
    assert over.changes == (), "what is silenced does not come back either"
    ends = looked({"cause": OPEN}, {"cause"}, {"cause": good(5, 60)}, cause=GOOD)
    assert [type(one) for one in ends.changes] == [Resolved]


def test_blind_while_explained_counts_from_the_end_of_the_cause():
    blind = {"symptom": Track(blind_since=LONG_AGO), "cause": Track(blind_since=LONG_AGO)}
    found = looked({"cause": OPEN}, (), blind, cause=DARK, symptom=DARK)
    assert found.tracks["symptom"].blind_since == NOW
    assert found.tracks["cause"].blind_since == LONG_AGO
    assert looked({"cause": OVER}, (), blind, cause=DARK, symptom=DARK).tracks["symptom"].blind_since == LONG_AGO
    opens = looked({}, (), blind | {"cause": bad(3, 10)}, cause=BAD, symptom=DARK)
    assert opens.tracks["symptom"].blind_since == NOW, "also where it has only just begun"
    silent = looked({}, {"cause"}, blind | {"cause": bad(3, 10)}, cause=BAD, symptom=DARK)
    assert silent.tracks["symptom"].blind_since == NOW


@pytest.mark.parametrize(
    ("past", "track", "explains"),
    [
        (OPEN, good(6, 60), {"cause"}),
        (OVER, good(6, 60), set()),
        (replace(OPEN, kept=True), good(6, 60), set()),
        (replace(OPEN, kept=True), good(5, 60), {"cause"}),
        (replace(OPEN, kept=True), Track(bad=1), {"cause"}),
        (replace(OVER, kept=True), Track(bad=1), set()),
    ],
)
def test_what_explains(past, track, explains):
    assert explaining([CAUSE], {"cause": past}, {"cause": track}, NOW) == explains
    assert explaining([CAUSE], {"cause": past}, {}, NOW) == ({"cause"} if past.open else set())


def test_which_are_named_blind():
    many = [Detector(f"d{at}", "P1", f"D{at}", "x", lambda *_: Calm()) for at in range(5)]
    exactly, sooner = NOW - timedelta(minutes=5), NOW - timedelta(minutes=4.9)
    sights: dict[str, Sight] = {"d0": Blind("It hangs."), "d1": GOOD}
    for count, names in ((1, "D0"), (3, "D0, D1, D2"), (4, "D0, D1, D2 and 1 more"), (5, "D0, D1, D2 and 2 more")):
        tracks = {f"d{at}": Track(blind_since=exactly if at < count else sooner) for at in range(5)}
        found = blindness(many, tracks | {"gone": Track(blind_since=exactly)}, sights, (), NOW)
        assert isinstance(found, Firing)
        assert found.title == names
        assert found.what == f"For five minutes I could not read what I watch for: {names}. It hangs."
    only = blindness(many, {"d1": Track(blind_since=exactly)}, sights, (), NOW)
    assert isinstance(only, Firing)
    assert only.what.endswith("watch for: D1."), "seen just now, it gives no reason"
    assert blindness(many, {"d0": Track()}, sights, (), NOW) == Calm()
    assert blindness([SYMPTOM], {"symptom": Track(blind_since=exactly)}, {}, ["cause"], NOW) == Calm()


def test_what_blindness_is_called_for_ever():
    assert BLIND == "blind", "it is the key of what is open"


def test_how_bad_it_is_called():
    called = replace(OPEN, severity="P1")
    assert [gravity(CAUSE, one) for one in (None, OPEN, called, replace(called, open=False))] == [
        "P0",
        "P0",
        "P1",
        "P0",
    ]


def test_what_is_news():
    told = replace(OPEN, seen="a", subjects=A.subjects)
    assert [news(one, told) for one in (A, B, replace(A, subjects=A.subjects | B.subjects), BAD)] == [
        False, True, True, True,
    ]  # fmt: skip
    assert not news(replace(BAD, title="a"), told)
