"""Migrations run on databases that have rows: from every earlier version to this one, nothing is lost."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from store import chain, schema
from store.audit import verify
from store.database import open_store
from store.errors import Refused, TooLate
from store.schema import migrations
from tests.store.harness import KEY, NOON

NAMES = [migration.name for migration in migrations._migrations]

EVENTS: list[tuple[str, str, dict[str, object]]] = [
    ("incident/1", "incident.opened", {"severity": "P0", "title": "gone", "dedup_key": "a"}),
    ("incident/1", "incident.resolved", {}),
    ("incident/2", "incident.opened", {"severity": "P1", "title": "slow", "dedup_key": "b"}),
    ("function/health", "deploy.finished", {"function": "health", "version": 1, "commit": "aaa", "ok": True}),
    ("function/health", "deploy.finished", {"function": "health", "version": 2, "commit": "bbb", "ok": False}),
]


def rows_of(version: str, db: Database) -> None:
    """What a bot of that *version* may have written before it was updated."""
    if version == "m001_events":
        mac = chain.GENESIS
        db.execute("INSERT INTO texts (digest, text) VALUES (?, ?)", (chain.text_digest(KEY, b"note"), "note"))
        for number, (subject, kind, data) in enumerate(EVENTS, 1):
            digest = chain.text_digest(KEY, b"note") if number == 1 else None
            columns = ("2026-07-04T12:00:00.000000+00:00", subject, kind, "bot", chain.canonical(data), digest)
            mac = chain.row_mac(KEY, mac, number, columns)
            db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (number, *columns, mac))
        seal = chain.seal(KEY, len(EVENTS), mac)
        db.execute("INSERT INTO chain VALUES (1, ?, ?, ?)", (chain.key_check(KEY), len(EVENTS), seal))
    elif version == "m002_inbox":
        db.execute(
            "INSERT INTO deliveries (key, kind, envelope_id, received_at, payload) VALUES ('k', '', 'e', ?, '{}')",
            ("2026-07-04T12:00:00.000000+00:00",),
        )
    elif version == "m003_samples":
        db.execute("INSERT INTO samples VALUES (?, 'wallet', '', 'ok', 45.0, NULL, NULL)", (NOON.timestamp(),))


@pytest.mark.parametrize("version", NAMES)
def test_every_earlier_version_with_rows_comes_up_to_date(path, version):
    old = Database(sqlite3.connect(path, isolation_level=None))
    there = NAMES[: NAMES.index(version) + 1]
    # Each version's rows are written before the next migration runs, as in the field.
    for position, name in enumerate(there):
        following = NAMES[position + 1] if position + 1 < len(NAMES) else None
        migrations.apply(old, stop_before=following)
        rows_of(name, old)
    assert [done.name for done in migrations.applied(old)] == there
    old.close()

    store = open_store(path, audit_key=KEY)
    assert [done.name for done in migrations.applied(store.db)] == NAMES
    assert [(event.subject, event.kind, event.data) for event in reversed(store.events.page())] == EVENTS
    assert store.events.of("incident/1")[0].text == "note"
    assert [one.subject for one in store.events.open_incidents()] == ["incident/2"]
    assert [(one.version, one.commit, one.ok) for one in store.events.last_deploys()] == [(2, "bbb", False)]
    assert [row.key for row in store.inbox.unfinished()] == (["k"] if "m002_inbox" in there else [])
    assert len(store.samples.latest("wallet")) == ("m003_samples" in there)
    with pytest.raises(TooLate):
        store.events.append("incident/3", "incident.opened", "bot", EVENTS[2][2], NOON)
    store.events.append("incident/2", "incident.resolved", "bot", {}, NOON)
    assert verify(store.db, KEY).ok
    store.close()


def test_tables_read_by_the_line_are_those_read_by_the_character(store):
    """What sqlite_utils itself makes of the same migrations: databases in the field were made by it."""
    theirs = Database(memory=True)
    with theirs.conn:
        theirs.conn.execute("BEGIN")
        migrations.apply(theirs)
    tables = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
    assert list(store.db.query(tables)) == list(theirs.query(tables))
    theirs.close()


def test_opening_again_migrates_nothing(path):
    open_store(path, audit_key=KEY).close()
    store = open_store(path, audit_key=KEY)
    before = list(store.db.table("_sqlite_migrations").rows)
    store.close()
    again = open_store(path, audit_key=KEY)
    assert list(again.db.table("_sqlite_migrations").rows) == before
    again.close()


def test_a_migration_that_fails_changes_nothing_and_is_told(path):
    """Rows of an older version that the new one cannot hold: two incidents open for one cause."""
    old = Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(old, stop_before="m004_views")
    for number in (1, 2):
        data = json.dumps({"severity": "P0", "title": "t", "dedup_key": "same"})
        old.execute(
            "INSERT INTO events VALUES (?, 't', ?, 'incident.opened', 'bot', ?, NULL, 'm')",
            (number, f"incident/{number}", data),
        )
    old.close()
    with pytest.raises(Refused, match=r"open_incidents.dedup_key"):
        open_store(path, audit_key=KEY)
    left = Database(sqlite3.connect(path))
    assert [done.name for done in migrations.applied(left)] == NAMES[:3]
    assert "open_incidents" not in left.table_names()
    left.close()


def test_the_mark_of_our_files_stays_and_every_table_that_is_written_down_is_made(store):
    (mark,) = store.db.execute("PRAGMA application_id").fetchone()
    assert mark.to_bytes(4, "big") == b"AIKY", "by another one, files of earlier versions would be refused"
    sql = "".join(path.read_text() for path in (Path(schema.__file__).parent / "tables").glob("*.py"))
    made = {name for kind in ("TABLE", "VIRTUAL TABLE", "TRIGGER") for name in re.findall(rf"CREATE {kind} (\w+)", sql)}
    there = {name for (name,) in store.db.execute("SELECT name FROM sqlite_master")}
    assert made - there == set(re.findall(r"DROP (?:TABLE|TRIGGER) (\w+)", sql)) - there
    assert len(made & there) > 50
