"""Who wants to act alone makes the emergency: six requests from anywhere, signed by nobody, in a quiet hour."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.approvals import glass
from bot.approvals.objection import Why
from bot.approvals.policy import HEARSAY, says_something
from bot.clockwork.timers import Timers
from bot.detectors import Firing, World
from bot.detectors.webhooks_dead import DEAD, dead
from bot.health.answers import Answers, Deliveries, Events, Suspicions, WebhooksCounted
from bot.incidents.alerting import Alerts
from bot.incidents.deciding import Opened, Seen
from bot.incoming.words import firing
from bot.post.outbox import Outbox
from bot.reviews.objection import objection
from playground.clock import ManualClock
from store.alerts import Kind
from store.incidents import SEVERITY

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
QUIET = Events(last_hour=0, last_day=40, quiet=4000.0)
NONE_FAILED, ALL_FAILED = Deliveries(0, 0, 0, 0), Deliveries(9, 9, 9, 9)
FORGED = Suspicions(signatures_hour=6, signatures_recent=6, high_risk_hour=0)


def sight(deliveries: Deliveries) -> Firing:
    found = dead(Answers(webhooks=WebhooksCounted(QUIET, deliveries, FORGED)), World())
    assert isinstance(found, Firing)
    return found


@pytest.fixture
def alerts(store):
    clock = ManualClock(NOW)
    nobody: Any = None  # nothing is sent: no channel is set
    return Alerts(store, clock, Outbox(store, nobody, clock, can_look=False), Timers(store, clock))


def opened(alerts, firing: Firing) -> str:
    return str(alerts.heed(Opened(DEAD, "P0", "Webhooks", firing, NOW - timedelta(minutes=1)), {}).subject)


def test_what_anybody_can_fake_lets_nobody_act_alone(store, alerts):
    """Nor does the word of the one who wants to: somebody else has to have it seen."""
    assert sight(NONE_FAILED).about == {HEARSAY: True}
    subject = opened(alerts, sight(NONE_FAILED))
    assert glass.incident(store, "UANA") is None
    alerts.acknowledge(subject, "UANA")
    assert glass.incident(store, "UANA") is None
    assert glass.incident(store, "UBEN") is not None


def test_a_second_person_makes_it_an_emergency(store, alerts):
    subject = opened(alerts, sight(NONE_FAILED))
    alerts.acknowledge(subject, "UBEN")
    assert glass.incident(store, "UANA") is not None


def test_what_the_wallet_itself_says_needs_no_witness(store, alerts):
    """Rows that fail with 500 are made behind the signature: nobody outside writes them."""
    assert not sight(ALL_FAILED).about
    opened(alerts, sight(ALL_FAILED))
    assert glass.incident(store, "UANA") is not None


def test_nor_what_is_seen_later(store, alerts):
    subject = opened(alerts, sight(NONE_FAILED))
    alerts.heed(Seen(subject, sight(ALL_FAILED)), {})
    assert glass.incident(store, "UANA") is not None


def test_an_alert_lets_nobody_act_alone_who_may_have_sent_it(store, alerts):
    """Whoever has the token for /alerts, or may make the sender fire, would have an emergency at the press of a key."""
    kind = Kind("f", "P0", True, "The database is gone", "says who?", "", 1)
    subject = opened(alerts, firing([[kind]], ()))
    assert glass.incident(store, "UANA") is None
    alerts.acknowledge(subject, "UANA")
    assert glass.incident(store, "UANA") is None
    assert glass.incident(store, "UBEN") is not None


def test_nor_one_that_became_critical(store, alerts):
    """A P1 that its sender calls critical is a P0 by the bot's own hand."""
    subject = str(
        alerts.heed(
            Opened("alerts/x", "P1", "x", firing([[Kind("f", "P1", True, "x", "", "", 1)]], ()), NOW), {}
        ).subject
    )
    alerts.move(subject, SEVERITY, "bot", "A critical alert joined it.", {"severity": "P0"})
    assert glass.incident(store, "UANA") is None


@pytest.mark.parametrize("reason", ["", " \n", "\u200b\u200b", "\u3164", "\u00ad.", "…", "\u2800", "\U000e0041"])
def test_what_cannot_be_seen_is_no_reason(store, reason):
    """Nor a note: a signature must say what was looked at."""
    assert not says_something(reason)
    review = store.reviews.due("admins", "2026-11", NOW, evidence="three")
    against = objection(review, "UBEN", frozenset({"operator"}), reason)
    assert against is not None
    assert against.why is Why.NO_REASON


@pytest.mark.parametrize("reason", ["it burns", "支払いが失敗", "P0", "не ждёт"])
def test_a_reason_in_any_language_is_one(reason):
    assert says_something(reason)
