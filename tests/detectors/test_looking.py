"""All detectors together: which of them a look runs, what may tune or mute them, and that each names what exists."""

from datetime import timedelta

from bot.clients.wallet import DatabaseSeen
from bot.detectors import Calm, Lingering, Muted, load, looked
from bot.health.answers import ASKED_FOR, Question
from bot.health.thresholds import figures
from bot.incidents.asking import ALL
from bot.runbook import SECTIONS
from bot.settings.tuning import parsed
from tests.detectors.widely import DETECTORS, QUIET, changed
from tests.health.well import WELL, report


def test_the_quick_look_runs_what_its_questions_serve():
    alone = {"database_outage", "database_slow", "wallet_unreachable", "wallet_slow"}
    assert set(looked(DETECTORS.values(), WELL, QUIET, {Question.WALLET})) == alone
    quick = looked(DETECTORS.values(), WELL, QUIET, ASKED_FOR["database"])
    assert set(quick) == {*alone, "project_away", "database_read_only", "database_in_doubt"}
    assert set(looked(DETECTORS.values(), WELL, QUIET, ALL)) == set(DETECTORS)


def test_just_under_the_threshold_is_not_over():
    """An alarm that is open ends well below its threshold, not under it."""

    def sight(latency, open_now):
        answers = changed(wallet=report(database=DatabaseSeen(connected=True, latency_ms=latency)))
        return looked(DETECTORS.values(), answers, QUIET, ALL, open_now=open_now)["database_slow"]

    assert sight(450, ()) == Calm()
    assert sight(450, {"database_slow"}) == Lingering()
    assert sight(340, {"database_slow"}) == Calm()


def test_what_is_maintained_is_not_looked_at():
    answers = changed(secrets=frozenset())
    seen = looked(DETECTORS.values(), answers, QUIET, ALL, muted={"secret_missing"})
    assert seen["secret_missing"] == Muted()


def test_where_others_deploy_too_a_changed_function_wakes_nobody():
    assert {one.severity for one in load(external=True) if one.id == "webhook_changed"} == {"P1"}
    assert DETECTORS["webhook_changed"].severity == "P0"
    assert {one.id for one in load(external=True)} == set(DETECTORS)


def test_a_team_sets_how_patient_one_is():
    tuning = parsed({"detector": {"database_slow": {"confirm": 8, "calm": 900}}})
    found = {one.id: one for one in load(tuning)}["database_slow"]
    assert (found.confirm, found.span, found.calm) == (8, 120, timedelta(minutes=15))


def test_every_one_makes_a_heading_of_the_runbook_executable():
    headings = {heading for section, below in SECTIONS.items() for heading in (section, *below)}
    assert {one.runbook for one in DETECTORS.values()} <= headings


def test_causes_exist():
    assert {cause for one in DETECTORS.values() for cause in one.inhibited_by} <= set(DETECTORS)


def test_the_thresholds_that_are_named_exist():
    assert {name for one in DETECTORS.values() for name in one.by} <= set(figures())
