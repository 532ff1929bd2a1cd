"""A commit's migrations against the history, and what is said of it: one row a case."""

from datetime import UTC, datetime

import pytest

from bot.clients.errors import BrokenOff, Source
from bot.clients.supabase import Applied
from bot.context import Target
from bot.deploys.callers import Calls
from bot.health.judgement import Level
from bot.migrations.asking import InCommit, Looked
from bot.migrations.compared import compare
from bot.migrations.judging import judge
from bot.sources import Commit, SourceAway
from bot.sources.migrations import MigrationFile
from bot.views import evidence
from bot.views.report import show
from tests.chat import words
from tests.problems import problems

A, B, C = "20260101000000", "20260201000000", "20260301000000"
COMMIT = Commit(
    "c" * 40, "t" * 40, "Ben <!channel>", "ben@x", datetime(2026, 11, 1, tzinfo=UTC), "Add `it`", "branch main"
)
AWAY = BrokenOff(Source("Supabase's Management API", "api.example"))


def file(version: str, name: str = "") -> MigrationFile:
    return MigrationFile(version, name or f"n{version[5]}", f"supabase/migrations/{version}_{name}.sql")


def applied(version: str, name: str = "") -> Applied:
    return Applied(version=version, name=name or f"n{version[5]}")


def judged(files, history):
    commit = InCommit(COMMIT, tuple(files), {one.path: COMMIT for one in files}) if isinstance(files, list) else files
    return judge(Looked(commit, tuple(history) if isinstance(history, list) else history), Target("ref"))


@pytest.mark.parametrize(
    ("files", "history", "verdict", "level", "said"),
    [
        pytest.param([file(A)], [applied(A)], "No migration is pending, 1 applied", Level.OK, "", id="even"),
        pytest.param([file(A), file(B)], [applied(A)], "1 migration pending, 1 applied", Level.WAITING, B, id="waits"),
        pytest.param([], [], "No migration is pending, 0 applied", Level.OK, "none", id="nothing at all"),
        pytest.param(
            [file(A)], [applied(A), applied(B)], "The database has 1 migration that the commit lacks", Level.DEGRADED,
            f"Applied, but not in the commit: {B}", id="applied by hand",
        ),
        pytest.param(
            [file(A), file(B)], [applied(A), applied(C)], "The database has 1 migration that the commit lacks",
            Level.DEGRADED, f"Older than what is applied already: {B}", id="drift in both directions",
        ),
        pytest.param(
            [file(A), file(B, "add_index")], [applied(A), applied(C, "add_index")],
            "The database has 1 migration that the commit lacks", Level.DEGRADED,
            f"Rename the file to {C}_addˍindex.sql".replace("ˍ", "_"), id="the server gave it its own version",
        ),
        pytest.param(
            [file(A), file(B, "x"), file(B, "y")], [applied(A)], "2 migrations pending, 1 applied", Level.DEGRADED,
            f"Two files have one version: {B}", id="two files, one version",
        ),
        pytest.param(
            [file(A, "old")], [applied(A, "new")], "No migration is pending, 1 applied", Level.UNKNOWN,
            f"Applied under another name: {A}", id="another name",
        ),
        pytest.param(
            [file(A)], AWAY, "The commit has 1 migration; what is applied is not known", Level.UNKNOWN,
            "broke the connection off", id="no history",
        ),
        pytest.param(
            None, [applied(A)], "1 migration applied; what is pending is not known", Level.UNKNOWN,
            "no source is set", id="no repository",
        ),
        pytest.param(
            SourceAway("Git is silent.", "Wait."), AWAY, "The migrations are not known", Level.UNKNOWN,
            "Git is silent.", id="neither",
        ),
    ],
)  # fmt: skip
def test_judged(files, history, verdict, level, said):
    report = judged(files, history)
    assert (report.verdict, report.level) == (verdict, level)
    message = show(report)
    told = words({"text": message.text, "blocks": list(message.blocks)})
    assert said in told
    assert "<!channel>" not in told
    assert not problems(message)


def test_many_fit_into_one_message():
    files = [file(f"{20260000000000 + n}", "x" * 200) for n in range(400)]
    message = show(judged(files, [applied(f"{30260000000000 + n}", "y" * 200) for n in range(400)]))
    assert not problems(message)


def test_on_the_card_of_a_deploy():
    waits = compare([file(A), file(B), file(C)], [applied(A)])
    (danger,) = evidence.pending(waits)
    assert danger.startswith("*2 migrations of this commit are not applied*")
    assert evidence.migrations(waits) == []
    even = compare([file(A)], [applied(A), applied(B)])
    assert evidence.pending(even) == []
    assert evidence.migrations(even) == [
        f"No migration of this commit is pending. The database has 1 that this commit lacks, the newest `{B}`."
    ]


@pytest.mark.parametrize(
    ("came", "said"),
    [
        ("Away <x>.", "Callers in the last hour are not known. Away &lt;x&gt;."),
        ({"a": Calls(0, 0)}, "Callers in the last hour: none. That is no proof that nobody calls."),
        ({"a": Calls(42, 0)}, "Callers in the last hour: 42, none failed."),
        ({"health": Calls(42, 0)}, "Callers in the last hour: 42, none failed. My own looks at health are among them."),
        ({"a": Calls(42, 3)}, "Callers in the last hour: 42, *3 failed*."),
        ({"a": Calls(1, 0), "b": Calls(9, 0)}, "Callers in the last hour: `b` 9, none failed, `a` 1, none failed."),
        (
            {name: Calls(1, 0) for name in "abcde"},
            "Callers in the last hour: `a` 1, none failed, `b` 1, none failed, `c` 1, none failed, and 2 more.",
        ),
    ],
)
def test_callers_on_the_card(came, said):
    assert evidence.callers(came) == [said]
