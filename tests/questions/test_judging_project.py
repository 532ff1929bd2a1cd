"""Which project, with which token: what is thought of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clients.errors import NotAllowed, ServerFailed, TokenRefused, TooLate
from bot.clients.supabase import READS, Project
from bot.context import Target
from bot.health.judgement import Level
from bot.questions.judging_project import UNLOCKS, judge
from bot.questions.project import Seen
from bot.questions.token import Kind, kind
from tests.health.well import SUPABASE

NOW = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
PROJECT = Project(
    name="aikeys-wallet",
    region="eu-central-1",
    status="ACTIVE_HEALTHY",
    created_at="2025-10-01T16:23:28.195521Z",
    organization_slug="aikeys",
)
ALL = dict.fromkeys([*READS, "analytics_logs_read"], True)
WELL = Seen(
    Target("emolyyvmvvfjyxbguhyn", "aikeys-wallet", "eu-central-1"),
    kind("sbp_fc23456789abcdef0123456789abcdef01234567"),
    NOW,
    PROJECT,
    ALL,
    ("GET /secrets", 117),
)
DOWN = ServerFailed(SUPABASE, 503, "Supabase's Management API failed (503).", "Ask again in a minute.")


def lacking(*missing):
    return NotAllowed(SUPABASE, 403, "The bot's token may not ask this (403).", "Make one.", missing)


def told(report):
    """Each fact by its name."""
    return {line.name: line for group in report.groups for line in group.lines}


def test_all_is_well():
    report = judge(WELL)
    assert (report.level, report.verdict, report.wrong) == (Level.OK, "aikeys-wallet is active", ())
    facts = told(report)
    assert facts["It is"].says == "a scoped personal token, by its shape"
    assert "117 questions in this minute at GET /secrets" in facts["Left of the rate limit:"].says
    there = [line.says for line in report.groups[2].lines]
    assert ", ".join(there) == ", ".join(UNLOCKS)
    assert all(len(says) <= 300 for says in there), "a longer one is cut off"
    assert facts["Deploys:"].level is Level.UNKNOWN, "whether it may write cannot be known without writing"
    assert "by the general token, which needs edge_functions_write" in facts["Deploys:"].says
    assert facts["Made:"].at == datetime(2025, 10, 1, 16, 23, 28, 195521, tzinfo=UTC)


def test_a_token_for_each_kind_of_change():
    """A scoped one serves; one that may do all is more than it needs; the first to end is told."""
    ends = replace(kind("sbp_fc" + "0" * 38), expires=NOW + timedelta(days=3))
    own = {"SUPABASE_TOKEN_SECRETS": ends, "SUPABASE_TOKEN_DEPLOY": kind("sbp_" + "1" * 40)}
    report = judge(replace(WELL, own=own))
    facts = told(report)
    assert "which needs edge_functions_secrets_write" in facts["Secrets:"].says
    assert "make a scoped one" in facts["Deploys:"].says
    assert facts["Deploys:"].level is Level.DEGRADED
    assert "SUPABASE_TOKEN_RESTORE is not set" in facts["Recovery:"].says
    (wrong,) = report.wrong
    assert "token for secrets expires soon" in wrong.what
    assert wrong.do == "Make a new one and set SUPABASE_TOKEN_SECRETS."


def test_every_permission_that_is_tried_says_what_it_unlocks():
    assert set(UNLOCKS) == {*ALL, "project_admin_read"}


def test_what_the_token_lacks_is_named_with_what_is_lost():
    report = judge(replace(WELL, permissions=ALL | {"backups_read": lacking("backups_read")}))
    assert (report.level, report.verdict) == (
        Level.DEGRADED,
        "aikeys-wallet is active, but the token lacks 1 permission",
    )
    assert "may not read backups_read" in report.wrong[0].what
    assert "backups_read" not in told(report)["It has:"].says
    assert told(report)["backups_read"].level is Level.DEGRADED


def test_supabase_may_name_another_permission_than_was_tried():
    report = judge(replace(WELL, permissions=ALL | {"database_read": lacking("database_read", "<!channel>_read")}))
    assert "lacks 2 permissions" in report.verdict
    assert told(report)["<!channel>_read"].says == "missing: asked for by Supabase"


def test_the_project_itself_may_not_be_read():
    report = judge(replace(WELL, project=lacking("project_admin_read")))
    assert report.verdict == "aikeys-wallet: status not known"
    assert told(report)["project_admin_read"].level is Level.DEGRADED


@pytest.mark.parametrize(
    "failure", [DOWN, TokenRefused(SUPABASE, 401, "No token (401).", "Make one."), TooLate(SUPABASE, 10)]
)
def test_one_reason_is_one_sentence_however_much_it_costs(failure):
    report = judge(replace(WELL, project=failure, permissions=dict.fromkeys(ALL, failure)))
    assert [one.level for one in report.wrong] == [Level.UNKNOWN]
    assert report.wrong[0].what.startswith(failure.what)
    assert report.level is Level.UNKNOWN
    assert "It has:" not in told(report)


def test_a_try_that_fails_otherwise_is_no_lack():
    report = judge(replace(WELL, permissions=ALL | {"advisors_read": DOWN}))
    assert report.level is Level.UNKNOWN
    assert told(report)["advisors_read"].says == "not known: the advisors' findings"


def test_all_tries_came_to_nothing():
    report = judge(replace(WELL, permissions=TooLate(SUPABASE, 10)))
    assert report.verdict == "aikeys-wallet is active"
    assert told(report)["It has:"].says == "project_admin_read"


def test_a_paused_project_is_an_outage():
    report = judge(replace(WELL, project=PROJECT.model_copy(update={"status": "INACTIVE"})))
    assert report.level is Level.DOWN
    assert "paused" in report.wrong[0].what


@pytest.mark.parametrize(("left", "words"), [(timedelta(days=3), "expires soon"), (timedelta(hours=-1), "has expired")])
def test_a_token_that_ends(left, words):
    ending = Kind("a session token of a person", "everything", "written in the token", NOW + left, whole=True)
    report = judge(replace(WELL, token=ending))
    assert words in report.wrong[0].what
    assert told(report)["It ends:"].at == NOW + left
    assert not judge(replace(WELL, token=replace(ending, expires=NOW + timedelta(days=30)))).wrong


def test_nothing_has_answered_yet():
    report = judge(replace(WELL, project=None, permissions=None, left=None))
    assert (report.level, report.verdict) == (Level.WAITING, "aikeys-wallet: asking Supabase…")
    assert "Not answered yet: the project and the token's permissions." in report.small
