"""`/aikeys detectors`: what is watched for, by which figures, how it stands; and one of them with its reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.context import Target
from bot.detectors import Blind, Calm, Muted
from bot.incidents.deciding import Past
from bot.incidents.tracks import Track
from bot.incidents.watched import Looks, cadence, standing
from bot.questions.detectors import Seen, known
from bot.questions.judging_detectors import judge
from bot.settings.tuning import parsed
from bot.views.report import show
from store.quiet import Silence
from tests.chat import words
from tests.detectors.widely import NOW
from tests.problems import problems

OWN = parsed(
    {"database_slow": 300, "webhook_failed": 9, "detector": {"database_slow": {"confirm": 2}}}, "/etc/own.toml"
)
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def environment(environment, tmp_path):
    path = tmp_path / "thresholds.toml"
    path.write_text("database_slow = 300\n")
    return environment | {"AIKEYS_THRESHOLDS": str(path), "AIKEYS_EXTERNAL_DEPLOYS": "expected"}


async def test_a_viewer_sees_all_of_them_and_the_teams_own(chat, bot):
    await chat.says("zoe", "/aikeys detectors")
    card = await chat.until("29 detectors", "zoe")
    told = words(card)
    for one in known(bot.settings.tuning):
        assert f"`{one.id}`" in told, one.id
    assert "database_slow 300 ms (own; default 500)" in told
    assert "Set by your team" in told
    assert "every 15 s" in told
    assert "175,000 calls of a function a month" in told
    eyes = bot._answering.watch._eyes
    assert {one.severity for one in eyes._detectors if one.id == "webhook_changed"} == {"P1"}, "others deploy here too"
    assert told.index("*P1*") < told.index("`webhook_changed`")


async def test_one_with_its_reason_and_one_that_is_none(chat):
    await chat.says("ana", "/aikeys detectors webhook_errors")
    told = words(await chat.until("Webhooks failing"))
    assert "So fast that a month's budget is gone in two days." in told
    assert "`burn_fast` 14.4 × budget. In an hour and in its last 5 minutes" in told
    assert "2 looks over 0 s; over after 15 min" in told
    await chat.says("ana", "/aikeys detectors databse_slow")
    await chat.until("Did you mean database_slow?")


def seen(tracks=None, sights=None, past=None, silences=None, muted=frozenset(), tuning=OWN, name=""):
    detectors = known(tuning)
    calm = {one.id: Calm() for one in detectors}
    well = {one.id: Track(good=9, good_since=NOW - AN_HOUR) for one in detectors}
    looks = Looks(NOW, well | (tracks or {}), calm | (sights or {}), muted)
    found = standing(detectors, tuning, looks, past or {}, silences or {}, NOW)
    return Seen(Target("emolyyvmvvfjyxbguhyn"), NOW, NOW, found, 60.0, tuning.path, (), name)


BAD = Track(bad=2, bad_since=NOW)
OPEN = {"database_slow": Past("incident/4", True, "x")}
OUTAGE = {"database_outage": Past("incident/4", True, "x")}
KEPT = {"database_outage": replace(OUTAGE["database_outage"], kept=True)}  # it is calm: the watch pages beside it
UNTIL = NOW + AN_HOUR


@pytest.mark.parametrize(
    ("given", "state", "why"),
    [
        ({}, "ok", ""),
        ({"tracks": {"database_slow": BAD}}, "pending", "Seen in 2 of 2 looks."),
        ({"tracks": {"database_slow": BAD}, "past": OPEN}, "firing", ""),
        ({"tracks": {"database_slow": Track(good=2, good_since=NOW)}, "past": OPEN}, "recovering", "Not seen in 2"),
        ({"tracks": {"database_slow": replace(BAD, turns=(NOW,) * 4)}, "past": OPEN}, "flapping", "comes and goes"),
        ({"tracks": {"database_slow": BAD, "database_outage": BAD}}, "explained", "By Database outage."),
        ({"tracks": {"database_slow": BAD}, "past": OUTAGE}, "explained", "By Database outage."),
        ({"tracks": {"database_slow": BAD}, "past": KEPT}, "pending", "Seen in 2 of 2 looks."),
        (
            {"tracks": {"database_slow": Track(blind_since=NOW)}, "sights": {"database_slow": Blind("No answer.")}},
            "unknown",
            "No answer.",
        ),
        (
            {"silences": {"database_slow": Silence(7, "incident/4", "database_slow", "P1", "U0ANA", NOW, UNTIL, "on")}},
            "silenced",
            "Until",
        ),
        ({"muted": frozenset({"database_slow"})}, "maintenance", "An operation of mine"),
        ({"sights": {"database_slow": Muted()}, "tracks": {"database_slow": Track()}}, "not asked", "token"),
    ],
)
def test_each_state_is_told_with_its_reason(given, state, why):
    found = seen(**given)
    (one,) = [each for each in found.standings if each.detector.id == "database_slow"]
    assert one.state == state
    assert why in one.why
    assert [bound.own for bound in one.bounds] == [True, False, False, True]
    for report in (judge(found), judge(replace(found, name="database_slow"))):
        assert not problems(show(report))
        assert f"{state}" in words({"text": show(report).text, "blocks": show(report).blocks}) or state == "ok"


def test_the_verdict_counts_what_is_not_as_usual():
    assert judge(seen()).verdict == "29 detectors, and all is quiet"
    bad = seen(tracks={"database_outage": BAD}, past={"database_outage": Past("incident/4", True, "x")})
    assert judge(bad).verdict == "29 detectors: 1 firing"
    assert judge(replace(bad, looked_at=None)).verdict == "29 detectors, and no look has been made yet"
    assert (
        judge(replace(bad, at=NOW + AN_HOUR)).wrong[0].what == "My last look was 1 h ago: what stands here is as old."
    )


def test_how_often_is_as_often_as_what_it_needs():
    detectors = {one.id: one for one in known(OWN)}
    said = {id_: cadence(one, 60.0) for id_, one in detectors.items()}
    assert said["wallet_unreachable"] == "every 15 s"
    assert said["function_changed"] == "every 30 s"
    assert said["webhook_errors"] == "every 1 min"
    assert said["backup_late"] == "every 1 h"
