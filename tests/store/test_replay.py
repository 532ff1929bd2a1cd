"""What is true now is told once more from the signed events: whoever writes a row beside them is found, by table."""

import re
import sqlite3
from datetime import timedelta

import pytest

from store import replay
from store.audit import verify
from store.errors import Edited
from store.operations import NewOperation
from store.replay import TABLES
from tests.store.harness import KEY, NOON

PLAN = {"subject": "function/health", "command": "deploy", "line": "deploy health", "title": "Deploy health"}


@pytest.fixture
def lived(store):
    """A store in which a little of everything has happened."""
    approvals, operations, incidents = store.approvals, store.operations, store.incidents
    asked = _asked(store)
    with store.transaction():
        approvals.vote(asked, "U0BEN", NOON)
        new = NewOperation("abc", "deploy", "Deploy health", ("send",), {}, approval=asked.subject)
        begun = operations.start(new, "U0ANA", NOON)
        approvals.decide(asked, "granted", "U0BEN", NOON, data={"operation": begun.subject})
    attempt = operations.intend(begun, 0, NOON)
    operations.result(begun, 0, attempt, "done", NOON)
    incident = incidents.open("P0", "", "database_outage", NOON, by="U0ANA", data={}, text="Down\nsince noon")
    until = NOON + timedelta(hours=1)
    store.quiet.silence(incident, "database_outage", "P0", "U0ANA", "mending", until, NOON)
    operations.freeze("U0ANA", "a quiet hour", until, NOON)
    store.reviews.due("admins", "2026-07", NOON, evidence="all")
    store.events.append("function/health", "deploy.finished", "U0ANA", {"function": "health", "ok": 1}, NOON)
    return store


def _asked(store, needed: int = 1):
    asked, _ = store.approvals.request(
        "U0ANA", PLAN | {"pinned": {}}, "d" * 64, NOON, expires_at=NOON + timedelta(minutes=30), needed=needed
    )
    return asked


def test_what_was_lived_is_good(lived):
    assert verify(lived.db, KEY).ok
    assert all(lived.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES)


@pytest.mark.parametrize(
    ("sql", "table", "says"),
    [
        ("UPDATE approvals SET needed = 2", "approvals", "says of approval/1 that needed is 2, the events say 1"),
        ("UPDATE approvals SET expires_at = '2027'", "approvals", "that expires_at is 2027, the events say 2026"),
        ("UPDATE approval_votes SET user = 'U0CY'", "approval_votes", "has a row for approval/1, U0CY that no event"),
        ("DELETE FROM approval_votes", "approval_votes", "has lost its row for approval/1, U0BEN"),
        (
            "UPDATE operations SET state = 'done', state_id = 9",
            "operations",
            "that state is done, the events say running",
        ),
        ("UPDATE operations SET cancel_by = 'U0CY'", "operations", "that cancel_by is U0CY, the events say nothing"),
        ("DELETE FROM operation_steps", "operation_steps", "has lost its row for operation/1, 0, 1"),
        ("DELETE FROM freeze", "freeze", "has lost its row for 1"),
        ("UPDATE incidents SET severity = 'P1'", "incidents", "that severity is P1, the events say P0"),
        ("UPDATE incidents SET title = 'Nothing: <!channel>'", "incidents", "that title is something else, the events"),
        (
            "UPDATE open_incidents SET dedup_key = 'x'",
            "open_incidents",
            "that dedup_key is x, the events say database_",
        ),
        ("UPDATE silences SET state = 'on'", "silences", "that state is on, the events say asked"),
        ("UPDATE reviews SET state = 'signed', end_id = 1", "reviews", "state is signed, the events say open"),
        ("UPDATE last_deploys SET ok = 0", "last_deploys", "that ok is 0, the events say 1"),
        ("UPDATE incidents SET commander = CAST(x'ff' AS TEXT)", "incidents", "that commander is something else, the"),
    ],
)
def test_an_edited_row_is_named(lived, sql, table, says):
    lived.connection.raw.execute(sql)
    verdict = verify(lived.db, KEY)
    assert (verdict.ok, verdict.bad_id, verdict.table) == (False, None, table)
    assert f"the table {table} {says}" in verdict.why or says in verdict.why


def test_what_was_let_in_on_the_word_of_a_row_is_named_for_ever(store):
    """A vote is written, the bot grants and signs, the vote is taken out again: the tables agree, the rules do not."""
    asked = _asked(store, needed=2)
    store.approvals.vote(asked, "U0BEN", NOON)
    store.connection.raw.execute("INSERT INTO approval_votes SELECT subject, 'U0CY', at, 2 FROM approval_votes")
    store.approvals.decide(asked, "granted", "U0BEN", NOON)
    store.connection.raw.execute("DELETE FROM approval_votes WHERE user = 'U0CY'")
    verdict = verify(store.db, KEY)
    assert (verdict.ok, verdict.bad_id) == (False, 3)
    assert "could not have come about: too few have approved" in verdict.why


def test_each_table_that_triggers_keep_from_events_is_told_again():
    """A new one is either in TABLES or no trigger of an event writes it."""
    raw = sqlite3.connect(":memory:")
    raw.deserialize(replay.empty()[0])
    bodies = raw.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events'").fetchall()
    raw.close()
    written = re.findall(
        r"(?:INSERT (?:OR REPLACE )?INTO|UPDATE|DELETE FROM) (\w+)", " ".join(sql for (sql,) in bodies)
    )
    assert set(written) == set(TABLES)


class TestHeld:
    """Before the bot acts on a row."""

    def test_on_an_honest_one(self, lived):
        lived.held.approval("approval/1")
        lived.held.operation(lived.operations.of("operation/1"))
        lived.held.emergency("incident/1")

    @pytest.mark.parametrize(
        ("sql", "says"),
        [
            ("UPDATE approvals SET state = 'pending', decision_id = NULL", "state is pending, the events say granted"),
            ("DELETE FROM approval_votes", "has lost its row"),
            ("UPDATE operation_steps SET outcome = 'not-done'", "outcome is not-done, the events say done"),
            ("UPDATE chain SET seal = 'x'", "The end of the timeline"),
            ("UPDATE chain SET last_id = 3", "The end of the timeline"),
            ("DELETE FROM events WHERE kind = 'step.result'", "Row 6 of the timeline is not the one"),
            ("UPDATE events SET actor = 'U0CY' WHERE kind = 'approval.voted'", "Row 2 of the timeline"),
            ("UPDATE events SET subject = 'x' WHERE kind = 'approval.requested'", "could not have come about"),
            ("UPDATE events SET actor = CAST(x'ff' AS TEXT) WHERE kind = 'step.result'", "Row 6 of the timeline"),
        ],
    )
    def test_on_an_edited_one(self, lived, sql, says):
        operation = lived.operations.of("operation/1")
        for guard in ("changed", "deleted"):
            lived.connection.raw.execute(f"DROP TRIGGER events_are_never_{guard}")
        lived.connection.raw.execute(sql)
        with pytest.raises(Edited, match=re.escape(says)):
            lived.held.operation(operation)

    def test_an_approval_of_another_operation(self, store):
        asked = _asked(store)
        with store.transaction():
            store.approvals.vote(asked, "U0BEN", NOON)
            new = NewOperation("abc", "deploy", "Deploy health", ("send",), {}, approval=asked.subject)
            begun = store.operations.start(new, "U0ANA", NOON)
            store.approvals.decide(asked, "granted", "U0BEN", NOON, data={"operation": "operation/7"})
        with pytest.raises(Edited, match="granted to another operation"):
            store.held.operation(begun)

    def test_an_emergency_that_is_none(self, lived):
        lived.incidents.move("incident/1", "incident.resolved", "U0BEN", NOON)
        with pytest.raises(Edited, match="no open P0"):
            lived.held.emergency("incident/1")
        lived.incidents.move("incident/1", "incident.reopened", "U0BEN", NOON)
        lived.held.emergency("incident/1")
        lived.incidents.move("incident/1", "incident.severity", "U0BEN", NOON, {"severity": "P1"})
        with pytest.raises(Edited, match="no open P0"):
            lived.held.emergency("incident/1")
        with pytest.raises(Edited, match="No event tells of"):
            lived.held.emergency("incident/9")
