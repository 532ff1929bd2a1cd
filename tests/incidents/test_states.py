"""What was right last: the first look, an operation of ours, a person; whichever came last, after a restart too."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.health.answers import Answers
from bot.incidents.states import ATTRIBUTED, MIGRATIONS, PROJECT, SECRET, States, touched
from store.operations import Attempt, Operation
from tests.detectors.widely import NOW, WIDELY, history, secret

LATER = replace(WIDELY, history=history("20260101000000", "20260201000000", "20260301000000"))


def test_the_first_look_is_the_baseline_and_nothing_is_learned_after_it(store):
    states = States(store)
    states.learn(Answers(), WIDELY, frozenset(), NOW)
    assert states.known[MIGRATIONS] == "20260201000000 (2)"
    states.learn(Answers(), LATER, frozenset(), NOW)
    assert states.known[MIGRATIONS] == "20260201000000 (2)"


def test_what_an_operation_of_ours_leaves_is_right_also_after_a_persons_word(store):
    states = States(store)
    states.learn(Answers(), WIDELY, frozenset(), NOW)
    states.right(MIGRATIONS, "somebody's", "U0BEN", NOW, ATTRIBUTED)
    states.learn(Answers(), LATER, frozenset({MIGRATIONS}), NOW)
    assert States(store).known[MIGRATIONS] == "20260301000000 (3)", "as a restart reads it"


def test_a_secret_is_ours_by_its_rotation_and_not_by_the_hour(store):
    """Somebody who sets one while we rotate another must show."""
    states = States(store)
    states.learn(Answers(), WIDELY, frozenset(), NOW)
    other = replace(WIDELY, digests=(secret(value="cd"),))
    states.learn(Answers(), other, frozenset({SECRET}), NOW)
    assert states.known["secret/CIRCLE_API_KEY"].startswith("abababab")
    store.events.append("secret/CIRCLE_API_KEY", "rotation.set", "U0ANA", {"begins": "cdcdcdcd"}, NOW)
    states.learn(Answers(), other, frozenset(), NOW + timedelta(hours=3))
    assert states.known["secret/CIRCLE_API_KEY"].startswith("cdcdcdcd"), "also where I was away meanwhile"


def test_what_could_be_guessed_is_told_apart_by_its_time_alone(store):
    states = States(store)
    states.learn(Answers(), replace(WIDELY, digests=(secret("ALERT_EMAIL"),)), frozenset(), NOW)
    assert states.known["secret/ALERT_EMAIL"] == " 2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("state", "ended", "found"),
    [
        ("running", None, {MIGRATIONS}),
        ("done", 4, {MIGRATIONS}),
        ("done", 6, set()),
        ("needs-human", 60, {MIGRATIONS}),
        ("needs-human", 300, set()),
    ],
)
def test_what_an_operation_touches_while_it_runs_and_for_five_minutes_after(state, ended, found):
    at = NOW - timedelta(minutes=ended or 0)
    tries = (Attempt(0, 1, "apply", at, "done", at),) if ended else ()
    one = Operation(
        "operation/1", 1, "ref", "migrate", "x", "U0ANA", at, "", {}, {}, ("apply",), tries, state, at
    )  # fmt: skip
    assert touched([one], NOW) == found


@pytest.mark.parametrize(("state", "muted"), [("running", True), ("done", False)])
def test_an_outage_right_after_a_restore_is_one(state, muted):
    """While the database is brought back everybody knows that it is away; when it is back nobody does."""
    tries = (Attempt(0, 1, "restore", NOW, "done", NOW if state == "done" else None),)
    one = Operation(
        "operation/1", 1, "ref", "restore", "x", "U0ANA", NOW, "", {}, {}, ("restore",), tries, state, NOW
    )  # fmt: skip
    assert (PROJECT in touched([one], NOW + timedelta(minutes=1))) is muted
    assert SECRET in touched([one], NOW + timedelta(minutes=1))
