"""The last backup, how far back, and what a restore would lose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clients.errors import ServerFailed, SqlFailed
from bot.clients.supabase import Backups
from bot.context import Target
from bot.health.judgement import Level
from bot.questions.backups import Counted, Loss, Seen, newest
from bot.questions.judging_backups import judge
from tests.health.well import SUPABASE

NOW = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
DOWN = ServerFailed(SUPABASE, 503, "Supabase's Management API failed (503).", "Ask again in a minute.")
NO_TABLE = SqlFailed(
    SUPABASE, "The database lacks a table that the bot reads (x).", "Are all migrations applied?", "42P01"
)


def backups(*ages, status="COMPLETED", pitr=False, unix=(), **more):
    made = [
        {
            "id": number,
            "is_physical_backup": False,
            "status": status,
            "inserted_at": (NOW - timedelta(hours=age)).isoformat(),
        }
        for number, age in enumerate(ages)
    ]
    names = ("earliest_physical_backup_date_unix", "latest_physical_backup_date_unix")
    window = {name: int((NOW - timedelta(hours=age)).timestamp()) for name, age in zip(names, unix, strict=False)}
    return Backups.model_validate(
        {"pitr_enabled": pitr, "backups": [*more.get("also", []), *made], "physical_backup_data": window}
    )


def loss(listed, **changed):
    counted = {
        "payments": Counted(513, wallets=36),
        "transactions": Counted(500, changed=2),
        "security": Counted(4),
        "audit": Counted(0),
        "migrations": Counted(0),
    }
    return Loss(newest(listed), **(counted | changed))


def seen(listed, **changed):
    return Seen(Target("emolyyvmvvfjyxbguhyn"), NOW, listed, loss(listed, **changed))


def told(report):
    return {line.name: line for group in report.groups for line in group.lines}


def test_all_is_well():
    report = judge(seen(backups(14, 38, 62)))
    assert (report.level, report.wrong) == (Level.OK, ())
    assert report.verdict == "Last backup 14 h ago; a restore loses 513 payments"
    facts = told(report)
    assert facts["Daily backups:"].says == "3 to choose from, the oldest 2 days old"
    assert facts["Payments:"].says == "513 reported by Circle"
    assert facts["Wallets:"].says == "36 created"
    assert facts["Deposits and withdrawals:"].says == "500 new; 2 older ones would fall back to how they were"
    assert facts["Point in time:"].says == "off: only a restore point, or a whole backup, can be brought back"


@pytest.mark.parametrize(
    ("listed", "level", "words"),
    [
        pytest.param(backups(), Level.DOWN, "no completed backup", id="none at all"),
        pytest.param(backups(14, status="FAILED"), Level.DOWN, "no completed backup", id="only a failed one"),
        pytest.param(backups(25.9), Level.OK, "", id="just in time"),
        pytest.param(backups(26.1), Level.DEGRADED, "there should be one a day", id="late"),
        pytest.param(
            Backups.model_validate(
                {
                    "pitr_enabled": False,
                    "backups": [
                        {
                            "id": 1,
                            "is_physical_backup": True,
                            "status": "FAILED",
                            "inserted_at": "2026-11-25T02:11:40Z",
                        },
                        {
                            "id": 2,
                            "is_physical_backup": True,
                            "status": "COMPLETED",
                            "inserted_at": "2026-11-24T20:00:00",
                        },
                    ],
                }
            ),
            Level.DEGRADED,
            "newest backup failed (25 Nov 02:11 UTC)",
            id="the newest failed",
        ),
        pytest.param(backups(pitr=True, unix=(160, 0.05)), Level.OK, "", id="any point in time"),
        pytest.param(backups(pitr=True), Level.UNKNOWN, "does not say how far", id="a window that is not told"),
        pytest.param(backups(pitr=True, unix=(160, 3)), Level.DEGRADED, "reaches only to 3 h ago", id="it lags"),
        pytest.param(
            Backups.model_validate(
                {
                    "pitr_enabled": False,
                    "backups": [{"id": 1, "is_physical_backup": True, "status": "COMPLETED", "inserted_at": "soon"}],
                }
            ),
            Level.UNKNOWN,
            "no time of its backups",
            id="no date that can be read",
        ),
    ],
)
def test_what_is_wrong(listed, level, words):
    report = judge(seen(listed))
    assert report.level is level
    assert words in (report.wrong[0].what if report.wrong else "")


def test_the_window_of_a_point_in_time():
    line = told(judge(seen(backups(pitr=True, unix=(160, 0.05)))))["Point in time:"]
    assert line.at == NOW - timedelta(hours=160)


def test_where_there_is_nothing_to_restore_nothing_is_counted():
    report = judge(seen(backups()))
    assert report.verdict == "There is no backup"
    assert "Payments:" not in told(report)


def test_a_missing_table_hides_no_other():
    report = judge(seen(backups(14), security=NO_TABLE))
    assert report.level is Level.UNKNOWN
    assert report.wrong[0].what == "The database lacks a table that the bot reads (x). So not known: security events."
    assert told(report)["Security events:"].says == "not known"
    assert told(report)["Audit events:"].says == "0"


def test_the_list_fails_and_it_is_said_once():
    report = judge(Seen(Target("emolyyvmvvfjyxbguhyn"), NOW, DOWN, DOWN))
    assert (report.verdict, report.level) == ("Backups not known", Level.UNKNOWN)
    assert len(report.wrong) == 1
    assert report.wrong[0].what.endswith("So not known: the backups and what was written since.")


def test_migrations_and_deploys_since_are_said_with_what_they_mean():
    listed = backups(14)
    facts = told(judge(replace(seen(listed, migrations=Counted(1)), deployed={"health": NOW})))
    assert facts["Migrations:"].says == "1 undone: code that needs them fails"
    assert facts["Deploys through me:"].says == "health since: that code stays, on top of the older data"


def test_nothing_has_answered_yet():
    report = judge(Seen(Target("emolyyvmvvfjyxbguhyn"), NOW))
    assert (report.level, report.verdict) == (Level.WAITING, "Asking for the backups…")
    assert told(report)["Made:"].says == "no answer yet"
    half = judge(Seen(Target("emolyyvmvvfjyxbguhyn"), NOW, backups(14)))
    assert (half.level, told(half)["Rows since:"].says) == (Level.WAITING, "no answer yet")
