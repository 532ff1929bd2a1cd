"""What is thought of the day's security, row by row."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clients.errors import NobodyThere
from bot.clients.supabase import Lint
from bot.context import Target
from bot.diagnosis.judging_security import judge
from bot.diagnosis.security import Risky, Seen, Signatures, SignIns
from bot.health.judgement import Level
from bot.views.report import show
from tests.health.well import SUPABASE
from tests.problems import problems

HOSTILE = "<!channel> zoe@example.com from 198.51.100.7 \u202e"
QUIET = Seen(
    Target("emolyyvmvvfjyxbguhyn"),
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    risky=[],
    signatures=Signatures(0, 0, 0, 0),
    sign_ins=[],
    open_tables=[],
    lints=[],
    banned=[],
)


def risky(hour):
    return [Risky("ADMIN_ROLE_GRANTED", HOSTILE, 95, blocked=False, at=1774747800.0, day=hour + 1, hour=hour)]


def lint(level, name="auth_users_exposed"):
    return Lint(name=name, title="Exposed", level=level, detail=HOSTILE)


@pytest.mark.parametrize(
    ("change", "level", "verdict"),
    [
        pytest.param({}, Level.OK, "Nothing of high risk in the last day", id="quiet"),
        pytest.param({"risky": risky(1)}, Level.DEGRADED, "2 events of high risk in the last day", id="one is a look"),
        pytest.param({"risky": risky(6)}, Level.DOWN, "7 events of high risk", id="six an hour are critical"),
        pytest.param({"signatures": Signatures(9, 5, 5, 2)}, Level.OK, "Nothing of high risk", id="noise"),
        pytest.param({"signatures": Signatures(9, 6, 5, 2)}, Level.DEGRADED, "6 webhooks in the last", id="forgery"),
        pytest.param({"sign_ins": [SignIns("400: Invalid", 200, 0)]}, Level.OK, "Nothing of high", id="people mistype"),
        pytest.param({"sign_ins": [SignIns(HOSTILE, 201, 0)]}, Level.DEGRADED, "201 sign-ins failed", id="guessing"),
        pytest.param({"sign_ins": [SignIns("500", 3, 3)]}, Level.DEGRADED, "3 sign-ins failed by a fault", id="broken"),
        pytest.param({"open_tables": ["<!here> x"]}, Level.DOWN, "Without row level security", id="an open table"),
        pytest.param({"lints": [lint("WARN")]}, Level.OK, "Nothing of high risk", id="a warning is shown"),
        pytest.param({"lints": [lint("ERROR")]}, Level.DEGRADED, "Supabase's advisor calls 1 thing", id="an error"),
        pytest.param({"lints": [lint("ERROR", "rls_disabled_in_public")]}, Level.OK, "Nothing", id="counted already"),
        pytest.param({"banned": NobodyThere(SUPABASE)}, Level.UNKNOWN, "as far as that is known", id="a gap"),
        pytest.param({"lints": None}, Level.WAITING, "as far as that is known", id="one is late"),
    ],
)
def test_each_bound_on_both_sides(change, level, verdict):
    report = judge(replace(QUIET, **change))
    assert report.level is level
    assert verdict in report.verdict
    message = show(report)
    assert not problems(message)


def test_nobodys_address_is_shown_and_nobody_is_pinged():
    seen = replace(
        QUIET,
        risky=risky(1),
        sign_ins=[SignIns(HOSTILE, 3, 0)],
        open_tables=["<!here> x"],
        lints=[lint("ERROR")],
        banned=["198.51.100.7"],
    )
    whole = str(show(judge(seen)))
    for hostile in ("<!channel>", "<!here>", "zoe@example.com", "198.51.100.7", "\u202e"):
        assert hostile not in whole, hostile
    assert "1 banned" in whole
