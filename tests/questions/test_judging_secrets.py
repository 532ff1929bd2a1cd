"""Secrets: set, seen, old, set without the bot; of a digest only how it begins, and of some not even that."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clients.errors import ServerFailed
from bot.clients.supabase import Secret
from bot.clients.wallet import Health
from bot.context import Target
from bot.health.judgement import Level
from bot.questions.judging_secrets import judge
from bot.questions.secrets import Rotated, Seen
from tests.health.well import REPORT, SUPABASE

NOW = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
DIGEST = "1a2b3c4d" + "5e" * 28
DOWN = ServerFailed(SUPABASE, 503, "Supabase's Management API failed (503).", "Ask again in a minute.")


def secret(name, age=10.0, value=DIGEST):
    at = (NOW - timedelta(days=age)).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Secret.model_validate({"name": name, "value": value, "updated_at": at})


NEEDED = [secret("CIRCLE_API_KEY"), secret("CIRCLE_WEBHOOK_SECRET"), secret("ALERT_EMAIL")]
WELL = Seen(Target("emolyyvmvvfjyxbguhyn"), NOW, NEEDED, Health(REPORT, 0.2))


def seen(*changed, without=(), **others):
    listed = {one.name: one for one in (*NEEDED, *changed)}
    return replace(WELL, secrets=[one for name, one in listed.items() if name not in without], **others)


def told(report):
    return {line.name: line for group in report.groups for line in group.lines}


def test_all_is_well():
    report = judge(WELL)
    assert (report.level, report.verdict, report.wrong) == (Level.OK, "Secrets: 3 of 3 present", ())
    line = told(report)["CIRCLE_API_KEY"]
    assert "its digest begins 1a2b3c4d; 10 days old, set" in line.says
    assert line.at == NOW - timedelta(days=10)


def test_no_more_than_eight_digits_of_any_digest_and_none_of_what_can_be_guessed():
    report = judge(seen(secret("OTHER"), secret("SUPABASE_DB_URL")))
    assert DIGEST[:9] not in repr(report)
    assert "1a2b" not in told(report)["ALERT_EMAIL"].says
    assert "No digest of ALERT_EMAIL: a value that can be guessed is not safe behind one." in report.small


@pytest.mark.parametrize("value", ["hunter2hunter2", "", DIGEST.upper(), DIGEST + "0", "true"])
def test_what_is_no_digest_might_be_the_value_and_is_not_shown(value):
    report = judge(seen(secret("CIRCLE_API_KEY", value=value)))
    assert report.level is Level.UNKNOWN
    assert "something other than a SHA-256" in report.wrong[0].what
    line = told(report)["CIRCLE_API_KEY"]
    assert "digest" not in line.says
    assert not value or value[:8] not in f"{line} {report.wrong}"


@pytest.mark.parametrize(
    ("name", "age", "level"),
    [
        ("CIRCLE_API_KEY", 89.9, Level.OK),
        ("CIRCLE_API_KEY", 90.1, Level.DEGRADED),
        ("OPENAI_API_KEY", 400, Level.DEGRADED),
        ("ALERT_EMAIL", 400, Level.OK),  # an address is no key
        ("SUPABASE_ANON_KEY", 400, Level.OK),  # the platform's own to rotate
    ],
)
def test_old_keys_are_marked(name, age, level):
    report = judge(seen(secret(name, age)))
    assert report.level is level
    assert ("older than 90 days" in report.verdict) == (level is Level.DEGRADED)


def test_supabases_own_stand_apart():
    report = judge(seen(secret("SUPABASE_URL"), secret("OTHER")))
    needed, others, own = report.groups
    assert [line.name for line in others.lines] == ["OTHER"]
    assert own.lines[0].says == "SUPABASE_URL"
    assert len(needed.lines) == 3


def test_a_missing_one_comes_first():
    report = judge(seen(secret("CIRCLE_API_KEY", 100), without=["CIRCLE_WEBHOOK_SECRET"]))
    assert "2 of 3 present" in report.verdict
    assert told(report)["CIRCLE_WEBHOOK_SECRET"].says.startswith("removed; running functions keep it")


def test_none_at_all():
    report = judge(replace(WELL, secrets=[], wallet=None))
    assert report.verdict.startswith("Secrets: 0 of 3 present")
    assert [group.none for group in report.groups[1:]] == ["none", "none listed"]


def test_who_rotated_it():
    ours = {"CIRCLE_API_KEY": Rotated(NOW - timedelta(days=10, minutes=1), "U0ANA")}
    assert told(judge(seen(rotated=ours)))["CIRCLE_API_KEY"].by == "U0ANA"


def test_set_again_without_the_bot():
    ours = {"CIRCLE_API_KEY": Rotated(NOW - timedelta(days=20), "U0ANA")}
    report = judge(seen(rotated=ours))
    assert told(report)["CIRCLE_API_KEY"].by == ""
    assert report.wrong[0].what == "CIRCLE_API_KEY was set without me after my last rotation."


def test_the_list_is_not_known_but_what_the_function_sees_is():
    report = judge(replace(WELL, secrets=DOWN))
    assert report.level is Level.UNKNOWN
    assert report.wrong[0].what == "Supabase's Management API failed (503). So not known: which secrets are set."
    assert told(report)["CIRCLE_API_KEY"].says == "seen by the running function"


def test_what_the_function_sees_is_not_known_but_the_list_is():
    report = judge(replace(WELL, wallet=DOWN))
    assert report.level is Level.UNKNOWN
    assert told(report)["CIRCLE_API_KEY"].says.startswith("set; its digest begins")


@pytest.mark.parametrize("when", [None, "", "yesterday", "2026-13-45"])
def test_an_age_that_cannot_be_read(when):
    odd = Secret.model_validate({"name": "CIRCLE_API_KEY", "value": DIGEST} | ({"updated_at": when} if when else {}))
    line = told(judge(seen(odd)))["CIRCLE_API_KEY"]
    assert line.says.endswith("since when is not known")
    assert line.at is None


def test_nothing_has_answered_yet():
    report = judge(replace(WELL, secrets=None, wallet=None))
    assert report.level is Level.WAITING
    assert told(report)["CIRCLE_API_KEY"].says == "no answer yet"
