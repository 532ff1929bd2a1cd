"""Incidents as they are read back, field by field, from the first look to the end and back again."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from store import incidents
from store.errors import BadEvent, TooLate
from store.incidents import (
    ACKNOWLEDGED,
    ASSIGNED,
    MERGED,
    OPENED,
    RATED,
    REOPENED,
    RESOLVED,
    SEVERITY,
    Incident,
    opening,
)
from tests.store.harness import NOON

HOUR = timedelta(hours=1)
WHOLE = Incident("incident/1", 1, "db_outage", "P1", "Slow", "open", NOON, "bot")


def test_from_the_first_look_to_the_end_and_back_again(store):
    rows = store.incidents
    assert rows.open("P1", "Slow", "db_outage", NOON, data={"what": "5 s"}) == "incident/1"
    one = rows.of("incident/1")
    assert (one, one.open) == (WHOLE, True)
    (event,) = rows.story("incident/1")
    assert (event.kind, event.actor, event.text) == (OPENED, "bot", None)
    assert event.data == {"what": "5 s", "dedup_key": "db_outage", "severity": "P1", "title": "Slow"}
    assert opening(event) == ("Slow", "")

    acked = rows.move(one.subject, ACKNOWLEDGED, "UBEN", NOON + HOUR)
    assert acked == replace(WHOLE, state="acknowledged", acked_by="UBEN", acked_at=NOON + HOUR)
    with pytest.raises(TooLate):
        rows.move(one.subject, ACKNOWLEDGED, "UCY", NOON + HOUR)
    with pytest.raises(TooLate):
        rows.move(one.subject, REOPENED, "UCY", NOON + HOUR)
    lesser = rows.open("P0", "Worse", "other", NOON, by="bot")
    rows.move(lesser, SEVERITY, "UANA", NOON, {"severity": "P1"})
    assert [each.severity for each in store.events.open_incidents()] == ["P1", "P1"]
    rows.resolve(lesser, "bot", NOON)

    ended = rows.resolve(one.subject, "UCY", NOON + 2 * HOUR, {"why": "x"})
    assert ended == replace(acked, state="resolved", resolved_by="UCY", resolved_at=NOON + 2 * HOUR)
    assert not ended.open
    assert store.events.latest(RESOLVED).data == {"why": "x"}
    for kind, data in ((ACKNOWLEDGED, {}), (RESOLVED, {}), (SEVERITY, {"severity": "P0"})):
        with pytest.raises(TooLate):
            rows.move(one.subject, kind, "UCY", NOON, data)
    rows.move(one.subject, RATED, "UCY", NOON, {"useful": 1})
    assert rows.of(one.subject).useful is True
    assert rows.of(lesser).useful is None
    back = rows.move(one.subject, REOPENED, "bot", NOON + 3 * HOUR, text="again")
    assert back == WHOLE
    (open_now,) = store.events.open_incidents()
    assert (open_now.subject, open_now.dedup_key, open_now.severity, open_now.title, open_now.opened_at) == (
        "incident/1", "db_outage", "P1", "Slow", NOON + 3 * HOUR,
    )  # fmt: skip
    assert rows.of(lesser).state == "resolved"
    with pytest.raises(KeyError):
        rows.of("incident/9")


def test_what_a_person_opens_is_called_as_they_wrote(store):
    rows = store.incidents
    subject = rows.open("P0", " Nobody \n can pay ", "", NOON, by="UANA", text="since noon\nor so")
    one = rows.of(subject)
    assert (one.title, one.dedup_key, one.opened_by) == ("Nobody can pay", "manual/1", "UANA")
    (event,) = rows.story(subject)
    assert (event.data, event.text) == (
        {"dedup_key": "manual/1", "severity": "P0"}, "Nobody can pay\nsince noon\nor so",
    )  # fmt: skip
    assert opening(event) == ("Nobody can pay", "since noon\nor so")
    assert opening(replace(event, text=None)) == ("", "")
    silent = rows.open("P0", "Down", "", NOON, by="UANA")
    assert (rows.of(silent).dedup_key, rows.story(silent)[0].text) == ("manual/2", "Down")
    noted = rows.open("P0", "Down", "k", NOON, text="as told")
    assert opening(rows.story(noted)[0]) == ("Down", "as told")


def test_which_was_last_and_which_were_opened_when(store):
    rows = store.incidents
    for number in range(5):
        rows.open(("P1", "P0")[number % 2], "t", f"k{number % 3}" if number > 2 else f"k{number}", NOON + number * HOUR)
        if number in (0, 1):
            rows.resolve(f"incident/{number + 1}", "bot", NOON + number * HOUR)
    rows.resolve("incident/4", "bot", NOON + 9 * HOUR)
    assert [one.number for one in rows.recent()] == [5, 3, 4, 2, 1]
    rows.open("P0", "t", "k9", NOON + 5 * HOUR)
    assert [one.number for one in rows.recent(3)] == [6, 5, 3]
    assert rows.latest("k0").number == 4
    assert rows.latest("nothing") is None
    assert [one.number for one in rows.between(NOON + HOUR, NOON + 4 * HOUR)] == [2, 3, 4]
    assert [one.number for one in rows.between(NOON, NOON + 9 * HOUR, 2)] == [1, 2]


def test_roles_and_severity_of_one_are_not_those_of_another(store):
    rows = store.incidents
    one, two = (rows.open("P1", "t", key, NOON) for key in ("a", "b"))
    rows.move(two, ACKNOWLEDGED, "UBEN", NOON)
    assert (rows.of(one).state, rows.of(one).acked_by) == ("open", ""), "who has one has not the other"
    rows.move(one, ASSIGNED, "UANA", NOON, {"role": "commander", "to": "U1"})
    rows.move(one, ASSIGNED, "UANA", NOON, {"role": "scribe", "to": "U2"})
    rows.move(one, SEVERITY, "UANA", NOON, {"severity": "P0"})
    first, second = rows.of(one), rows.of(two)
    assert (first.commander, first.scribe, first.severity) == ("U1", "U2", "P0")
    assert (second.commander, second.scribe, second.severity, second.acked_by) == ("", "", "P1", "UBEN")
    assert [(each.subject, each.severity) for each in store.events.open_incidents()] == [(one, "P0"), (two, "P1")]
    rows.move(two, SEVERITY, "UANA", NOON, {"severity": "P0"})
    rows.move(two, ACKNOWLEDGED, "UBEN", NOON)
    rows.move(one, SEVERITY, "UANA", NOON, {"severity": "P1"})
    rows.move(one, SEVERITY, "UANA", NOON, {"severity": "P0"})
    assert rows.of(two).acked_by == "UBEN", "another that is made a P0 takes nothing from who has this one"
    lesser = rows.move(two, SEVERITY, "UANA", NOON, {"severity": "P1"})
    assert (lesser.state, lesser.acked_by) == ("acknowledged", "UBEN"), "who had the worse one has the lesser"
    merged = rows.move(two, MERGED, "UANA", NOON + HOUR, {"into": one})
    assert (merged.merged_into, merged.resolved_by, merged.resolved_at) == (one, "UANA", NOON + HOUR)
    assert [each.subject for each in store.events.open_incidents()] == [one]
    rows.move(two, RATED, "UANA", NOON, {"useful": 0})
    parted = rows.move(two, REOPENED, "bot", NOON)
    assert (parted.merged_into, parted.useful, parted.severity) == ("", None, "P1")
    rows.resolve(one, "bot", NOON)
    assert rows.of(two).state == "open"
    for subject, into in ((one, two), (two, one)):
        with pytest.raises(TooLate):
            rows.move(subject, MERGED, "UANA", NOON, {"into": into})  # one of the two is over
    with pytest.raises(TooLate):
        rows.move(one, SEVERITY, "UANA", NOON, {"severity": "P0"})  # it is over, and the other is no P0
    with pytest.raises(TooLate):
        rows.move("incident/9", ACKNOWLEDGED, "UANA", NOON)


def test_nothing_is_noted_of_an_incident_that_never_was(store):
    with pytest.raises(KeyError):
        store.incidents.move("incident/9", incidents.NOTED, "UANA", NOON)
    assert store.events.of("incident/9") == []


def test_what_was_written_years_ago_is_still_called_so(store):
    """They stand in rows: under another name the history would be lost."""
    one, kinds = store.incidents.open("P1", "t", "k", NOON), ("seen", "noted", "paged", "escalated", "flapping")
    for kind in kinds:
        store.incidents.move(one, vars(incidents)[kind.upper()], "bot", NOON)
    assert [each.kind for each in store.incidents.story(one)] == [f"incident.{kind}" for kind in ("opened", *kinds)]
    named = {name: value for name, value in vars(incidents).items() if "." in str(value) and name.isupper()}
    assert named == {name: f"incident.{name.lower()}" for name in named} | {"ASKED": "question.asked"}
    assert {"ACKNOWLEDGED", "RESOLVED", "REOPENED", "GROUPED", "COUNTED"} < named.keys()
    assert (incidents.BOT, incidents.BY_HAND, incidents.ELSEWHERE) == ("bot", "manual/", "alerts:")


def test_the_tables_themselves_know_what_goes_together(store):
    store.incidents.open("P0", "t", "k", NOON)
    for sql in (
        "UPDATE incidents SET severity = 'P2'", "UPDATE incidents SET state = 'asleep'",
        "UPDATE incidents SET state = 'acknowledged'", "UPDATE incidents SET state = 'resolved'",
        "UPDATE incidents SET resolved_at = ''", "UPDATE open_incidents SET severity = 'P2'",
        "INSERT INTO open_incidents SELECT 'incident/2', dedup_key, severity, title, opened_at, 1 FROM open_incidents",
        "INSERT INTO last_deploys VALUES ('f', 1, 'c', 2, '', '', 1)", "INSERT INTO chain VALUES (2, '', 1, '')",
        "INSERT INTO texts VALUES ('d', 'words', 'then', 'UANA')", "INSERT INTO texts VALUES ('d', NULL, 'then', NULL)",
        "INSERT INTO texts VALUES ('d', NULL, NULL, 'UANA')",
        "INSERT INTO events VALUES (9, '', '', '', '', 'no json', NULL, '')",
        "INSERT INTO samples VALUES (1, '', '', 'asleep', NULL, NULL, NULL)",
        "INSERT INTO sample_marks VALUES (2, 0, 0)",
    ):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError):
            store.db.execute(sql)
    assert store.db.execute("SELECT raw_from, rolled_to FROM sample_marks").fetchall() == [(0, 0)]
    with pytest.raises(BadEvent):
        store.incidents.open("P2", "t", "other", NOON)
    with pytest.raises(TooLate):
        store.incidents.open("P0", "t", "k", NOON)


def test_a_title_that_is_taken_back_is_gone_from_both_tables(store):
    rows = store.incidents
    mine = rows.open("P0", "hunter2", "", NOON, by="UANA")
    other = rows.open("P0", "Down", "k", NOON, text="hunter3")
    store.events.redact(rows.story(mine)[0].id, "UANA", "UBEN", NOON)
    taken = "(taken back by two people)"
    assert (rows.of(mine).title, rows.of(other).title) == (taken, "Down")
    assert {one.title for one in store.events.open_incidents()} == {taken, "Down"}
    store.events.redact(rows.story(other)[0].id, "UANA", "UBEN", NOON)
    assert rows.of(other).title == "Down", "the bot's own words stay"
    assert rows.of(rows.open("P0", "hunter2", "", NOON, by="UANA")).title == taken, "written again it stays so"
    assert rows.of(rows.open("P0", "hunter4", "", NOON, by="UANA", text="a note")).title == "hunter4"
