"""The judgement as a table: webhooks and suspicions, by numbers and never by a word."""

import pytest

from bot.clients.wallet import SecuritySeen, WebhooksSeen
from bot.health.answers import Deliveries, Events, Suspicions
from bot.health.judgement import Level
from tests.health.ill import FAILED, MISSING_TABLE
from tests.health.well import counted, report, well

DOWN, DEGRADED, UNKNOWN, OK = Level.DOWN, Level.DEGRADED, Level.UNKNOWN, Level.OK
TABLE = {
    # webhooks: judged by numbers
    "one of forty failed": (well(webhooks=counted(deliveries=Deliveries(40, 1, 8, 1))), OK, "Healthy"),
    "ten per cent": (well(webhooks=counted(deliveries=Deliveries(40, 4, 8, 0))), OK, "Healthy"),
    "more than ten per cent": (
        well(webhooks=counted(deliveries=Deliveries(40, 5, 8, 0))),
        DEGRADED,
        "Degraded: webhooks failing",
    ),
    "more than five": (
        well(webhooks=counted(deliveries=Deliveries(900, 6, 8, 0))),
        DEGRADED,
        "Degraded: webhooks failing",
    ),
    "none gets through": (
        well(webhooks=counted(deliveries=Deliveries(40, 8, 8, 8))),
        DOWN,
        "Webhook processing stopped",
    ),
    "too few to say stopped": (
        well(webhooks=counted(deliveries=Deliveries(4, 4, 4, 4))),
        DEGRADED,
        "Degraded: webhooks failing",
    ),
    "the word healthy changes nothing": (
        well(
            wallet=report(webhooks=WebhooksSeen(status="healthy", recent=40, failed=0)),
            webhooks=counted(deliveries=Deliveries(40, 8, 8, 8)),
        ),
        DOWN,
        "Webhook processing stopped",
    ),
    "the word unknown changes nothing": (well(wallet=report(webhooks=WebhooksSeen(status="unknown"))), OK, "Healthy"),
    "five wrong signatures are noise": (well(webhooks=counted(suspicions=Suspicions(5, 5, 0))), OK, "Healthy"),
    "wrong signatures": (
        well(webhooks=counted(suspicions=Suspicions(6, 2, 0))),
        DEGRADED,
        "Degraded: wrong signatures",
    ),
    "a signature attack": (
        well(webhooks=counted(suspicions=Suspicions(30, 21, 0))),
        DEGRADED,
        "Degraded: signature attack",
    ),
    "every webhook refused": (
        well(webhooks=counted(events=Events(0, 900, 4000.0), suspicions=Suspicions(30, 3, 0))),
        DOWN,
        "Every webhook refused",
    ),
    "quiet for 30 minutes": (well(webhooks=counted(events=Events(20, 900, 1800.0))), OK, "Healthy"),
    "quiet for longer": (
        well(webhooks=counted(events=Events(20, 900, 1801.0))),
        DEGRADED,
        "Degraded: webhooks silent",
    ),
    "quiet as usual on a small wallet": (well(webhooks=counted(events=Events(0, 12, 4 * 3600.0))), OK, "Healthy"),
    "never a webhook yet": (well(webhooks=counted(events=Events(0, 0, None))), UNKNOWN, "Unknown: no webhook ever"),
    "no webhook for days": (
        well(webhooks=counted(events=Events(0, 0, 3 * 86400.0))),
        UNKNOWN,
        "Unknown: no webhook for 3 days",
    ),
    "a table is missing": (
        well(webhooks=counted(suspicions=MISSING_TABLE)),
        UNKNOWN,
        "Unknown: webhook numbers not known",
    ),
    # security
    "one high-risk event": (
        well(webhooks=counted(suspicions=Suspicions(0, 0, 1))),
        DEGRADED,
        "Degraded: high-risk event",
    ),
    "five": (well(webhooks=counted(suspicions=Suspicions(0, 0, 5))), DEGRADED, "Degraded: high-risk event"),
    "six": (well(webhooks=counted(suspicions=Suspicions(0, 0, 6))), DOWN, "Security alarm"),
    "by the wallet's own count": (
        well(wallet=report(security=SecuritySeen(high_risk=6)), webhooks=FAILED),
        DOWN,
        "Security alarm",
    ),
    "many in a day": (
        well(wallet=report(status="degraded", security=SecuritySeen(high_risk=10))),
        DEGRADED,
        "Degraded: high-risk events",
    ),
}


@pytest.mark.parametrize(("answers", "level", "line"), TABLE.values(), ids=TABLE)
def test_the_verdict(is_judged, answers, level, line):
    is_judged(answers, level, line)
