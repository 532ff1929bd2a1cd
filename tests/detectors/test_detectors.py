"""Each detector as a table: what was answered, and whether it fires, is calm, or cannot tell."""

import pytest

from bot.clients.errors import Paused, ServerFailed
from bot.clients.supabase import Project
from bot.clients.wallet import DatabaseSeen, Health
from bot.detectors import Blind, Calm, Firing, World
from bot.health.answers import Deliveries, Events, ProjectSeen, Suspicions
from tests.detectors.widely import DETECTORS, LATE, NOW, QUIET, TIRED, WIDELY, changed
from tests.health.well import REPORT, SUPABASE, WALLET, WELL, counted, function, functions, report, services

FAILED = ServerFailed(SUPABASE, 503, "It failed (503).", "Ask again.")
AWAY = report(status="unhealthy", database=None)
HEARD = World(wider=WIDELY, now=NOW)
FULL = ProjectSeen(name="aikeys", region="eu-central-1", status="ACTIVE_HEALTHY", read_only=True)


SLOWLY = Deliveries(40, 2, 8, 1, five=4, five_failed=0, half=20, half_failed=1, six=200, six_failed=8)


FIRES = [
    ("database_outage", changed(wallet=AWAY, services=services(db="UNHEALTHY"))),
    ("database_outage", changed(wallet=report(database=DatabaseSeen(connected=False)))),
    ("database_outage", changed(wallet=LATE, services=services(db="UNHEALTHY"))),
    ("database_read_only", changed(project=FULL)),
    ("database_in_doubt", changed(services=services(db="UNHEALTHY"))),
    ("project_away", changed(project=Project(name="aikeys", region="eu", status="INACTIVE"))),
    ("project_away", changed(project=LATE, wallet=Paused(WALLET))),
    ("wallet_unreachable", changed(wallet=LATE)),
    ("wallet_unreachable", changed(wallet=Health(REPORT, 6.0))),
    ("webhooks_dead", changed(webhooks=counted(deliveries=Deliveries(40, 9, 6, 6)))),
    ("webhooks_dead", changed(functions=functions(without=("payments-circle-webhook",)))),
    ("webhooks_dead", changed(functions=functions(function("payments-circle-webhook", verify_jwt=True)))),
    ("webhooks_dead", changed(webhooks=counted(events=Events(0, 900, 4000.0), suspicions=Suspicions(30, 2, 0)))),
    ("high_risk_events", changed(webhooks=counted(suspicions=Suspicions(0, 0, 6)))),
    ("high_risk_event", changed(webhooks=counted(suspicions=Suspicions(0, 0, 1)))),
    ("signature_attack", changed(webhooks=counted(suspicions=Suspicions(60, 25, 0)))),
    ("webhook_errors", changed(webhooks=counted(deliveries=Deliveries(40, 6, 8, 1, five=4, five_failed=1)))),
    ("webhook_errors_slow", changed(webhooks=counted(deliveries=SLOWLY))),
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
    ("project_away", changed(project=LATE)),
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
    assert isinstance(DETECTORS[id_].see(WELL, HEARD), Calm)


def test_silence_is_judged_by_this_hour_of_the_week():
    def sight(**of):
        events = Events(**({"last_hour": 0, "last_day": 900, "quiet": 4000.0} | of))
        return DETECTORS["webhooks_silent"].see(changed(webhooks=counted(events=events)), QUIET)

    assert isinstance(sight(), Firing), "by the day's mean"
    assert isinstance(sight(usual=1500.0), Calm), "a quiet hour by its past"
    assert isinstance(sight(usual=900.0), Firing)


def test_many_addresses_at_once_are_an_attack():
    seen = changed(webhooks=counted(suspicions=Suspicions(12, 12, 0, sources=8)))
    assert isinstance(DETECTORS["signature_attack"].see(seen, QUIET), Firing)
    few = changed(webhooks=counted(suspicions=Suspicions(12, 12, 0, sources=2)))
    assert isinstance(DETECTORS["signature_attack"].see(few, QUIET), Calm)
