"""Whatever JSON comes back: a model or a Failure, a judgement, a card that Slack takes. Nothing else."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clients.errors import Failure
from bot.clients.http import Answer
from bot.clients.supabase import Function, Project, Secret, Service
from bot.clients.wallet import Health, Report
from bot.health.answers import FunctionsSeen, Question
from bot.health.judge import judge
from bot.health.judgement import Level
from bot.views.health import card
from tests.health.test_card import checkup
from tests.health.well import SUPABASE, WALLET, WELL
from tests.problems import problems

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["health", "payments-circle-webhook", "db", "auth", "CIRCLE_API_KEY"]) | st.text()
STATES = st.sampled_from(["ACTIVE", "ACTIVE_HEALTHY", "UNHEALTHY", "INACTIVE", "healthy", "unhealthy"]) | st.text()
REPORTS = st.fixed_dictionaries(
    {"status": STATES},
    optional={
        "error": st.text() | JSON,
        "database": st.fixed_dictionaries({"connected": st.booleans()}, optional={"latency_ms": st.floats() | JSON})
        | JSON,
        "secrets": st.dictionaries(NAMES, st.booleans(), max_size=4) | JSON,
        "webhooks": st.fixed_dictionaries({}, optional={"recentWebhooks": st.integers(), "lastWebhookTime": JSON})
        | JSON,
        "security": st.fixed_dictionaries({}, optional={"recentHighRiskEvents": st.integers()}) | JSON,
    },
)
FUNCTIONS = st.lists(
    st.fixed_dictionaries(
        {"id": st.text(), "slug": NAMES, "status": STATES, "version": st.integers()},
        optional={"verify_jwt": st.booleans() | st.none() | JSON},
    )
    | JSON,
    max_size=4,
)
SERVICES = st.lists(
    st.fixed_dictionaries({"name": NAMES, "status": STATES}, optional={"error": JSON}) | JSON, max_size=4
)
PROJECTS = st.fixed_dictionaries({"name": st.text(), "region": st.text(), "status": STATES}) | JSON


def read(source, shape, body) -> Any:
    """As a client would: the model, or the Failure."""
    return bytes_read(shape, json.dumps(body).encode(), source)


def bytes_read(shape, body: bytes, source=WALLET) -> Any:
    try:
        return Answer(source, 200, {}, body, 0.1).read(shape)
    except Failure as failure:
        return failure


def taken(answers, part=None):
    message = card(checkup(answers, part))
    assert not problems(message)
    assert not any(pinging in message.text for pinging in ("<!channel", "<!here", "<@"))


@settings(max_examples=400)
@given(REPORTS, st.sampled_from([None, "database", "webhooks", "functions", "secrets"]))
def test_any_report_of_the_wallet(body, part):
    report = read(WALLET, Report, body)
    answers = WELL.having(Question.WALLET, report if isinstance(report, Failure) else Health(report, 0.2))
    taken(answers, part)
    if isinstance(report, Failure) or report.status != "healthy":
        assert judge(answers).level > Level.WAITING  # never healthy without a whole and healthy report


@settings(max_examples=400)
@given(FUNCTIONS, SERVICES, PROJECTS, st.sampled_from([None, "functions", "services", "database"]))
def test_any_answer_of_the_management_api(functions, services, project, part):
    listed = read(SUPABASE, list[Function], functions)
    seen = read(SUPABASE, list[Service], services)
    answers = (
        WELL.having(Question.FUNCTIONS, FunctionsSeen(listed if isinstance(listed, Failure) else tuple(listed), {}))
        .having(Question.SERVICES, seen if isinstance(seen, Failure) else tuple(seen))
        .having(Question.PROJECT, read(SUPABASE, Project, project))
    )
    taken(answers, part)
    assert judge(answers).level > Level.WAITING  # at most four of the six services were there


@given(st.binary())
def test_any_bytes_are_an_answer_or_a_failure(body):
    for shape in (Report, Project, list[Function], list[Secret], dict[str, Any]):
        understood = bytes_read(shape, body)
        assert not isinstance(understood, Failure) or (understood.what and understood.do)
