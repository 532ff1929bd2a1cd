"""The card: what stands first, what a screen reader says, and that nothing from outside gets out of its place."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clients.errors import ServerFailed
from bot.clients.supabase import Project, Service
from bot.clients.wallet import Health
from bot.context import Caller, Target
from bot.health.answers import Answers, FunctionsSeen, Question
from bot.health.judge import judge
from bot.health.look import Checkup
from bot.health.memory import Memory
from bot.health.trend import trend
from bot.views.health import card
from store.views import Deploy, OpenIncident
from tests.health.well import REPORT, SUPABASE, WELL, function, report, services, well
from tests.problems import problems

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOUR = [(NOW - timedelta(minutes=3 * n), 45.0 + n % 3) for n in range(20, 0, -1)]


def checkup(answers=WELL, part=None, memory=None, target=None, user="U0ANA"):
    latency = answers.wallet.report.database if isinstance(answers.wallet, Health) else None
    return Checkup(
        target=target or Target("emolyyvmvvfjyxbguhyn", "aikeys-wallet", "eu-central-1"),
        caller=Caller(user, "C0OPS", frozenset({"viewer"}), NOW),
        part=part,
        answers=answers,
        judgement=judge(answers, part),
        memory=memory
        or Memory(
            response=trend("wallet", 50.0, HOUR, NOW),
            database=trend("database", latency.latency_ms if latency else None, HOUR, NOW),
        ),
        at=NOW,
        seconds=0.42,
    )


def words(message):
    """All texts of the card, in order."""
    return list(_texts(list(message.blocks)))


def _texts(part):
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if key == "text" and isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            yield from _texts(value)


def kinds(message):
    return [block["type"] for block in message.blocks]


def labels(message):
    return [each["text"]["text"] for each in message.blocks[-1]["elements"]]


def test_what_is_ill_is_not_praised_for_being_fast():
    shown = "\n".join(words(card(checkup(well(wallet=report(status="unhealthy", error="no database"))))))
    (line,) = (line for line in shown.splitlines() if "*Wallet* answers" in line)
    assert line.endswith(" ms")
    assert "*Wallet* answers, 50 ms, usual for the last hour" in "\n".join(words(card(checkup())))


def test_in_a_detail_names_are_code_and_words_are_words():
    shown = "\n".join(words(card(checkup(part="database"))))
    assert "As the wallet sees it: up" in shown
    assert "`as the" not in shown
    assert "`auth` healthy" in "\n".join(words(card(checkup(part="services"))))


def test_while_asking_there_is_one_calm_line():
    message = card(checkup(Answers(), memory=Memory()))
    assert words(message) == ["⏳ Asking 6 services…", "`emolyyvmvvfjyxbguhyn` · eu-central-1"]
    assert message.text == "⏳ Asking 6 services. Project emolyyvmvvfjyxbguhyn, eu-central-1."


def test_well_is_one_word_and_a_line_a_topic():
    message = card(checkup())
    assert words(message)[0] == "✅ Healthy"
    assert kinds(message) == ["header", "context", "section", "context", "actions"]
    shown = "\n".join(words(message))
    assert "connected, 45 ms, usual for the last hour" in shown
    assert "40 events in the last hour, none failed, last 2 min ago" in shown
    assert "6 services asked, all done in 420 ms" in shown
    assert labels(message) == ["Ask again", "Show logs"]


def test_the_fallback_of_a_healthy_card_reads_alone():
    text = card(checkup()).text
    assert text.startswith("✅ Healthy. Wallet: answers")
    assert text.endswith("Project emolyyvmvvfjyxbguhyn, eu-central-1.")


def test_what_is_wrong_comes_before_everything_else_with_what_to_do():
    message = card(checkup(well(services=services(auth="UNHEALTHY"), wallet=Health(REPORT, 6.0))))
    assert words(message)[0] == "⛔ Wallet far too slow"
    assert words(message)[2].startswith("⛔ *Wallet far too slow*\n/health took 6.0 s")
    assert "→ Ask again" in words(message)[2]
    assert words(message)[3].startswith("⚠️ *Service auth unhealthy*")
    assert message.text.startswith("⛔ Wallet far too slow. /health took 6.0 s; more than 5 s is critical. Ask again")


def test_a_single_thing_is_not_said_twice():
    message = card(checkup(well(services=services(auth="UNHEALTHY"))))
    assert words(message)[0] == "⚠️ Degraded: service auth unhealthy"
    assert words(message)[2].startswith("Supabase's service auth is unhealthy: nobody can sign in.\n→ Open <https://")


@pytest.mark.parametrize(
    ("answers", "sign", "word"),
    [
        (WELL, "✅", "Healthy"),
        (well(services=services(auth="UNHEALTHY")), "⚠️", "Degraded"),
        (well(wallet=Health(REPORT, 9.0)), "⛔", "Wallet far too slow"),
        (well(secrets=ServerFailed(SUPABASE, 500, "It failed.", "Ask.")), "❓", "Unknown"),
        (well(secrets=None), "⏳", "Nothing wrong so far"),
    ],
)
def test_a_state_is_a_shape_and_a_word(answers, sign, word):
    assert words(card(checkup(answers)))[0].startswith(f"{sign} {word}")


@pytest.mark.parametrize("part", ["database", "webhooks", "functions", "secrets", "services"])
def test_a_part_shows_its_detail_and_asks_for_itself_again(part):
    message = card(checkup(part=part))
    assert words(message)[0] == f"✅ {part.capitalize()} healthy"
    again = message.blocks[-1]["elements"][0]
    assert (again["value"], again["action_id"]) == (f"health {part}", f"aikeys:ask:health-{part}")
    assert ("data_visualization" in kinds(message)) is (part == "database")
    assert not problems(message)


def test_trouble_offers_its_detail_and_the_logs():
    assert labels(card(checkup(well(services=services(auth="UNHEALTHY"))))) == [
        "Ask again",
        "Services in detail",
        "Show logs",
    ]
    assert labels(card(checkup(well(services=services(auth="UNHEALTHY")), part="services"))) == [
        "Ask again",
        "Show logs",
    ]


def test_the_chart_comes_where_slowness_is_what_is_wrong():
    slower = Memory(response=trend("wallet", 210.0, HOUR, NOW), database=trend("database", 450.0, HOUR, NOW))
    message = card(checkup(memory=slower))
    assert "data_visualization" not in kinds(message)
    assert "connected, 450 ms, 9.8× the last hour's 46 ms" in "\n".join(words(message))

    slow = Memory(response=trend("wallet", 210.0, HOUR, NOW), database=trend("database", 501.0, HOUR, NOW))
    message = card(checkup(memory=slow))
    assert kinds(message) == ["header", "context", "section", "data_visualization", "context", "context", "actions"]


def test_a_card_that_waits_says_so_and_has_no_chart():
    message = card(checkup(well(secrets=None)))
    assert "This card is edited once more when the others have answered." in words(message)
    assert "data_visualization" not in kinds(message)


def test_the_last_deploy_and_open_incidents_are_on_it():
    memory = Memory(
        incidents=(OpenIncident("inc-1", "P0", "Database <!here> outage", "db", NOW - timedelta(hours=1), 7),),
        deploy=Deploy("health", 12, "abc", ok=False, at=NOW - timedelta(hours=2), actor="U0BEN", event_id=3),
    )
    shown = "\n".join(words(card(checkup(memory=memory))))
    assert "*Open incidents: 1*" in shown
    assert "P0 *Database &lt;!here&gt; outage* since <!date^" in shown
    assert "Last deploy: `health` version 12 2 h ago by <@U0BEN>, which failed" in shown


def test_many_incidents_and_no_memory():
    many = tuple(OpenIncident(f"i{n}", "P1", "x" * 500, f"k{n}", NOW, n) for n in range(40))
    message = card(checkup(memory=Memory(incidents=many)))
    assert "… and 35 more" in "\n".join(words(message))
    assert not problems(message)
    assert "My own memory could not be read" in "\n".join(words(card(checkup(memory=Memory(readable=False)))))


def test_a_thousand_functions_fit():
    listed = tuple(function(f"function-{n}", "THROTTLED" if n % 2 else "ACTIVE") for n in range(1000))
    message = card(checkup(well(functions=FunctionsSeen(listed, {})), part="functions"))
    assert not problems(message)
    assert len(message.blocks) <= 25
    assert any("more, no worse than these" in each for each in words(message))


HOSTILE = [
    "<!channel> <@U0ANA> <https://evil.example|click>",
    "*bold* _it_ ~no~ `code` ```",
    "\x1b[31mred\x1b[0m\x00",
    "\u202eright to left\u200b",
    "a\nb\r\nc\td",
    "&amp; <b>",
    "x" * 10_000,
    "'; drop table --",
    "",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("part", [None, "services", "functions", "database", "secrets"])
def test_hostile_values_stay_where_they_are(value, part):
    answers = replace(
        WELL,
        wallet=report(status=value, database=None, error=value),
        services=tuple(Service(name=each.name, status=value or "X", error=value) for each in services()),
        project=Project(name=value, region=value, status=value),
        functions=FunctionsSeen((function(value or "x"), function("health", value)), {}),
        secrets=ServerFailed(SUPABASE, 500, f"{value}.", f"{value}."),
    )
    message = card(checkup(answers, part, target=Target(value, value, value), user=value))
    assert not problems(message)
    everything = message.text + "\n".join(words(message))
    for pinging in ("<!channel>", "<@U0ANA>", "<https://evil", "\x1b", "\u202e", "\u200b", "\x00", "```"):
        assert pinging not in everything
    assert "*bold*" not in re.sub(r"`[^`\n]+`", "", everything), "in code style it is shown as it is"


@given(
    st.text(),
    st.text(),
    st.sampled_from([None, "database", "webhooks", "functions", "secrets", "services"]),
    st.sampled_from(list(Question)),
)
def test_no_text_of_a_failure_breaks_the_card(what, do, part, question):
    message = card(checkup(WELL.having(question, ServerFailed(SUPABASE, 500, what, do)), part))
    assert not problems(message)
    assert "<!channel" not in message.text
