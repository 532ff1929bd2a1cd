"""No card says “fine” while the watch pages: the same figures for both, and what is open stands on the card."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clients.errors import NobodyThere, Source
from bot.context import Target
from bot.detectors import Calm, Firing, World, load
from bot.diagnosis import judging_performance, judging_security, judging_triage
from bot.diagnosis.security import Risky, Signatures
from bot.health.answers import Deliveries, Events, Suspicions
from bot.health.judgement import Level
from bot.health.thresholds import DEFAULTS
from bot.questions import figures, judging_backups
from bot.questions.backups import Seen as BackupsSeen
from bot.questions.functions import Figures
from bot.questions.paged import CARDS, Paged, paged, told_open
from bot.report import Wrong
from bot.webhooks import traffic
from bot.webhooks.questions import Traffic
from tests.detectors.widely import NOW, backups
from tests.diagnosis import seen
from tests.diagnosis.test_performance import WELL as PERFORMANCE
from tests.diagnosis.test_performance import calls, hours
from tests.diagnosis.test_security import QUIET
from tests.health.well import WELL, counted, report

AWAY = NobodyThere(Source("x", "y"))
TARGET = Target("a", "b", "c")
DETECTORS = {one.id: one for one in load()}


def webhooks(**of):
    """The card of /aikeys webhooks, of which only what the watch counts is known."""
    counts = counted(**{name: value for name, value in of.items() if name != "limits"})
    none = Traffic(AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, datetime(2026, 3, 29, tzinfo=UTC), counts)
    return traffic.judge(replace(none, limits=of.get("limits", DEFAULTS)), TARGET)


def perf(limits, **change):
    return judging_performance.judge(replace(PERFORMANCE, limits=limits, **change))


def security(limits, **change):
    return judging_security.judge(replace(QUIET, limits=limits, **change))


def triage(limits, **change):
    return judging_triage.judge(replace(seen.THE_WEBHOOK, limits=limits, **change))


FEW = Deliveries(60, 3, 8, 1, five=4, five_failed=1)
RISKY = [Risky("LOGIN", "x", 95, blocked=False, at=1774747800.0, day=3, hour=3)]
SIGNED = {"signatures": Signatures(9, 4, 4, 2)}
FORGED = {"webhooks": counted(suspicions=Suspicions(4, 4, 0))}


@pytest.mark.parametrize(
    ("card", "own", "before", "after"),
    [
        pytest.param(
            lambda limits: webhooks(deliveries=FEW, limits=limits), {"webhook_failed": 2}, 2, 3, id="webhooks"
        ),
        pytest.param(
            lambda limits: webhooks(events=Events(9, 900, 1500.0), limits=limits),
            {"silence_minutes": 20}, 2, 3, id="webhooks, silence",
        ),
        pytest.param(lambda limits: security(limits, risky=RISKY), {"high_risk_critical": 2}, 3, 4, id="security"),
        pytest.param(lambda limits: security(limits, **SIGNED), {"signatures_noise": 3}, 0, 3, id="security, forged"),
        pytest.param(perf, {"database_slow": 40}, 0, 3, id="perf"),
        pytest.param(perf, {"response_slow": 0.15}, 0, 3, id="perf, wallet"),
        pytest.param(
            lambda limits: perf(limits, wallet=hours(180, 180), today={"id-1": calls(900, 40, 120, 40)}),
            {"function_failed_rate": 0.01}, 0, 3, id="perf, failing",
        ),
        pytest.param(lambda limits: triage(limits, **FORGED), {"signatures_noise": 3}, 0, 3, id="triage"),
        pytest.param(
            lambda limits: triage(limits, webhooks=counted(deliveries=FEW)), {"webhook_failed": 2}, 0, 3,
            id="triage, failing",
        ),
    ],
)  # fmt: skip
def test_a_teams_threshold_moves_the_card(card, own, before, after):
    assert card(DEFAULTS).level == Level(before)
    assert card(replace(DEFAULTS, **own)).level == Level(after)


def test_and_those_of_functions_and_backups():
    called = Figures(30, 3, 0, 0, 0, 40.0, 120.0)
    assert figures.wrong("x", called, DEFAULTS) == []
    assert figures.wrong("x", called, replace(DEFAULTS, burn_fewest_failed=3))
    old = BackupsSeen(TARGET, NOW, backups=backups())
    assert judging_backups.judge(old).wrong == ()
    assert judging_backups.judge(replace(old, limits=replace(DEFAULTS, backup_late=9))).wrong


@pytest.mark.parametrize(
    ("id_", "changed", "card"),
    [
        ("webhooks_dead", {"deliveries": Deliveries(40, 9, 6, 6)}, webhooks),
        ("webhook_errors", {"deliveries": Deliveries(60, 5, 8, 1, five=4, five_failed=1)}, webhooks),
        (
            "webhook_errors_slow",
            {"deliveries": Deliveries(40, 0, 8, 0, half=20, half_failed=1, six=200, six_failed=8)},
            webhooks,
        ),
        ("webhooks_silent", {"events": Events(0, 900, 7200.0)}, webhooks),
        ("signature_attack", {"suspicions": Suspicions(60, 25, 0)}, webhooks),
        ("signature_attack", {"suspicions": Suspicions(12, 12, 0, sources=8)}, webhooks),
    ],
)
def test_what_pages_is_never_fine_on_its_card(id_, changed, card):
    answers = replace(WELL, webhooks=counted(**changed))
    assert isinstance(DETECTORS[id_].see(answers, World()), Firing)
    assert card(**changed).level > Level.UNKNOWN
    of_triage = judging_triage.judge(replace(seen.THE_WEBHOOK, webhooks=counted(**changed)))
    assert of_triage.level > Level.UNKNOWN


def test_where_the_detector_is_calm_the_card_is_fine():
    answers = replace(WELL, wallet=report())
    assert all(isinstance(one.see(answers, World(now=NOW)), Calm) for id_, one in DETECTORS.items() if "webhook" in id_)
    assert webhooks().level is Level.UNKNOWN, "only what was not asked"


def test_every_detector_is_told_on_a_card():
    """But the one of my own token, which `aikeys doctor` and /aikeys project tell of."""
    assert frozenset().union(*CARDS.values()) == set(DETECTORS) - {"token_ends"}


def test_what_is_open_stands_on_the_card_of_its_subject(store):
    data = {"what": "A query takes 900 ms.", "do": "Look.", "since": NOW.isoformat()}
    store.incidents.open("P1", "Database slow", "database_slow", NOW, data=data)
    found = paged(store, "perf")
    assert found == (Paged(1, "P1", "Database slow", "A query takes 900 ms."),)
    assert paged(store, "webhooks") == ()
    card = perf(DEFAULTS, paged=found)
    assert card.level is Level.DEGRADED
    assert card.wrong[0].what == "Open since I saw it: P1 Database slow. A query takes 900 ms."
    assert "not well" in card.verdict
    assert "Database slow is open" in judging_triage.judge(replace(seen.THE_DATABASE, paged=found)).verdict
    store.incidents.resolve("incident/1", "bot", NOW, {})
    assert paged(store, "perf") == ()


def test_what_a_card_says_already_is_not_said_twice():
    wrong = [Wrong(Level.DEGRADED, "A query takes 900 ms.")]
    assert told_open(wrong, [Paged(1, "P1", "Database slow", "A query takes 900 ms.")]) == wrong
