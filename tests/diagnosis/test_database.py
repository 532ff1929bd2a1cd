"""What is thought of the database, row by row: the bound on both sides, and what is not known."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clients.errors import DatabaseAway, NobodyThere, SqlFailed
from bot.clients.supabase import Disk, Pool, ReadOnly, Service
from bot.context import Target
from bot.diagnosis.database import Connections, Errors, Lock, Seen, Statement, Table
from bot.diagnosis.judging_database import judge
from bot.health.judgement import Level
from bot.views.report import show
from tests.health.well import SUPABASE
from tests.problems import problems

HOSTILE = "select '<!channel> `x` *b*', 'zoe@example.com', '198.51.100.7' -- \u202egnp"
WELL = Seen(
    target=Target("emolyyvmvvfjyxbguhyn", "aikeys", "eu-central-1"),
    at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    services=[Service(name="db", status="ACTIVE_HEALTHY"), Service(name="pooler", status="ACTIVE_HEALTHY")],
    connections=[Connections("service_role", 7, 1, 0, 57), Connections("authenticator", 3, 0, 0, 57)],
    slow=[Statement("select 1", "service_role", 9, 12.0, 40.0)],
    locks=[],
    size=9e6,
    tables=[Table("public", "payment_events", 736_000.0)],
    disk=Disk(size=8e9, used=1e9),
    read_only=ReadOnly(enabled=False, lifted=False),
    poolers=[Pool(database_type="PRIMARY", pool_mode="transaction", default_pool_size=15, max_client_conn=200)],
    overridden={},
    errors=[],
)


def lock(seconds):
    return Lock(11, "service_role", seconds, HOSTILE, 12, "postgres", "idle in transaction", HOSTILE)


def no_table(name):
    return SqlFailed(SUPABASE, f'The database lacks a table (relation "{name}" does not exist).', "Migrate?", "42P01")


@pytest.mark.parametrize(
    ("change", "level", "says"),
    [
        pytest.param({}, Level.OK, "Database well: 10 of 57 connections", id="well"),
        pytest.param({"connections": [Connections("a", 48, 1, 0, 57)]}, Level.OK, "48 of 57", id="84 %"),
        pytest.param({"connections": [Connections("a", 49, 1, 4, 57)]}, Level.DEGRADED, "49 of 57", id="86 %"),
        pytest.param({"connections": [Connections("a", 57, 1, 0, 57)]}, Level.DOWN, "57 of 57", id="none left"),
        pytest.param({"disk": Disk(size=100, used=89)}, Level.OK, "Database well", id="room left"),
        pytest.param({"disk": Disk(size=100, used=91)}, Level.DEGRADED, "The disk is 91 % full", id="hardly any room"),
        pytest.param({"disk": Disk(size=0, used=0)}, Level.OK, "Database well", id="a disk of no size"),
        pytest.param({"read_only": ReadOnly(enabled=True, lifted=False)}, Level.DOWN, "read-only", id="read-only"),
        pytest.param({"read_only": ReadOnly(enabled=True, lifted=True)}, Level.OK, "Database well", id="lifted"),
        pytest.param({"locks": [lock(4.9)]}, Level.OK, "Database well", id="a lock of a moment"),
        pytest.param({"locks": [lock(5.1)]}, Level.DEGRADED, "1 statement waiting", id="a lock that lasts"),
        pytest.param({"locks": [lock(None)]}, Level.OK, "Database well", id="a lock of unknown age"),
        pytest.param({"slow": [Statement(HOSTILE, "x", 3, 499, 900)]}, Level.OK, "Database well", id="499 ms"),
        pytest.param({"slow": [Statement(HOSTILE, "x", 3, 501, 900)]}, Level.DEGRADED, "1 statement slow", id="501 ms"),
        pytest.param({"slow": no_table("extensions.pg_stat_statements")}, Level.OK, "Database well", id="no extension"),
        pytest.param({"slow": no_table("pg_catalog.x")}, Level.UNKNOWN, "well", id="another table missing"),
        pytest.param(
            {"services": [Service(name="db", status="UNHEALTHY", error="refused")]},
            Level.DOWN,
            "The database is unhealthy",
            id="down",
        ),
        pytest.param(
            {"services": [Service(name="pooler", status="UNHEALTHY")]}, Level.DEGRADED, "The pooler", id="pooler down"
        ),
        pytest.param({"errors": NobodyThere(SUPABASE)}, Level.UNKNOWN, "Database well", id="no logs"),
        pytest.param({"locks": None}, Level.WAITING, "10 of 11", id="one is late"),
    ],
)
def test_each_bound_on_both_sides(change, level, says):
    report = judge(replace(WELL, **change))
    assert report.level is level
    assert says in report.verdict


def test_one_reason_is_said_once_whatever_it_costs():
    away = DatabaseAway(SUPABASE, 544, "No database (544).", "Wait.")
    report = judge(replace(WELL, connections=away, slow=away, locks=away, size=away, tables=away))
    assert [one.what for one in report.wrong] == [
        "No database (544). So not known: connections, slow statements, locks, its size and the largest tables."
    ]
    assert report.verdict == "Not all of the database is known"


def test_nothing_in_it_pings_or_tells_whose_it_is():
    errors = [Errors("ERROR", "23505", 4, f"Key (email)=(zoe@example.com) {HOSTILE}")]
    tables = [Table("public", "<!channel> *x*", 5e6)]
    slow = [Statement(HOSTILE, "<@U1>", 3, 501, 900)]
    message = show(judge(replace(WELL, errors=errors, tables=tables, slow=slow, locks=[lock(9.0)])))
    assert not problems(message)
    whole = str(message)
    assert "zoe@example.com" not in whole
    assert "4 × ERROR, the same key twice" in whole
    assert "198.51.100.7" not in whole
    marked = [str(block) for block in message.blocks if block["type"] != "rich_text"]
    assert not any("<!channel>" in text or "<@U1>" in text for text in marked)
    assert "\u202e" not in whole
    assert "pg_terminate_backend(12)" in whole, "and what to do about it"


def test_before_anything_is_known():
    blank = Seen(WELL.target, WELL.at)
    report = judge(blank)
    assert (report.level, report.verdict) == (Level.WAITING, "Asking the database: 0 of 11 things answered…")
    assert not problems(show(report))
