"""What was right last: the first look, an operation of ours, a person; whichever came last, after a restart too."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clients.errors import TooLate
from bot.health.answers import Answers, FunctionsSeen
from bot.incidents.states import (
    ATTRIBUTED,
    EVERYTHING,
    FUNCTION,
    MIGRATIONS,
    PROJECT,
    SECRET,
    States,
    called_right,
    fingerprint,
    head,
    touched,
)
from store.operations import Attempt, Operation
from tests.detectors.widely import NOW, WIDELY, backups, history, secret
from tests.health.well import SUPABASE, function
from tests.store.harness import commits

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
        ("done", 4.99, {MIGRATIONS}),
        ("done", 5, set()),
        ("done", None, set()),
        ("needs-human", 60, {MIGRATIONS}),
        ("needs-human", 239.9, {MIGRATIONS}),
        ("needs-human", 240, set()),
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


def test_two_at_once_touch_what_both_touch():
    one = Operation("operation/1", 1, "ref", "deploy", "x", "U0ANA", NOW, "", {}, {}, (), (), "running", NOW)
    assert touched([one, replace(one, command="migrate")], NOW) == {FUNCTION, MIGRATIONS}
    assert touched([replace(one, command="of another version")], NOW) == EVERYTHING == {
        "function", "secret", "migrations", "recovery",
    }  # fmt: skip
    tries = tuple(Attempt(0, 1, "a", NOW, "done", NOW + timedelta(minutes=at)) for at in (1, 3, 2))
    last = replace(one, attempts=(*tries, Attempt(1, 1, "b", NOW, None, None)), state="done")
    assert touched([last], NOW + timedelta(minutes=7.9)) == {FUNCTION}, "from the end of its last step"
    assert touched([last], NOW + timedelta(minutes=8)) == set()


@pytest.mark.parametrize(
    ("command", "changes"),
    [
        ("deploy", {"function"}), ("rollback", {"function"}), ("rotate", {"secret", "function"}),
        ("migrate", {"migrations"}), ("rollback migration", {"migrations"}), ("dump", set()), ("point", set()),
        ("restore", {"function", "secret", "migrations", "recovery", "project"}),
    ],
)  # fmt: skip
def test_what_each_command_changes(command, changes):
    one = Operation("operation/1", 1, "ref", command, "x", "U0ANA", NOW, "", {}, {}, (), (), "running", NOW)
    assert touched([one], NOW) == changes


def test_what_tells_two_states_apart():
    assert fingerprint(secret(at=None)) == "abababab "
    assert fingerprint(secret()) == "abababab 2026-01-01T00:00:00Z"
    assert head(()) == "none (0)"
    assert head(history("2", "1")) == "2 (2)"


def test_recovery_and_the_platforms_own_secrets(store):
    states = States(store)
    wider = replace(WIDELY, digests=(secret("SUPABASE_URL"), secret()))
    states.learn(Answers(), replace(wider, backups=backups(pitr=True)), frozenset(), NOW)
    assert states.known == {
        "secret/CIRCLE_API_KEY": "abababab 2026-01-01T00:00:00Z", "migrations": "20260201000000 (2)", "recovery": "on",
    }  # fmt: skip
    (event,) = store.events.of("state/recovery")
    assert (event.kind, event.actor, event.data, event.at) == ("watch.baseline", "bot", {"is": "on"}, NOW)
    states.learn(Answers(), wider, frozenset({"recovery"}), NOW)
    states.learn(Answers(), wider, frozenset({"recovery"}), NOW)
    assert [one.data["is"] for one in store.events.of("state/recovery")] == ["on", "off"], "each change once"
    late = TooLate(SUPABASE, 5)
    unread = replace(WIDELY, digests=late, history=late, backups=late)
    states.learn(Answers(functions=FunctionsSeen(late)), unread, EVERYTHING, NOW)
    assert states.known["recovery"] == "off", "what could not be read says nothing"
    other = States(store)
    assert other.known == States(store).known
    store.events.append("state/recovery", ATTRIBUTED, "U0BEN", {"is": "on"}, NOW)
    assert other.known["recovery"] == "off"
    other.forget()
    assert other.known["recovery"] == "on"


@pytest.mark.parametrize(
    ("kind", "data", "value", "at", "ours"),
    [
        ("rotation.set", {"begins": "cdcdcdcd"}, "cd", "2026-01-01T00:00:00Z", True),
        ("rotation.finished", {"begins": "cdcdcdcd"}, "cd", "2026-01-01T00:00:00Z", True),
        ("rotation.failed", {"begins": "cdcdcdcd"}, "cd", "2026-01-01T00:00:00Z", False),
        ("rotation.set", {"begins": "efefefef"}, "cd", "2026-01-01T00:00:00Z", False),
        # Of an older version, that kept no beginning: by when it was set, five minutes after it at most.
        ("rotation.set", {}, "cd", "2026-03-29T12:05:00Z", True),
        ("rotation.set", {}, "cd", "2026-03-29T12:05:01Z", False),
        ("rotation.set", {}, "cd", "not a time", False),
    ],
)
def test_whose_rotation_it_was(store, kind, data, value, at, ours):
    states = States(store)
    states.learn(Answers(), WIDELY, frozenset(), NOW)
    before = states.known["secret/CIRCLE_API_KEY"]
    store.events.append("secret/CIRCLE_API_KEY", "rotation.finished", "U0ANA", {"begins": "00000000"}, NOW)
    store.events.append("secret/CIRCLE_API_KEY", kind, "U0ANA", data, NOW)
    states.learn(Answers(), replace(WIDELY, digests=(secret(value=value, at=at),)), frozenset(), NOW)
    assert (states.known["secret/CIRCLE_API_KEY"] != before) is ours


def test_functions_of_the_first_look_and_those_that_an_operation_made(store):
    seen = Answers(functions=FunctionsSeen((function("a"), function("b"), function("c", verify_jwt=True))))
    store.events.append("function/a", "deploy.finished", "U0ANA", {"function": "a", "ok": True}, NOW)
    store.events.append("function/b", ATTRIBUTED, "U0BEN", {"version": 2}, NOW)
    states = States(store)
    states.learn(Answers(), WIDELY, frozenset({FUNCTION}), NOW)
    assert FUNCTION not in states.known, "nobody has looked at them"
    for touches in (frozenset(), frozenset({FUNCTION})):
        states.learn(seen, WIDELY, touches, NOW)
        assert len(store.events.of("function/c")) == 1, "the first look is the baseline"
    counts = [len(store.events.of(f"function/{slug}")) for slug in "abc"]
    assert counts == [1, 1, 1], "what was deployed or called right is known, and the third is kept once"
    (event,) = store.events.of("function/c")
    assert (event.kind, event.actor, event.data) == (
        "watch.baseline", "bot", {"version": 3, "sha": "", "verify_jwt": True},
    )  # fmt: skip
    assert States(store).known[FUNCTION] == "seen"
    assert store.events.of("state/function")[0].actor == "bot"
    more = Answers(functions=FunctionsSeen((function("d"),)))
    states.learn(more, WIDELY, frozenset(), NOW)
    assert store.events.of("function/d") == [], "made by somebody else"
    states.learn(more, WIDELY, frozenset({FUNCTION}), NOW)
    states.learn(more, WIDELY, frozenset({FUNCTION}), NOW)
    assert [(one.kind, one.actor) for one in store.events.of("function/d")] == [("watch.baseline", "bot")]


def test_what_a_person_calls_right_is_that_of_the_incident_and_of_all_that_came_with_it(store):
    health = {"function": "health", "version": 4, "sha": "ab", "verify_jwt": True}
    of = {"incident": "incident/7"}
    assert called_right(store, "incident/7", health | {"also": [{"what": "x"}]}, "U0BEN", NOW) is False
    (event,) = store.events.of("function/health")
    assert (event.kind, event.actor, event.at) == (ATTRIBUTED, "U0BEN", NOW)
    assert event.data == {"version": 4, "sha": "ab", "verify_jwt": True} | of
    about = {"state": "recovery", "is": "off", "also": [{"state": "migrations", "is": "3 (2)"}, {"function": "b"}]}
    assert called_right(store, "incident/7", about, "U0BEN", NOW) is True
    for name, value in (("recovery", "off"), ("migrations", "3 (2)")):
        (event,) = store.events.of(f"state/{name}")
        assert (event.kind, event.actor, event.at, event.data) == (ATTRIBUTED, "U0BEN", NOW, {"is": value} | of)
    assert store.events.of("function/b")[0].data == {"version": None, "sha": None, "verify_jwt": None} | of
    assert called_right(store, "incident/8", {}, "U0BEN", NOW) is False
    assert States(store).known == {"recovery": "off", "migrations": "3 (2)"}


def test_a_look_is_learned_as_a_whole(store):
    """Half of it would make the other half somebody's change."""
    with commits(store) as made:
        States(store).learn(Answers(functions=FunctionsSeen((function("a"),))), WIDELY, frozenset(), NOW)
    assert made == [["watch.baseline"] * 5]
