"""The timeline: what is appended stays, in order, and what may happen once happens once."""

import sqlite3
from datetime import datetime, timedelta, timezone

import pytest

from store.errors import BadEvent, TooLate
from store.events import Head, NewEvent
from tests.store.harness import KEY, NOON, failing_transaction

P0 = {"severity": "P0", "title": "The database does not answer", "dedup_key": "db_outage:ref"}


def test_what_is_appended_is_what_is_read(store):
    data = {"name": "«Bücher» \N{BUG}", "nested": {"b": [1, 2.5, None, True], "a": "\0"}, "half": "\ud800"}
    written = store.events.append("function/health", "deploy.asked", "U1", data, NOON, text="because of \0 and ✓")
    assert written.id == 1
    assert written.at == NOON
    assert written.data == data
    assert written.text == "because of \0 and ✓"
    assert store.events.of("function/health") == [written]
    assert store.events.head() == Head(1, written.mac)


def test_times_are_kept_in_utc_and_need_a_zone(store):
    there = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    event = store.events.append("a", "b", "c", {}, there)
    assert event.at == NOON
    assert event.at.utcoffset() == timedelta(0)
    assert store.db.execute("SELECT at FROM events").fetchone() == ("2026-07-04T12:00:00.000000+00:00",)
    with pytest.raises(ValueError, match="no time zone"):
        store.events.append("a", "b", "c", {}, datetime(2026, 7, 4, 12))  # noqa: DTZ001  # the point
    assert store.events.head() == Head(1, event.mac)


def test_what_json_does_not_have_is_refused(store):
    for data in ({"x": float("nan")}, {"x": {1, 2}}):
        with pytest.raises((ValueError, TypeError)):
            store.events.append("a", "b", "c", data, NOON)
    assert store.events.head() is None


def test_nothing_appended_can_be_changed_or_deleted(store):
    store.events.append("a", "b", "c", {}, NOON, text="words")
    for sql in (
        "UPDATE events SET actor = 'somebody else'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events VALUES (1, '', '', '', '', '{}', NULL, '')",
        "UPDATE texts SET text = 'other words'",
        "DELETE FROM texts",
        "INSERT OR REPLACE INTO texts (digest, text) SELECT digest, 'other' FROM texts",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            store.db.execute(sql)
    assert [event.actor for event in store.events.page()] == ["c"]
    assert store.events.of("a")[0].text == "words"


def test_pages_go_back_in_time(store):
    store.events.append_many([NewEvent(f"s/{n % 2}", "noted", "U1", {"n": n}, NOON) for n in range(1, 11)])
    first = store.events.page("s/0", limit=3)
    assert [event.data["n"] for event in first] == [10, 8, 6]
    assert [event.data["n"] for event in store.events.page("s/0", first[-1].id, 3)] == [4, 2]
    assert [event.id for event in store.events.page(before_id=4)] == [3, 2, 1]


def test_the_latest_of_a_kind(store):
    assert store.events.latest("noted") is None
    for n in range(3):
        store.events.append(f"s/{n}", "noted", "U1", {"n": n}, NOON)
    store.events.append("s/0", "else", "U1", {}, NOON)
    assert store.events.latest(kind="noted").subject == "s/2"
    assert store.events.latest("noted", "s/0").data == {"n": 0}
    assert store.events.latest("noted", "s/9") is None


def test_many_are_appended_all_or_none(store):
    events = [
        NewEvent("incident/1", "incident.opened", "bot", P0, NOON),
        NewEvent("incident/2", "incident.opened", "bot", P0, NOON, text="the loser's words"),
    ]
    with pytest.raises(TooLate):
        store.events.append_many(events)
    assert store.events.page() == []
    assert store.events.open_incidents() == []
    assert store.db.table("texts").count == 0
    assert store.events.append_many([]) == []


def test_a_loser_inside_a_transaction_leaves_the_rest_whole(store):
    with store.transaction():
        store.events.append("incident/1", "incident.opened", "bot", P0, NOON)
        with pytest.raises(TooLate):
            store.events.append_many(
                [
                    NewEvent("incident/1", "noted", "bot", {}, NOON),
                    NewEvent("incident/2", "incident.opened", "bot", P0, NOON),
                ]
            )
        store.events.append("incident/1", "noted", "bot", {"n": 2}, NOON)
    assert [(event.id, event.kind) for event in store.events.page()] == [(2, "noted"), (1, "incident.opened")]


def test_a_transaction_that_fails_leaves_nothing(store):
    with failing_transaction(store):
        store.events.append("a", "b", "c", {}, NOON)
    assert store.events.head() is None
    store.events.append("a", "b", "c", {}, NOON)


def test_one_open_incident_for_one_cause(store):
    store.events.append("incident/1", "incident.opened", "bot", P0, NOON)
    with pytest.raises(TooLate, match="incident/2 comes too late"):
        store.events.append("incident/2", "incident.opened", "bot", P0, NOON)
    (open_now,) = store.events.open_incidents()
    assert (open_now.subject, open_now.severity, open_now.opened_at) == ("incident/1", "P0", NOON)
    assert (open_now.title, open_now.dedup_key) == (P0["title"], P0["dedup_key"])

    store.events.append("incident/1", "incident.resolved", "U1", {}, NOON)
    assert store.events.open_incidents() == []
    with pytest.raises(TooLate):
        store.events.append("incident/1", "incident.resolved", "U2", {}, NOON)
    with pytest.raises(TooLate):
        store.events.append("incident/1", "incident.opened", "bot", P0, NOON)
    store.events.append("incident/2", "incident.opened", "bot", P0, NOON)
    assert [one.subject for one in store.events.open_incidents()] == ["incident/2"]


def test_open_incidents_stand_worst_first(store):
    for number, severity in enumerate(("P1", "P0", "P1", "P0")):
        data = {"severity": severity, "title": "t", "dedup_key": str(number)}
        store.events.append(f"incident/{number}", "incident.opened", "bot", data, NOON)
    assert [one.subject for one in store.events.open_incidents()] == [f"incident/{n}" for n in (1, 3, 0, 2)]


@pytest.mark.parametrize("wrong", [{"severity": "P2"}, {"severity": None}, {"title": None}, {"dedup_key": None}])
def test_an_incident_needs_its_fields(store, wrong):
    with pytest.raises(BadEvent, match="was not recorded"):
        store.events.append("incident/1", "incident.opened", "bot", P0 | wrong, NOON)
    assert store.events.head() is None


def test_the_newest_p0_is_remembered_after_its_end(store):
    assert store.events.latest_p0() is None
    later = NOON + timedelta(hours=1)
    store.events.append("incident/1", "incident.opened", "bot", P0, NOON)
    store.events.append("incident/1", "incident.resolved", "bot", {}, later)
    store.events.append("incident/2", "incident.opened", "bot", P0 | {"severity": "P1"}, later)
    assert store.events.latest_p0() == NOON


def test_the_last_deploy_of_each_function(store):
    def deploy(function: str, version: int | None, *, ok: bool) -> None:
        data = {"function": function, "version": version, "commit": "abc123", "ok": ok}
        store.events.append(f"function/{function}", "deploy.finished", "U1", data, NOON)

    assert store.events.last_deploy() is None
    deploy("health", 3, ok=True)
    deploy("webhook", 7, ok=True)
    deploy("health", None, ok=False)
    assert store.events.last_deploy("health") == store.events.last_deploy()
    failed = store.events.last_deploy("health")
    assert (failed.version, failed.ok, failed.commit, failed.at) == (None, False, "abc123", NOON)
    assert store.events.last_deploy("webhook").version == 7
    assert store.events.last_deploy("other") is None
    assert [one.function for one in store.events.last_deploys()] == ["health", "webhook"]
    with pytest.raises(BadEvent):
        store.events.append("function/x", "deploy.finished", "U1", {"function": "x"}, NOON)


def test_the_chain_goes_on_after_a_restart(store, path):
    from store.audit import verify
    from store.database import open_store

    store.events.append("a", "b", "c", {}, NOON)
    store.close()
    again = open_store(path, audit_key=KEY)
    again.events.append("a", "b", "c", {}, NOON)
    assert verify(again.db, KEY).rows == 2
    again.close()
