"""The judgement as a table: what was answered, how bad that is, and in which words."""

from typing import Any

import pytest

from bot.clients.errors import (
    BrokenOff,
    DatabaseAway,
    FunctionRefused,
    NameUnknown,
    NobodyThere,
    NotAllowed,
    NotJson,
    NotProven,
    OwnFault,
    Paused,
    ServerFailed,
    SqlFailed,
    TooLate,
    TooMany,
    WrongShape,
)
from bot.clients.supabase import Project
from bot.clients.wallet import DatabaseSeen, Health, Pulse, SecuritySeen, WebhooksSeen
from bot.health.answers import (
    Answers,
    Deliveries,
    Events,
    FunctionsSeen,
    ProjectSeen,
    Question,
    Suspicions,
    WebhooksCounted,
)
from bot.health.judge import judge
from bot.health.judgement import Level, Topic
from tests.health.well import (
    REPORT,
    SECRETS,
    SUPABASE,
    WALLET,
    WELL,
    counted,
    function,
    functions,
    report,
    services,
    well,
)

DOWN, DEGRADED, UNKNOWN, OK = Level.DOWN, Level.DEGRADED, Level.UNKNOWN, Level.OK
FAILED = ServerFailed(SUPABASE, 503, "Supabase's Management API failed (503).", "Ask again.")
AWAY = DatabaseAway(SUPABASE, 544, "Supabase could not reach the project's database in time (544).", "Look.")
LATE = TooLate(WALLET, 10)
MISSING_TABLE = SqlFailed(SUPABASE, "The database lacks a table (x).", "Are all migrations applied?", "42P01")
JWT = FunctionRefused(WALLET, 401, "It asks callers for a JWT (401 X).", "Off.", "UNAUTHORIZED_NO_AUTH_HEADER")
NO_BLOB = FunctionRefused(WALLET, 404, "Its code is missing (404 X).", "Deploy it again.", "NOT_FOUND_FUNCTION_BLOB")
GONE: dict[str, Any] = {
    "status": "unhealthy",
    "database": None,
    "secrets": {},
    "webhooks": None,
    "security": None,
    "error": "no route",
}
NO_DATABASE = counted(events=AWAY, deliveries=AWAY, suspicions=AWAY)
FULL = ProjectSeen(name="aikeys", region="eu-central-1", status="ACTIVE_HEALTHY", read_only=True)
ALL_SILENT = {"project": FAILED, "services": FAILED, "secrets": FAILED, "webhooks": FAILED}


def connected(latency):
    return DatabaseSeen(connected=True, latency_ms=latency)


TABLE = {
    "all is well": (WELL, OK, "Healthy"),
    # the database, from two vantage points
    "both say down": (
        well(wallet=report(**GONE), services=services(db="UNHEALTHY"), webhooks=NO_DATABASE),
        DOWN,
        "Database outage",
    ),
    "not connected, Supabase calls it healthy": (
        well(wallet=report(status="degraded", database=DatabaseSeen(connected=False))),
        DOWN,
        "Database outage",
    ),
    "only Supabase says down": (well(services=services(db="UNHEALTHY")), DEGRADED, "Degraded: database in doubt"),
    "wallet silent, Supabase says down": (
        well(wallet=LATE, services=services(db="UNHEALTHY"), functions=functions(pulse=LATE)),
        DOWN,
        "Database outage",
    ),
    "wallet says down, Supabase silent": (
        well(wallet=report(**GONE), services=FAILED, webhooks=FAILED),
        DOWN,
        "Database outage",
    ),
    "the disk is full": (well(project=FULL), DOWN, "Database read-only"),
    "the disk is full, and it is away": (well(project=FULL, wallet=report(**GONE)), DOWN, "Database outage"),
    "whether it takes writes may not be asked": (
        well(project=FULL.model_copy(update={"read_only": None})),
        OK,
        "Healthy",
    ),
    "starting": (well(services=services(db="COMING_UP")), DEGRADED, "Degraded: database starting"),
    "services silent, SQL answered": (well(services=FAILED), UNKNOWN, "Unknown: Supabase's services not known"),
    "latency at the limit": (well(wallet=report(database=connected(500))), OK, "Healthy"),
    "latency over the limit": (well(wallet=report(database=connected(501))), DEGRADED, "Degraded: database slow"),
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
    # blindness
    "Supabase silent, the wallet well": (
        well(**ALL_SILENT, functions=FunctionsSeen(FAILED, {"payments-circle-webhook": Pulse(405, 0.1)})),
        UNKNOWN,
        "Unknown: no answers from Supabase's Management API",
    ),
    "nothing can be reached: the bot's own network": (
        Answers(LATE, *[BrokenOff(SUPABASE)] * 5),
        UNKNOWN,
        "Unknown: the wallet's /health not known and no answers from Supabase's Management API",
    ),
    "one permission is missing": (
        well(secrets=NotAllowed(SUPABASE, 403, "It lacks x (403).", "Make one.", ("x",))),
        UNKNOWN,
        "Unknown: secrets not known",
    ),
    # the project
    "paused": (
        Answers(
            wallet=Paused(WALLET),
            project=Project(name="", region="", status="INACTIVE"),
            services=services(db="UNHEALTHY", auth="UNHEALTHY"),
            functions=functions(pulse=Paused(WALLET)),
            secrets=frozenset(SECRETS),
            webhooks=NO_DATABASE,
        ),
        DOWN,
        "Project paused",
    ),
    "restoring": (well(project=Project(name="", region="", status="RESTORING")), DOWN, "Project restoring"),
    "upgrading": (
        well(project=Project(name="", region="", status="UPGRADING")),
        DEGRADED,
        "Degraded: project upgrading",
    ),
    "a state nobody knows": (
        well(project=Project(name="", region="", status="DREAMING")),
        UNKNOWN,
        "Unknown: project dreaming",
    ),
    # services
    "two services": (
        well(services=services(auth="UNHEALTHY", rest="UNHEALTHY")),
        DEGRADED,
        "Degraded: services auth and rest unhealthy",
    ),
    "a service that starts": (
        well(services=services(storage="COMING_UP")),
        DEGRADED,
        "Degraded: service storage starting",
    ),
    "a service that is not in the answer": (
        well(services=services()[:-1]),
        UNKNOWN,
        "Unknown: service storage not known",
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
    # several at once
    "cause before symptom": (
        well(wallet=Health(REPORT.model_copy(update={"database": connected(1500), "status": "degraded"}), 3.0)),
        DEGRADED,
        "Degraded: database slow and wallet slow",
    ),
    "the worst first": (
        well(
            wallet=LATE,
            webhooks=counted(suspicions=Suspicions(0, 0, 6)),
            secrets=FAILED,
            functions=functions(pulse=LATE),
        ),
        DOWN,
        "Security alarm and Wallet unreachable",
    ),
}


@pytest.mark.parametrize(("answers", "level", "line"), TABLE.values(), ids=TABLE)
def test_the_verdict(answers, level, line):
    verdict = judge(answers)
    assert (verdict.line, verdict.level) == (line, level)
    assert (verdict.findings == ()) is (level is OK)
    for finding in verdict.findings:
        assert finding.what.endswith(".")
        assert finding.do.endswith((".", "?"))


def test_an_outage_names_what_falls_with_it_and_lists_it_once():
    answers = well(
        wallet=report(**GONE),
        services=services(db="UNHEALTHY", auth="UNHEALTHY", rest="UNHEALTHY"),
        webhooks=NO_DATABASE,
        secrets=frozenset(),
    )
    verdict = judge(answers)
    outage, *others = verdict.findings
    assert "With it: services auth and rest unhealthy." in outage.what
    assert "Its words: no route." in outage.what
    assert [each.topic for each in others] == [Topic.SECRETS] * 3
    seen = {each.topic: each for each in verdict.opinions}
    assert seen[Topic.FUNCTIONS].level is DEGRADED, "an answer to a probe is no proof while the database is away"
    assert "what needs the database fails" in seen[Topic.FUNCTIONS].says
    assert not any(each.level is OK for each in seen[Topic.FUNCTIONS].details)
    assert seen[Topic.WEBHOOKS].says == "not countable while the database is down"


def test_what_cannot_be_written_is_not_counted_as_well():
    opinions = {each.topic: each for each in judge(well(project=FULL)).opinions}
    assert opinions[Topic.WEBHOOKS].level is UNKNOWN
    assert "deliveries not known" in opinions[Topic.WEBHOOKS].says
    assert "what writes to the database fails" in opinions[Topic.FUNCTIONS].says


def test_no_function_of_a_paused_project_is_called_well():
    opinions = judge(well(wallet=Paused(WALLET), functions=functions(pulse=Paused(WALLET))), "functions").opinions
    (seen,) = (each for each in opinions if each.topic is Topic.FUNCTIONS)
    assert not any(each.level is OK for each in seen.details)
    assert seen.says.endswith("nothing runs of a paused project")


@pytest.mark.parametrize("part", ["webhooks", "functions", "secrets"])
def test_whatever_was_asked_an_outage_is_said(part):
    assert judge(well(wallet=report(**GONE), webhooks=NO_DATABASE), part).line == "Database outage"


def test_silence_is_said_once_whatever_it_cost():
    verdict = judge(well(**ALL_SILENT))
    assert len(verdict.findings) == 1
    assert "So not known: project status, Supabase's services, secrets and webhook numbers." in verdict.findings[0].what


def test_two_reasons_for_silence_are_two_findings():
    verdict = judge(well(services=FAILED, secrets=TooMany(SUPABASE, 30)))
    assert {each.title: each.do for each in verdict.findings} == {
        "Supabase's services not known": "Ask again.",
        "secrets not known": "Ask again in 30 s.",
    }


@pytest.mark.parametrize("question", list(Question))
def test_a_missing_answer_is_waited_for_and_named(question):
    verdict = judge(WELL.having(question, None))
    assert verdict.level is Level.WAITING
    assert verdict.line.startswith("Nothing wrong so far; waiting for ")
    assert len(verdict.missing) == 1


def test_what_is_known_to_be_wrong_is_said_while_others_are_awaited():
    verdict = judge(well(wallet=report(**GONE), secrets=None))
    assert verdict.line == "Database outage; waiting for secrets"
    assert verdict.level is DOWN


def test_nobody_has_answered_yet():
    verdict = judge(Answers())
    assert verdict.line == "Asking 6 services…"
    assert all(each.level is Level.WAITING for each in verdict.opinions)


@pytest.mark.parametrize("part", ["database", "webhooks", "functions", "secrets", "services"])
def test_a_part_is_judged_by_its_own_topic_first(part):
    verdict = judge(WELL, part)
    assert verdict.opinions[0].topic.lower() == part
    assert verdict.level is OK
    assert verdict.opinions[0].details


@pytest.mark.parametrize("question", list(Question))
@pytest.mark.parametrize(
    "failure",
    [
        LATE,
        FAILED,
        AWAY,
        MISSING_TABLE,
        TooMany(SUPABASE, None),
        NotJson(SUPABASE, 200),
        OwnFault(SUPABASE, "X"),
        Paused(SUPABASE),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_no_failure_of_any_question_is_ever_healthy_or_unexplained(question, failure):
    verdict = judge(WELL.having(question, failure))
    assert verdict.level in (UNKNOWN, DEGRADED, DOWN)
    assert any(failure.what.split(".")[0] in finding.what for finding in verdict.findings)


@pytest.mark.parametrize("field", ["events", "deliveries", "suspicions"])
@pytest.mark.parametrize("failure", [FAILED, MISSING_TABLE, AWAY])
def test_no_uncounted_number_is_ever_healthy(field, failure):
    assert judge(well(webhooks=counted(**{field: failure}))).level is UNKNOWN


def test_the_webhook_counts_hold_each_other_up():
    seen = WebhooksCounted(Events(40, 900, 60.0), MISSING_TABLE, Suspicions(0, 0, 6))
    assert judge(well(webhooks=seen)).line == "Security alarm"
