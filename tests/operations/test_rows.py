"""Operations, their steps and the freeze as they are read back, field by field; and what the rows themselves refuse."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from store.errors import BadEvent, TooLate
from store.operations import Attempt, Freeze, NewOperation, Operation
from tests.operations.work import PROJECT

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEW = NewOperation(PROJECT, "deploy", "Deploy", ("look", "deploy"), {"x": 1}, {"channel": "C1"}, "approval/1")
WHOLE = Operation(
    "operation/1", 1, PROJECT, "deploy", "Deploy", "UANA", NOON, "approval/1", {"x": 1}, {"channel": "C1"},
    ("look", "deploy"), (), "running", NOON, by="UANA",
)  # fmt: skip


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_from_the_start_to_the_end(store):
    rows = store.operations
    one = rows.start(NEW, "UANA", NOON)
    assert one == WHOLE
    assert store.events.of("operation/1")[0].data["passes_freeze"] == 0

    assert rows.intend(one, 0, at(1)) == 1
    tries = [Attempt(0, 1, "look", at(1), None, None)]
    assert rows.of(one.subject) == replace(WHOLE, attempts=tuple(tries))
    rows.result(one, 0, 1, "not-done", at(2), detail="It is not there.")
    assert rows.intend(rows.of(one.subject), 0, at(3)) == 2
    rows.result(one, 0, 2, "done", at(4), result={"seen": 1})
    tries = [
        Attempt(0, 1, "look", at(1), "not-done", at(2), None, "It is not there.", "bot"),
        Attempt(0, 2, "look", at(3), "done", at(4), {"seen": 1}, "", "bot"),
    ]
    assert rows.of(one.subject) == replace(WHOLE, attempts=tuple(tries))
    assert rows.intend(rows.of(one.subject), 1, at(5)) == 1
    rows.result(one, 1, 1, "unknown", at(6), detail="It does not say.")
    rows.stuck(one, "It does not say.", at(7))
    unknown = Attempt(1, 1, "deploy", at(5), "unknown", at(6), None, "It does not say.", "bot")
    stuck = replace(
        WHOLE, attempts=(*tries, unknown), state="needs-human", since=at(7), why="It does not say.", by="bot"
    )
    assert rows.of(one.subject) == stuck
    assert store.events.latest("operation.stuck").actor == "bot"
    rows.resumed(one, "UBEN", at(8))
    rows.result(one, 1, 1, "done", at(9), result=7, detail="I have looked.", by="UBEN")
    settled = Attempt(1, 1, "deploy", at(5), "done", at(9), 7, "I have looked.", "UBEN")
    running = replace(stuck, attempts=(*tries, settled), state="running", since=at(8), why="", by="UBEN")
    assert rows.of(one.subject) == running
    assert rows.cancel(one, "UCY", at(9)) == replace(running, cancel_by="UCY")
    ended = rows.finish(one, "cancelled", "Stopped.", at(10), by="UBEN")
    assert ended == replace(running, cancel_by="UCY", state="cancelled", since=at(10), why="Stopped.")
    assert rows.get(one.subject) == ended
    assert store.events.latest("operation.finished").actor == "UBEN"
    for move in (
        lambda: rows.stuck(one, "", at(11)), lambda: rows.resumed(one, "UBEN", at(11)),
        lambda: rows.finish(one, "done", "", at(11)), lambda: rows.cancel(one, "UBEN", at(11)),
        lambda: rows.intend(one, 1, at(11)), lambda: rows.result(one, 1, 1, "done", at(11)),
    ):  # fmt: skip
        with pytest.raises(TooLate):
            move()


def test_what_it_reads_as():
    said = {"running": "is running", "needs-human": "needs a human", "done": "is done"}
    said |= {"failed": "has failed", "cancelled": "was cancelled"}
    for state, words in said.items():
        one = replace(WHOLE, state=state)
        over = state not in ("running", "needs-human")
        assert (one.words, one.over, one.holds) == (words, over, not over)
        assert not replace(one, project=f"{PROJECT}/dump").holds, "what only adds has a lane of its own"
    tries = [Attempt(0, 1, "look", NOON, "failed", NOON, 1), Attempt(0, 2, "look", NOON, "done", NOON, 2)]
    one = replace(WHOLE, attempts=tuple(tries))
    assert (one.results, one.last(0), one.last(1)) == ({"look": 2}, tries[1], None)


def test_which_runs_which_holds_and_which_were_last(store):
    rows = store.operations
    for number in range(3):
        rows.start(replace(NEW, project=f"p{number}"), "UANA", NOON)
    rows.stuck(rows.of("operation/2"), "why", NOON)
    rows.finish(rows.of("operation/3"), "failed", "", NOON)
    assert [one.number for one in rows.recent(2)] == [3, 2]
    assert [one.number for one in rows.running()] == [1]
    rows.start(replace(NEW, project="p3"), "UANA", NOON)
    assert [one.number for one in rows.running()] == [1, 4]
    assert [getattr(rows.holder(f"p{number}"), "number", None) for number in range(4)] == [1, 2, None, 4]
    assert rows.get("operation/9") is None
    with pytest.raises(KeyError):
        rows.of("operation/9")
    rows.cancel(rows.of("operation/1"), "UBEN", NOON)
    assert rows.of("operation/4").cancel_by == "", "its own alone"
    with pytest.raises(TooLate):
        rows.cancel(rows.of("operation/2"), "UBEN", NOON)  # it waits for a human
    with pytest.raises(TooLate):
        rows.resumed(rows.of("operation/1"), "UBEN", NOON)
    with pytest.raises(TooLate):
        rows.stuck(rows.of("operation/2"), "again", NOON)
    assert rows.finish(rows.of("operation/2"), "failed", "Given up.", NOON).state == "failed"


def test_steps_of_one_are_not_those_of_another(store):
    rows = store.operations
    one, two = rows.start(NEW, "UANA", NOON), rows.start(replace(NEW, project="p"), "UANA", NOON)
    rows.intend(one, 0, NOON)
    with pytest.raises(TooLate):
        rows.result(two, 0, 1, "done", NOON)
    assert rows.intend(two, 0, NOON) == 1
    rows.result(one, 0, 1, "done", NOON)
    assert rows.of(two.subject).last(0).outcome is None
    with pytest.raises(TooLate):
        rows.result(two, 1, 1, "done", NOON)
    with pytest.raises(TooLate):
        rows.result(two, 0, 2, "done", NOON)
    rows.result(two, 0, 1, "failed", NOON)
    with pytest.raises(TooLate):
        rows.result(two, 0, 1, "done", NOON)
    rows.intend(rows.of(one.subject), 1, NOON)
    rows.result(one, 1, 1, "unknown", NOON)
    with pytest.raises(TooLate):
        rows.intend(rows.of(one.subject), 1, NOON)
    with pytest.raises(BadEvent):
        rows.result(one, 1, 1, "perhaps", NOON)


def test_a_freeze_and_who_passes_it(store):
    rows = store.operations
    assert rows.frozen(NOON) is None
    rows.freeze("UANA", "board meeting", at(60), NOON)
    assert rows.frozen(at(59)) == Freeze("UANA", NOON, at(60), "board meeting")
    assert rows.frozen(at(60)) is None
    with pytest.raises(TooLate):
        rows.start(NEW, "UANA", at(59))
    assert rows.start(replace(NEW, project="p", passes_freeze=True), "UANA", NOON).number == 1
    assert rows.start(NEW, "UANA", at(60)).number == 2
    rows.freeze("UBEN", "longer", at(90), at(61))
    assert rows.frozen(at(62)) == Freeze("UBEN", at(61), at(90), "longer")
    rows.thaw("UCY", at(62))
    assert rows.frozen(at(62)) is None
    assert store.events.latest("freeze.lifted").actor == "UCY"


def test_the_tables_themselves_know_what_goes_together(store):
    store.operations.intend(store.operations.start(NEW, "UANA", NOON), 0, NOON)
    for sql in (
        "UPDATE operations SET state = 'asleep'", "UPDATE operation_steps SET outcome = 'done'",
        "UPDATE operation_steps SET result_id = 1", "UPDATE operation_steps SET outcome = 'perhaps', result_id = 1",
        "INSERT INTO freeze VALUES (2, '', '', '', 1)", "INSERT INTO bodies VALUES ('short', x'00', '')",
    ):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError):
            store.db.execute(sql)
    for kind in ("operation.started", "operation.stuck", "operation.cancel", "step.intent", "step.result"):
        with pytest.raises((TooLate, BadEvent)):
            store.events.append("operation/7", kind, "bot", {"step": 0, "attempt": 1, "name": "x"}, NOON)
