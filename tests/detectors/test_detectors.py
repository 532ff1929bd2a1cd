"""Each detector as a table: what was answered, and whether it fires, is calm, or cannot tell."""

from dataclasses import replace

import pytest

from bot.clients.errors import ServerFailed, TooLate, TooMany
from bot.clients.wallet import DatabaseSeen, Health
from bot.detectors import Blind, Calm, Firing, Known, Muted, World, load, looked
from bot.health.answers import ASKED_FOR, Deliveries, Events, ProjectSeen, Question, Suspicions
from bot.runbook import SECTIONS
from tests.health.well import REPORT, SUPABASE, WALLET, WELL, counted, function, functions, report, services

DETECTORS = {one.id: one for one in load()}
LATE, TIRED = TooLate(WALLET, 5), TooMany(SUPABASE, 12)
FAILED = ServerFailed(SUPABASE, 503, "It failed (503).", "Ask again.")
AWAY = report(status="unhealthy", database=None)
QUIET = World()
FULL = ProjectSeen(name="aikeys", region="eu-central-1", status="ACTIVE_HEALTHY", read_only=True)


def changed(**answers):
    return replace(WELL, **answers)


FIRES = [
    ("database_outage", changed(wallet=AWAY, services=services(db="UNHEALTHY"))),
    ("database_outage", changed(wallet=report(database=DatabaseSeen(connected=False)))),
    ("database_outage", changed(wallet=LATE, services=services(db="UNHEALTHY"))),
    ("database_read_only", changed(project=FULL)),
    ("database_in_doubt", changed(services=services(db="UNHEALTHY"))),
    ("wallet_unreachable", changed(wallet=LATE)),
    ("wallet_unreachable", changed(wallet=Health(REPORT, 6.0))),
    ("webhooks_dead", changed(webhooks=counted(deliveries=Deliveries(40, 9, 6, 6)))),
    ("webhooks_dead", changed(functions=functions(without=("payments-circle-webhook",)))),
    ("webhooks_dead", changed(functions=functions(function("payments-circle-webhook", verify_jwt=True)))),
    ("webhooks_dead", changed(webhooks=counted(events=Events(0, 900, 4000.0), suspicions=Suspicions(30, 2, 0)))),
    ("high_risk_events", changed(webhooks=counted(suspicions=Suspicions(0, 0, 6)))),
    ("high_risk_event", changed(webhooks=counted(suspicions=Suspicions(0, 0, 1)))),
    ("signature_attack", changed(webhooks=counted(suspicions=Suspicions(60, 25, 0)))),
    ("webhook_errors", changed(webhooks=counted(deliveries=Deliveries(40, 6, 8, 1)))),
    ("webhooks_silent", changed(webhooks=counted(events=Events(0, 900, 7200.0)))),
    ("database_slow", changed(wallet=report(database=DatabaseSeen(connected=True, latency_ms=800)))),
    ("wallet_slow", changed(wallet=Health(REPORT, 3.0))),
    ("secret_missing", changed(secrets=frozenset({"ALERT_EMAIL"}))),
    ("function_wrong", changed(functions=functions(function("log-security-event", "THROTTLED")))),
]
CALM = [
    ("webhook_errors", changed(webhooks=counted(deliveries=Deliveries(9, 2, 8, 1)))),  # two failures are no rate
    ("webhook_errors", changed(webhooks=counted(deliveries=Deliveries(8, 6, 4, 1)))),  # nor is anything of eight
    ("webhooks_dead", changed(webhooks=counted(deliveries=Deliveries(0, 0, 0, 0)))),  # nobody called, nothing fails
    ("webhooks_dead", changed(webhooks=counted(deliveries=Deliveries(40, 9, 6, 5)))),  # one still gets through
    ("database_outage", changed(services=services(db="UNHEALTHY"))),  # in doubt, and another detector's
    ("wallet_unreachable", changed(wallet=AWAY)),  # it answers: that its database is gone is told as that
    ("high_risk_events", changed(webhooks=counted(suspicions=Suspicions(0, 0, 5)))),
    ("high_risk_event", changed(webhooks=counted(suspicions=Suspicions(0, 0, 6)))),  # told as the alarm
    ("function_wrong", changed(functions=functions(without=("payments-circle-webhook",)))),  # told as a P0
]
BLIND = [
    ("database_outage", changed(wallet=LATE, services=FAILED, webhooks=None)),
    ("database_in_doubt", changed(services=TIRED, webhooks=TIRED)),
    (
        "wallet_unreachable",
        changed(wallet=LATE, project=LATE, services=LATE, functions=LATE, secrets=LATE, webhooks=LATE),
    ),
    ("webhooks_dead", changed(webhooks=TIRED)),
    ("high_risk_events", changed(webhooks=TIRED, wallet=LATE)),
    ("signature_attack", changed(webhooks=TIRED)),
    ("webhook_errors", changed(webhooks=counted(deliveries=FAILED))),
    ("webhooks_silent", changed(webhooks=counted(events=FAILED))),
    ("database_slow", changed(wallet=LATE)),
    ("wallet_slow", changed(wallet=LATE)),
    ("secret_missing", changed(secrets=TIRED)),
    ("function_wrong", changed(functions=TIRED)),
    ("webhook_changed", changed(functions=TIRED)),
]


@pytest.mark.parametrize(
    ("id_", "answers", "kind"),
    [(id_, answers, kind) for rows, kind in ((FIRES, Firing), (CALM, Calm), (BLIND, Blind)) for id_, answers in rows],
)
def test_what_it_sees(id_, answers, kind):
    assert isinstance(DETECTORS[id_].see(answers, QUIET), kind)


@pytest.mark.parametrize("id_", DETECTORS)
def test_a_system_that_is_well_fires_nothing(id_):
    assert isinstance(DETECTORS[id_].see(WELL, QUIET), Calm)


@pytest.mark.parametrize(
    ("known", "changing", "kind"),
    [
        pytest.param(Known(3, ""), False, Calm, id="as I made it"),
        pytest.param(Known(2, ""), False, Firing, id="somebody made another version"),
        pytest.param(Known(3, "", verify_jwt=False), False, Calm, id="with the flag as I left it"),
        pytest.param(Known(3, "", verify_jwt=True), False, Firing, id="somebody turned the flag alone"),
        pytest.param(Known(2, ""), True, Muted, id="I am changing it"),
        pytest.param(Known(None, ""), False, Calm, id="I do not know which I made"),
        pytest.param(None, False, Calm, id="never mine"),
    ],
)
@pytest.mark.parametrize(
    ("id_", "slug"), [("webhook_changed", "payments-circle-webhook"), ("function_changed", "health")]
)
def test_a_change_by_somebody_else(id_, slug, known, changing, kind):
    world = World({slug: known} if known else {}, changing)
    sight = DETECTORS[id_].see(WELL, world)
    assert isinstance(sight, kind)
    if isinstance(sight, Firing):
        assert sight.about == {"function": slug, "version": 3, "sha": "", "verify_jwt": False}
        assert f"{slug} 3 False" in sight.title, "the next change is another one, and is told"


def test_the_quick_look_runs_what_its_questions_serve():
    quick = looked(DETECTORS.values(), WELL, QUIET, ASKED_FOR["database"])
    database = {"database_outage", "database_read_only", "database_in_doubt", "database_slow"}
    assert set(quick) == {*database, "wallet_unreachable", "wallet_slow"}
    assert set(looked(DETECTORS.values(), WELL, QUIET, Question)) == set(DETECTORS)


def test_every_one_makes_a_heading_of_the_runbook_executable():
    headings = {heading for section, below in SECTIONS.items() for heading in (section, *below)}
    assert {one.runbook for one in DETECTORS.values()} <= headings


def test_causes_exist():
    assert {cause for one in DETECTORS.values() for cause in one.inhibited_by} <= set(DETECTORS)
