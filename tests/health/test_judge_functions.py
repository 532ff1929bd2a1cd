"""The judgement as a table: the wallet's endpoint, the functions, their secrets."""

import pytest

from bot.clients.errors import NameUnknown, NobodyThere, NotJson, NotProven, OwnFault, ServerFailed, TooMany, WrongShape
from bot.clients.wallet import Health, Pulse
from bot.health.judgement import Level
from tests.health.ill import JWT, LATE, NO_BLOB, connected
from tests.health.well import REPORT, SECRETS, WALLET, function, functions, report, well

DOWN, DEGRADED, UNKNOWN, OK = Level.DOWN, Level.DEGRADED, Level.UNKNOWN, Level.OK
TABLE = {
    # the wallet's endpoint
    "as slow as allowed": (well(wallet=Health(REPORT, 2.0)), OK, "Healthy"),
    "slow": (well(wallet=Health(REPORT, 2.1)), DEGRADED, "Degraded: wallet slow"),
    "far too slow": (well(wallet=Health(REPORT, 5.1)), DOWN, "Wallet far too slow"),
    "degraded, no number says why": (
        well(wallet=report(status="degraded")),
        DEGRADED,
        "Degraded: wallet calls itself unwell",
    ),
    "the word is bad, latency says why": (
        well(wallet=report(status="degraded", database=connected(1200))),
        DEGRADED,
        "Degraded: database slow",
    ),
    "the word is good, a number is bad": (
        well(wallet=report(secrets=SECRETS | {"ALERT_EMAIL": False})),
        DEGRADED,
        "Degraded: ALERT_EMAIL not seen",
    ),
    "unreachable, others are heard": (well(wallet=LATE, functions=functions(pulse=LATE)), DOWN, "Wallet unreachable"),
    "only health hangs": (well(wallet=LATE), DOWN, "Function health does not answer"),
    "refused": (
        well(wallet=NobodyThere(WALLET), functions=functions(pulse=NobodyThere(WALLET))),
        DOWN,
        "Wallet unreachable",
    ),
    "DNS": (
        well(wallet=NameUnknown(WALLET), functions=functions(pulse=NameUnknown(WALLET))),
        DOWN,
        "Wallet unreachable",
    ),
    "TLS": (
        well(wallet=NotProven(WALLET, "expired"), functions=functions(pulse=NotProven(WALLET, "expired"))),
        DOWN,
        "Wallet unreachable",
    ),
    "too many questions is our own doing": (
        well(wallet=TooMany(WALLET, 5)),
        UNKNOWN,
        "Unknown: the wallet's /health not known",
    ),
    "an answer without sense": (well(wallet=NotJson(WALLET, 200)), UNKNOWN, "Unknown: the wallet's /health not known"),
    "a shape nobody knows": (
        well(wallet=WrongShape(WALLET, "database", "no")),
        UNKNOWN,
        "Unknown: the wallet's /health not known",
    ),
    "health fails": (
        well(wallet=ServerFailed(WALLET, 500, "It failed (500).", "Logs.")),
        DOWN,
        "Function health fails",
    ),
    "health not invokable though listed": (well(wallet=NO_BLOB), DOWN, "Function health not invokable"),
    "health asks for a JWT": (well(wallet=JWT), DEGRADED, "Degraded: function health asks for a JWT"),
    "a fault of the bot is no outage": (
        well(wallet=OwnFault(WALLET, "KeyError")),
        UNKNOWN,
        "Unknown: the wallet's /health not known",
    ),
    # functions
    "verify_jwt cuts Circle off": (
        well(functions=functions(function("payments-circle-webhook", verify_jwt=True))),
        DOWN,
        "Circle is cut off",
    ),
    "the platform asks Circle for a JWT": (well(functions=functions(pulse=JWT)), DOWN, "Circle is cut off"),
    "verify_jwt on health": (
        well(functions=functions(function("health", verify_jwt=True))),
        DEGRADED,
        "Degraded: function health has verify_jwt on",
    ),
    "verify_jwt not told, the probe answered": (
        well(functions=functions(function("payments-circle-webhook", verify_jwt=None))),
        OK,
        "Healthy",
    ),
    "ACTIVE but not invokable": (
        well(functions=functions(pulse=NO_BLOB)),
        DOWN,
        "Function payments-circle-webhook not invokable",
    ),
    "the webhook function hangs": (
        well(functions=functions(pulse=LATE)),
        DOWN,
        "Function payments-circle-webhook does not answer",
    ),
    "the webhook function is too busy to say": (
        well(functions=functions(pulse=TooMany(WALLET, 3))),
        UNKNOWN,
        "Unknown: functions not known",
    ),
    "the probe is answered otherwise": (
        well(functions=functions(pulse=Pulse(200, 0.1))),
        DEGRADED,
        "Degraded: function payments-circle-webhook answers strangely",
    ),
    "webhook function missing": (
        well(functions=functions(without=["payments-circle-webhook"], pulse=NO_BLOB)),
        DOWN,
        "Function payments-circle-webhook missing",
    ),
    "an optional one missing": (well(functions=functions(without=["withdraw-funds"])), OK, "Healthy"),
    "webhook function throttled": (
        well(functions=functions(function("payments-circle-webhook", "THROTTLED"))),
        DOWN,
        "Function payments-circle-webhook throttled",
    ),
    "another one throttled": (
        well(functions=functions(function("withdraw-funds", "THROTTLED", verify_jwt=True))),
        DEGRADED,
        "Degraded: Function withdraw-funds throttled",
    ),
    "a status nobody knows": (
        well(functions=functions(function("withdraw-funds", "ASLEEP"))),
        UNKNOWN,
        "Unknown: Function withdraw-funds asleep",
    ),
    # secrets
    "missing": (
        well(secrets=frozenset({"ALERT_EMAIL", "CIRCLE_WEBHOOK_SECRET"}), wallet=report(secrets={})),
        DEGRADED,
        "Degraded: CIRCLE_API_KEY missing",
    ),
    "removed, still seen": (
        well(secrets=frozenset({"CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET"})),
        DEGRADED,
        "Degraded: ALERT_EMAIL missing",
    ),
    "set, not seen": (
        well(wallet=report(status="degraded", secrets=SECRETS | {"CIRCLE_WEBHOOK_SECRET": False})),
        DEGRADED,
        "Degraded: CIRCLE_WEBHOOK_SECRET not seen",
    ),
}


@pytest.mark.parametrize(("answers", "level", "line"), TABLE.values(), ids=TABLE)
def test_the_verdict(is_judged, answers, level, line):
    is_judged(answers, level, line)
