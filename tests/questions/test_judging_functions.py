"""The edge functions, all in a line each, and one in detail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clients.errors import FunctionRefused, LogsFailed, ServerFailed
from bot.clients.wallet import Health, Pulse
from bot.context import Target
from bot.deploys.record import Deployed
from bot.health.answers import FunctionsSeen
from bot.health.expected import WEBHOOK
from bot.health.judgement import Level
from bot.questions import judging_functions, judging_one_function
from bot.questions.functions import Figures, Seen, Usage, used
from tests.health.well import REPORT, SUPABASE, WALLET, function, functions

NOW = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
UP = Figures(calls=400, failed=2, refused=3, timeouts=0, limits=0, p50=80, p95=240)
HOUR = {f"id-{slug}": UP for slug in ("health", WEBHOOK, "withdraw-funds")}
WELL = Seen(
    Target("emolyyvmvvfjyxbguhyn"),
    NOW,
    None,
    functions=functions(),
    wallet=Health(REPORT, 0.2),
    hour=HOUR,
    day=HOUR,
    usage=Usage(44.4, 12.0, 81.0),
)
DOWN = ServerFailed(SUPABASE, 503, "Supabase's Management API failed (503).", "Ask again in a minute.")
NO_LOGS = LogsFailed(SUPABASE, 200, "Supabase did not carry out the question about the logs.", "Ask again.")


def deployed(slug=WEBHOOK, version=3, **changes):
    known = {
        "function": slug,
        "version": version,
        "commit": "0123456789abcdef",
        "ok": True,
        "at": NOW - timedelta(days=2),
        "by": "U0ANA",
        "approved_by": "U0BEN",
        "command": "deploy",
        "verify_jwt": False,
        "ezbr_sha256": "",
        "body": "",
        "before_version": None,
        "before_body": "",
        "operation": "operation/1",
    }
    return Deployed(**(known | changes))


def told(report):
    """Each fact by its name; of several with one name the first."""
    lines = [line for group in report.groups for line in group.lines]
    return {line.name: line for line in reversed(lines)}


def overview(**changes):
    return judging_functions.judge(replace(WELL, **changes))


def alone(name=WEBHOOK, **changes):
    return judging_one_function.judge(replace(WELL, name=name, **changes), name)


def test_each_has_its_line():
    report = overview()
    assert (report.level, report.wrong) == (Level.OK, ())
    line = told(report)[WEBHOOK]
    assert line.says == (
        "active, invoked, version 3, verify_jwt off; 400 calls, 2 failed (0.5 %), p50 80 ms, p95 240 ms; put live"
    )
    assert "not probed" in told(report)["withdraw-funds"].says


def test_who_put_it_live_from_which_commit():
    line = told(overview(last={WEBHOOK: deployed()}))[WEBHOOK]
    assert line.says.endswith("put live from 0123456789")
    assert line.by == "U0ANA"


@pytest.mark.parametrize(
    "mine",
    [deployed(version=2), deployed(verify_jwt=True), deployed(ezbr_sha256="ab" * 32)],
    ids=["version", "jwt", "sha"],
)
def test_a_change_that_was_not_the_bots_is_noticed(mine):
    live = function(WEBHOOK).model_copy(update={"ezbr_sha256": "cd" * 32})
    report = overview(functions=functions(live), last={WEBHOOK: mine})
    assert (report.level, len(report.wrong)) == (Level.DEGRADED, 1)
    assert "changed without me" in report.wrong[0].what
    line = told(report)[WEBHOOK]
    assert ("changed without me" in line.says, line.by) == (True, "")


def test_what_the_other_side_does_not_tell_is_no_change():
    assert not overview(last={WEBHOOK: deployed(version=None, verify_jwt=None, ezbr_sha256="ab" * 32)}).wrong


@pytest.mark.parametrize(
    ("found", "words"),
    [
        pytest.param(replace(UP, failed=21), "fails: 21 of 400 calls", id="one in twenty"),
        pytest.param(replace(UP, calls=6, failed=5), "fails: 5 of 6 calls", id="few calls, most of them failed"),
        pytest.param(replace(UP, failed=20), "", id="just below"),
        pytest.param(replace(UP, calls=4, failed=4), "", id="too few to say"),
        pytest.param(replace(UP, timeouts=3), "ran out of time in 3 calls", id="504"),
        pytest.param(replace(UP, limits=3), "used up its memory or CPU in 3 calls", id="546"),
        pytest.param(replace(UP, p95=2001), "longer than 2.0 s", id="slow"),
        pytest.param(replace(UP, p95=9000, calls=19), "", id="slow, but hardly called"),
        pytest.param(replace(UP, refused=399), "", id="refusing is no failing"),
    ],
)
def test_figures_that_are_wrong(found, words):
    for report in (overview(hour=HOUR | {f"id-{WEBHOOK}": found}), alone(hour={f"id-{WEBHOOK}": found})):
        assert report.level is (Level.DEGRADED if words else Level.OK)
        assert words in (report.wrong[0].what if report.wrong else "")


def test_what_is_down_needs_no_second_sentence():
    hour = {f"id-{WEBHOOK}": replace(UP, failed=400)}
    for report in (overview, alone):
        found = report(functions=functions(function(WEBHOOK, status="THROTTLED")), hour=hour)
        assert [one.level for one in found.wrong] == [Level.DOWN]


def test_a_function_that_nobody_called():
    assert "; no calls; " in told(overview(hour={}))[WEBHOOK].says


def test_without_the_logs_the_list_still_stands():
    report = overview(hour=NO_LOGS)
    assert report.level is Level.UNKNOWN
    assert "So not known: calls of the last hour." in report.wrong[0].what
    assert told(report)[WEBHOOK].says == "active, invoked, version 3, verify_jwt off; put live"


def test_without_the_list_our_own_record_still_stands():
    report = overview(functions=FunctionsSeen(DOWN, {WEBHOOK: Pulse(405, 0.1)}), last={WEBHOOK: deployed()})
    assert report.level is Level.UNKNOWN
    assert told(report)[WEBHOOK].says == "version 3 put live through me"


def test_a_project_without_functions():
    empty = FunctionsSeen((), {})
    report = overview(functions=empty)
    assert report.level is Level.DOWN, "the wallet does not work without two of them"
    assert told(report)[WEBHOOK].says == "not deployed"
    assert alone(functions=empty).groups[0].none == "none at all"


def test_nothing_has_answered_yet():
    report = overview(functions=None, wallet=None, hour=None)
    assert (report.level, report.verdict) == (Level.WAITING, "Asking about the functions…")
    assert alone(functions=None, wallet=None, hour=None, day=None, usage=None).level is Level.WAITING


class TestOne:
    def test_everything_about_it(self):
        report = alone(last={WEBHOOK: deployed()})
        assert (report.level, report.wrong) == (Level.OK, ())
        facts = told(report)
        assert facts["verify_jwt"].says == "off: as it should be"
        assert facts["Probe:"].says == "answers 405 in 100 ms"
        assert (facts["My last:"].by, facts["Approved:"].by) == ("U0ANA", "U0BEN")
        assert facts["From commit:"].says == "0123456789"
        assert (
            facts["Of these:"].says
            == "none ran out of time (504), none ran out of memory or CPU (546), 3 refused (4xx)"
        )
        assert facts["Memory:"].says == "44 MB on average; a call may use 256 MB"
        assert facts["CPU:"].says == "12 ms on average, 81 ms at most; a call may use 2 s"

    def test_code_and_time_that_are_listed(self):
        live = function(WEBHOOK).model_copy(
            update={"ezbr_sha256": "1a2b3c4d" + "00" * 28, "updated_at": 1_795_000_000_000}
        )
        facts = told(alone(functions=functions(live)))
        assert facts["Code:"].says == "sha256 begins 1a2b3c4d"
        assert facts["Live since:"].at == datetime.fromtimestamp(1_795_000_000, UTC)
        assert facts["By whom:"].says == "not through me, so not known"

    @pytest.mark.parametrize("at", [10**30, -(10**18), None])
    def test_a_time_beyond_all_times(self, at):
        live = function(WEBHOOK).model_copy(update={"updated_at": at})
        assert told(alone(functions=functions(live)))["Live since:"].says == "not known"

    def test_a_flipped_verify_jwt_cuts_circle_off(self):
        report = alone(functions=functions(function(WEBHOOK, verify_jwt=True)))
        assert report.level is Level.DOWN
        assert told(report)["verify_jwt"].says == "on: it should be off"

    def test_what_is_wrong_with_others_is_not_its_own(self):
        others = functions(function("health", status="THROTTLED"), without=["withdraw-funds"])
        assert alone(functions=others).wrong == ()
        assert alone("health", functions=others).level is Level.DOWN

    def test_its_probe_fails(self):
        refused = FunctionRefused(
            WALLET, 546, f"The function {WEBHOOK} used up its memory (546 WORKER_LIMIT).", "Look.", "WORKER_LIMIT"
        )
        report = alone(functions=functions(pulse=refused))
        assert report.level is Level.DOWN
        assert told(report)["Probe:"].says == "not known"

    def test_health_is_its_own_probe_and_others_have_none(self):
        assert told(alone("health"))["Probe:"].says == "answers in 200 ms"
        assert told(alone("withdraw-funds"))["Probe:"].says == "none is declared: calling it may do what it is for"
        assert told(alone("withdraw-funds"))["verify_jwt"].says == "on: nothing is declared for it"

    def test_a_typo(self):
        report = alone("payments-circle-wehbook")
        assert report.verdict == f"There is no function payments-circle-wehbook: did you mean {WEBHOOK}?"
        assert report.also == ((f"functions {WEBHOOK}", f"functions {WEBHOOK}"),)
        assert report.level is Level.UNKNOWN
        assert alone("zzz").verdict == "There is no function zzz"

    def test_one_of_ours_that_somebody_deleted(self):
        report = alone("gone", last={"gone": deployed("gone")})
        assert report.level is Level.DEGRADED
        assert report.groups[0].title == "It was deleted without me"

    def test_without_the_list_it_is_not_said_that_there_is_none(self):
        report = alone("health", functions=FunctionsSeen(DOWN, {}), hour=NO_LOGS, day=NO_LOGS, usage=DOWN)
        assert report.verdict == "health: not known whether it is there"
        assert report.level is Level.UNKNOWN
        assert told(report)["Probe:"].says == "answers in 200 ms"
        assert len(report.wrong) == 2, "one for the logs, one for the API"

    def test_a_button_to_its_console_where_there_are_logs(self):
        assert ("Its console", f"logs functions --function {WEBHOOK}") in alone(commands=frozenset({"logs"})).also
        assert all(label != "Its console" for label, _ in alone().also)


@pytest.mark.parametrize(
    ("buckets", "usage"),
    [
        ([], Usage()),
        ([{"avg_memory_used": 40, "avg_cpu_time_used": 10.0, "max_cpu_time_used": 30}, {"avg_memory_used": 50.0}],
         Usage(45.0, 10.0, 30.0)),
        ([{"avg_memory_used": "40", "avg_cpu_time_used": None, "max_cpu_time_used": True}], Usage()),
        ([{"avg_memory_used": -1, "cpu": 3}], Usage()),
    ],
)  # fmt: skip
def test_what_it_uses_is_read_with_doubt(buckets, usage):
    assert used(buckets) == usage
    if usage == Usage():
        assert told(alone(usage=usage))["Memory:"].says == "not told"
