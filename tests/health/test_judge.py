"""The judgement of all answers together: outages, blindness, what is awaited, what is never called well."""

import pytest

from bot.clients.errors import BrokenOff, NotAllowed, NotJson, OwnFault, Paused, TooMany
from bot.clients.wallet import Health, Pulse
from bot.health.answers import Answers, Events, FunctionsSeen, Question, Suspicions, WebhooksCounted
from bot.health.judge import judge
from bot.health.judgement import Level, Topic
from tests.health.ill import ALL_SILENT, AWAY, FAILED, FULL, GONE, LATE, MISSING_TABLE, NO_DATABASE, connected
from tests.health.well import REPORT, SUPABASE, WALLET, WELL, counted, functions, report, services, well

DOWN, DEGRADED, UNKNOWN, OK = Level.DOWN, Level.DEGRADED, Level.UNKNOWN, Level.OK
TABLE = {
    "all is well": (WELL, OK, "Healthy"),
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
def test_the_verdict(is_judged, answers, level, line):
    is_judged(answers, level, line)


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
