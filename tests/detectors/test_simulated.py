"""False alarms are a figure: days of ordinary noise wake nobody, and what is recorded is judged the same again."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bench import simulating
from bench.simulated import Measured, said, table, written
from bot.clients.errors import FunctionRefused, TooLate
from bot.clients.wallet import DatabaseSeen
from bot.detectors import World, load
from bot.health.answers import Question
from bot.health.thresholds import DEFAULTS
from bot.incidents import replaying
from bot.incidents.asking import ALL, EVERY, due
from bot.incidents.recording import packed, unpacked
from bot.incidents.wider import Wider
from bot.settings.tuning import Tuning, parsed
from tests.detectors.widely import NOW, WIDELY
from tests.health.well import WALLET, WELL, report


@pytest.mark.parametrize("rate", [10, 100])
def test_a_day_of_ordinary_noise_wakes_nobody(rate):
    month = simulating.Month(rate, seed=3, days=1).run()
    assert month.looks > 5700, "each look is made"
    assert dict(month.pages) == {}


def test_without_the_floor_they_would():
    """What the floors are for: at thirty webhooks an hour one failure in two hundred is enough to page."""
    eager = parsed({"burn_fewest_failed": 1, "burn_fewest": 1, "burn_slow_failed": 1})
    assert simulating.Month(30, seed=3, tuning=eager, days=2).run().pages["webhook_errors"] > 0


def test_a_table_says_it_by_detector():
    found = Measured(2, {10.0: Counter(), 30.0: Counter(webhook_errors=4)}, looks=9, seconds=240)
    lines = "\n".join(table(found))
    assert "| | 10 webhooks/h | 30 webhooks/h |" in lines
    assert "| `webhook_errors` (P1) | 0.00 | 2.00 |" in lines
    assert "| **all P1** (aim: at most 1) | **0.00** | **2.00** |" in lines
    assert "Of 29 detectors 28 never paged." in lines
    assert said(found, NOW, 100) == [
        (
            "**2 months of each traffic** (29 March 2026, seeds 100 to 101; 9 looks, 1.0 min of a processor a month), "
            "false pages a month:"
        )
    ]


def test_it_is_written_where_no_more_months_stand(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- simulate:begin (by make simulate) -->\nold\n<!-- simulate:end -->\nb\n")
    assert written(page, ["**20 months of each traffic**", "x"], 20)
    assert (
        "begin (by make simulate) -->\n**20 months of each traffic**\nx\n<!-- simulate:end -->\nb" in page.read_text()
    )
    assert not written(page, ["**1 month of each traffic**"], 1), "a quick try leaves them alone"
    assert "20 months" in page.read_text()
    page.write_text("")
    with pytest.raises(ValueError, match="no marks"):
        written(page, [], 1)


def test_each_source_at_its_own_pace():
    month = 30.4 * 86_400 / 15
    assert round(month / EVERY[Question.WALLET], -3) == 175_000
    assert due(0) == ALL
    assert due(1) == {Question.WALLET}
    assert due(2) == {Question.WALLET, Question.PROJECT, Question.SERVICES, Question.FUNCTIONS}
    assert due(4) == ALL - {Wider.BACKUPS}
    assert 240 * 15 == 3600
    assert EVERY[Wider.BACKUPS] == 240


AWAY = replace(WELL, wallet=report(status="unhealthy", database=None, error="no route"))
SLOW = replace(WELL, wallet=report(database=DatabaseSeen(connected=True, latency_ms=600)))
REFUSED = FunctionRefused(WALLET, 401, "It asks for a JWT (401).", "Off.", "UNAUTHORIZED_NO_AUTH_HEADER")


def kept(answers, at, **world):
    """A look as the store gives it back."""
    return at, json.loads(json.dumps(packed(ALL, answers, World(wider=WIDELY, now=at, **world))))


@pytest.mark.parametrize(
    "answers",
    [
        WELL,
        AWAY,
        replace(WELL, wallet=TooLate(WALLET, 5)),
        replace(WELL, wallet=REFUSED),
        replace(WELL, webhooks=REFUSED),
    ],
)
def test_a_look_that_is_recorded_is_judged_the_same(answers):
    asked, again, world = unpacked(kept(answers, NOW)[1], DEFAULTS)
    assert asked == ALL - {Wider.DIGESTS}
    for one in load():
        if one.needs <= asked:
            assert one.see(again, world) == one.see(answers, World(wider=WIDELY, now=NOW)), one.id


def test_no_digest_is_recorded():
    assert "abababab" not in json.dumps(kept(WELL, NOW)[1])


def test_what_would_have_been_posted_and_when():
    looks = [kept(AWAY if 3 <= n < 10 else WELL, NOW + timedelta(seconds=15 * n)) for n in range(30)]
    posted = list(replaying.replay(looks, Tuning()))
    assert [(one.title, one.what) for one in posted] == [("Database outage", "opened"), ("Database outage", "over")]
    assert posted[0].at == NOW + timedelta(seconds=15 * 5)


def test_and_what_by_other_thresholds():
    looks = [kept(SLOW, NOW + timedelta(seconds=60 * n)) for n in range(10)]
    assert [one.title for one in replaying.replay(looks, Tuning())] == ["Database slow"]
    assert list(replaying.replay(looks, parsed({"database_slow": 900}))) == []


def test_a_record_of_another_version_is_left_out():
    looks = [(NOW, {"asked": ["wallet"], "answers": {"of": "Gone", "with": {}}, "world": None}), kept(WELL, NOW)]
    assert list(replaying.replay(looks, Tuning())) == []
