"""Facts → causes, a row each: what is found, what stands first, and where nothing is claimed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.clients.errors import DatabaseAway, FunctionRefused, NobodyThere, NotReached, Paused, SqlFailed, TooLate
from bot.clients.status_page import Said
from bot.clients.supabase import Disk, Project, ReadOnly, Secret
from bot.clients.wallet import DatabaseSeen
from bot.command import Risk
from bot.context import Target
from bot.deploys.record import Deployed
from bot.diagnosis.causes import causes
from bot.diagnosis.database import Connections, Errors, Lock
from bot.diagnosis.evidence import Seen
from bot.diagnosis.function_logs import Complaint, Outcome
from bot.diagnosis.judging_triage import judge
from bot.grammar import parse
from bot.health.answers import Deliveries, Events, Suspicions
from bot.health.judgement import Level
from bot.registry import load
from bot.views.report import show
from playground.blockkit import check_message
from tests.health import well

NOW = datetime(2026, 3, 29, 12, 30, tzinfo=UTC)
WEBHOOK = "payments-circle-webhook"
ALL = load()
COMMANDS = frozenset(ALL)


def secret(name, days=30.0):
    at = (NOW - timedelta(days=days)).isoformat().replace("+00:00", "Z")
    return Secret(name=name, value=SecretStr("0" * 64), updated_at=at)


def deployed(hours, *, worse=None):
    return Deployed(
        WEBHOOK, 4, "abcdef1234567890", ok=True, at=NOW - timedelta(hours=hours), by="U0ANA", approved_by="U0BEN",
        command="deploy", verify_jwt=False, ezbr_sha256="", body="b", before_version=3, before_body="a",
        operation="operation/7", worse=worse,
    )  # fmt: skip


def outcomes(slug=WEBHOOK, **statuses):
    return [Outcome(f"id-{slug}", int(status[1:]), number) for status, number in statuses.items()]


def refused(slug, code, status):
    return FunctionRefused(well.WALLET, status, f"The function {slug} says {code}.", "Do.", code)


SECRETS = [secret("CIRCLE_API_KEY"), secret("CIRCLE_WEBHOOK_SECRET"), secret("ALERT_EMAIL")]
COMMON: dict[str, Any] = {
    "project": well.WELL.project,
    "wallet": well.WELL.wallet,
    "status": Said(indicator="none", description="All Systems Operational"),
    "read_only": ReadOnly(enabled=False, lifted=False),
}
TARGET = Target("emolyyvmvvfjyxbguhyn", "aikeys", "eu-central-1")
THE_WEBHOOK = Seen(
    TARGET, NOW, "webhook", WEBHOOK, commands=COMMANDS, functions=well.functions(), secrets=SECRETS,
    webhooks=well.COUNTED, calls=outcomes(s200=40), complaints=[], **COMMON,
)  # fmt: skip
THE_DATABASE = Seen(
    TARGET, NOW, "database", "", commands=COMMANDS, services=well.services(), disk=Disk(size=100, used=10),
    connections=[Connections("service_role", 9, 1, 0, 57)], locks=[], banned=[], errors=[], **COMMON,
)  # fmt: skip
A_FUNCTION = replace(THE_WEBHOOK, kind="function", name="withdraw-funds", webhooks=None, calls=[])

DOWN = {"wallet": well.report(database=DatabaseSeen(connected=False), status="unhealthy")}
SLOW = {"wallet": well.report(database=DatabaseSeen(connected=True, latency_ms=900))}
FAILING = {"calls": outcomes(s200=20, s500=20), "complaints": [Complaint(f"id-{WEBHOOK}", "TypeError: amount", 20)]}
REFUSED = well.counted(events=Events(0, 900, 4000.0), suspicions=Suspicions(30, 3, 0))
MAJOR = Said(indicator="major", description="Partial System Outage")


def locked(seconds):
    return [Lock(11, "service_role", seconds, "update x", 12, "postgres", "idle in transaction", "lock table x")]


@pytest.mark.parametrize(
    ("seen", "change", "first", "level"),
    [
        pytest.param(THE_WEBHOOK, {}, None, Level.OK, id="all is well"),
        pytest.param(
            THE_WEBHOOK,
            {"project": Project(name="x", region="y", status="INACTIVE")},
            "The project is paused",
            Level.DOWN,
            id="paused, by its status",
        ),
        pytest.param(
            THE_WEBHOOK, {"wallet": Paused(well.WALLET)}, "The project is paused", Level.DOWN, id="paused, 540"
        ),
        pytest.param(
            THE_WEBHOOK, {"secrets": SECRETS[::2]}, "CIRCLE_WEBHOOK_SECRET is missing", Level.DOWN, id="no secret"
        ),
        pytest.param(THE_WEBHOOK, {"secrets": SECRETS[1:]}, "CIRCLE_API_KEY is missing", Level.DEGRADED, id="no key"),
        pytest.param(
            THE_WEBHOOK,
            {"secrets": [*SECRETS[::2], secret("CIRCLE_WEBHOOK_SECRET", 0.02)], "webhooks": REFUSED},
            "CIRCLE_WEBHOOK_SECRET was changed 28 min ago",
            Level.DOWN,
            id="just rotated",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"secrets": [*SECRETS[::2], secret("CIRCLE_WEBHOOK_SECRET", 0.02)]},
            None,
            Level.OK,
            id="just rotated, and well",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"webhooks": REFUSED},
            "Every webhook of the last hour was refused",
            Level.DOWN,
            id="all refused",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"webhooks": well.counted(suspicions=Suspicions(30, 25, 0))},
            "Somebody posts webhooks",
            Level.DEGRADED,
            id="attack",
        ),
        pytest.param(
            THE_WEBHOOK, {"webhooks": well.counted(suspicions=Suspicions(5, 5, 0))}, None, Level.OK, id="noise"
        ),
        pytest.param(
            THE_WEBHOOK,
            {"functions": well.functions(well.function(WEBHOOK, verify_jwt=True))},
            f"verify_jwt of {WEBHOOK} is on: Circle",
            Level.DOWN,
            id="verify_jwt flipped",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"functions": well.functions(pulse=refused(WEBHOOK, "UNAUTHORIZED_NO_AUTH_HEADER", 401))},
            f"verify_jwt of {WEBHOOK} is on",
            Level.DOWN,
            id="verify_jwt, by the probe",
        ),
        pytest.param(
            THE_WEBHOOK,
            {
                "functions": well.functions(
                    well.function(WEBHOOK, "THROTTLED"), pulse=refused(WEBHOOK, "WORKER_LIMIT", 546)
                )
            },
            "Supabase throttles the function",
            Level.DOWN,
            id="throttled",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"functions": well.functions(without=[WEBHOOK])},
            f"The function {WEBHOOK} is not deployed",
            Level.DOWN,
            id="not deployed",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"functions": well.functions(pulse=refused(WEBHOOK, "NOT_FOUND_FUNCTION_BLOB", 404))},
            "is listed, but cannot be invoked",
            Level.DOWN,
            id="no code",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"functions": well.functions(pulse=refused(WEBHOOK, "BOOT_ERROR", 503))},
            "does not start",
            Level.DOWN,
            id="does not start",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"functions": well.functions(pulse=refused(WEBHOOK, "IDLE_TIMEOUT", 504))},
            "hits its limits",
            Level.DOWN,
            id="limits, by the probe",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"functions": well.functions(pulse=TooLate(well.WALLET, 10))},
            "does not answer as it should",
            Level.DOWN,
            id="hangs",
        ),
        pytest.param(
            THE_WEBHOOK, {"calls": outcomes(s200=90, s546=3)}, "Some calls of", Level.DEGRADED, id="limits, in the logs"
        ),
        pytest.param(THE_WEBHOOK, {"calls": outcomes(s200=90, s546=2)}, None, Level.OK, id="two at the limits"),
        pytest.param(
            THE_WEBHOOK,
            FAILING | {"deploys": (deployed(2),)},
            f"{WEBHOOK} was deployed 2 h ago, and it goes worse",
            Level.DEGRADED,
            id="just deployed, and failing",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"deploys": (deployed(2, worse=True),)},
            f"{WEBHOOK} was deployed 2 h ago",
            Level.DEGRADED,
            id="judged worse after three minutes",
        ),
        pytest.param(THE_WEBHOOK, {"deploys": (deployed(2, worse=False),)}, None, Level.OK, id="deployed, and well"),
        pytest.param(
            THE_WEBHOOK,
            FAILING | {"deploys": (deployed(30, worse=True),)},
            f"Calls of {WEBHOOK} fail",
            Level.DEGRADED,
            id="deployed long ago",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"webhooks": well.counted(deliveries=Deliveries(40, 9, 9, 9))},
            "Storing events fails: 9 of 40",
            Level.DEGRADED,
            id="deliveries fail",
        ),
        pytest.param(
            THE_WEBHOOK,
            {"webhooks": well.counted(events=Events(0, 900, 9000.0))},
            "Circle sends nothing",
            Level.DEGRADED,
            id="silence",
        ),
        pytest.param(THE_WEBHOOK, FAILING | DOWN, "The database is down", Level.DOWN, id="the database behind it"),
        pytest.param(
            THE_WEBHOOK,
            FAILING | {"read_only": ReadOnly(enabled=True, lifted=False)},
            "The database is read-only",
            Level.DOWN,
            id="the full disk behind it",
        ),
        pytest.param(
            THE_WEBHOOK, {"status": MAJOR}, "Supabase has an incident; nothing here", Level.DEGRADED, id="theirs"
        ),
        pytest.param(
            THE_WEBHOOK, {"status": NobodyThere(well.SUPABASE)}, None, Level.UNKNOWN, id="their page is away: unknown"
        ),
        pytest.param(THE_DATABASE, {}, None, Level.OK, id="the database is well"),
        pytest.param(
            THE_DATABASE,
            DOWN | {"services": well.services(db="UNHEALTHY")},
            "The database is down",
            Level.DOWN,
            id="down",
        ),
        pytest.param(
            THE_DATABASE,
            DOWN | {"services": well.services(db="UNHEALTHY"), "status": MAJOR},
            "Supabase has an incident, and it reaches us",
            Level.DOWN,
            id="down by their outage",
        ),
        pytest.param(
            THE_DATABASE,
            DOWN | {"connections": [Connections("service_role", 57, 50, 0, 57)]},
            "Connections are used up",
            Level.DOWN,
            id="no connection left",
        ),
        pytest.param(
            THE_DATABASE,
            DOWN | {"connections": SqlFailed(well.SUPABASE, "Too many.", "Look.", "53300")},
            "Connections are used up",
            Level.DOWN,
            id="refused for too many",
        ),
        pytest.param(
            THE_DATABASE,
            {"connections": [Connections("service_role", 50, 50, 0, 57)]},
            "Connections are nearly used up",
            Level.DEGRADED,
            id="few left",
        ),
        pytest.param(
            THE_DATABASE, SLOW | {"locks": locked(61)}, "Statements wait for a lock", Level.DEGRADED, id="locked"
        ),
        pytest.param(THE_DATABASE, SLOW | {"locks": locked(2)}, "The database is slow", Level.DEGRADED, id="slow"),
        pytest.param(
            THE_DATABASE, {"disk": Disk(size=100, used=93)}, "The disk is 93 % full", Level.DEGRADED, id="filling"
        ),
        pytest.param(
            THE_DATABASE,
            {"disk": Disk(size=100, used=96), "read_only": ReadOnly(enabled=True, lifted=False)},
            "The database is read-only",
            Level.DOWN,
            id="full",
        ),
        pytest.param(
            THE_DATABASE,
            {"errors": [Errors("ERROR", "57014", 60, "x")]},
            "The database refuses statements",
            Level.DEGRADED,
            id="errors",
        ),
        pytest.param(A_FUNCTION, {}, None, Level.UNKNOWN, id="nothing wrong, nothing proven"),
        pytest.param(A_FUNCTION, {"calls": outcomes("withdraw-funds", s200=2)}, None, Level.OK, id="it was called"),
        pytest.param(
            A_FUNCTION,
            {"functions": well.functions(well.function("withdraw-funds", "REMOVED"))},
            "The function withdraw-funds is removed",
            Level.DOWN,
            id="removed",
        ),
        pytest.param(
            A_FUNCTION,
            {"calls": outcomes("withdraw-funds", s200=9, s500=9)},
            "Calls of withdraw-funds fail",
            Level.DEGRADED,
            id="fails",
        ),
        pytest.param(
            replace(A_FUNCTION, name="health"),
            {"wallet": refused("health", "BOOT_ERROR", 503)},
            "The function health does not start",
            Level.DOWN,
            id="health itself",
        ),
    ],
)
def test_facts_lead_to_their_cause(seen, change, first, level):
    seen = replace(seen, **change)
    found = causes(seen)
    assert bool(found) is bool(first), found
    assert (first or "") in (found[0].what if found else "")
    report = judge(seen)
    assert report.level is level
    message = show(report)
    assert not check_message({"text": message.text, "blocks": list(message.blocks)})
    assert found == [] or report.verdict == found[0].what.rstrip(".")
    for _, line in report.also:
        assert parse(line, ALL).command.risk is Risk.READ, "a button asks, it never does"
    for step in report.steps:
        if " Type /aikeys " in step:
            assert parse(step.partition(" Type /aikeys ")[2], ALL).command.risk is not Risk.READ


def test_both_views_of_an_outage_are_evidence():
    (cause, *_) = causes(replace(THE_DATABASE, **DOWN))
    assert "As the wallet sees it: down. As Supabase sees it: up." in cause.evidence


def test_banned_addresses_are_asked_about_where_only_the_wallet_is_cut_off():
    cut = replace(THE_DATABASE, **DOWN, banned=["192.0.2.1"])
    assert "An address of ours may be banned from the database." in [one.what for one in causes(cut)]
    assert "192.0.2.1" not in str(judge(cut))


def test_a_deploy_can_be_rolled_back_by_a_button_and_other_changes_are_typed():
    report = judge(replace(THE_WEBHOOK, **FAILING, deploys=(deployed(2),)))
    assert report.way_back == "operation/7"
    assert any(step.endswith(f"Type /aikeys rollback {WEBHOOK}") for step in report.steps)
    assert "Calls of" not in str(report.groups), "what is seen is no cause where one is found"
    assert "Its errors" in [label for label, _ in report.also]
    assert not any("deploy " in line or "rollback" in line for _, line in report.also)


def test_a_button_leads_to_no_command_that_the_bot_lacks():
    report = judge(replace(THE_WEBHOOK, **FAILING, commands=frozenset({"security"})))
    assert report.also == ()
    assert not any("Type /aikeys" in step for step in report.steps)


def test_changed_without_me_is_told_apart_from_my_own_deploy():
    function = well.function(WEBHOOK).model_copy(update={"updated_at": int((NOW.timestamp() - 600) * 1000)})
    (first, *_) = causes(replace(THE_WEBHOOK, **FAILING, functions=well.functions(function)))
    assert first.what == f"{WEBHOOK} was changed without me 10 min ago, and its calls fail."
    after_mine = replace(THE_WEBHOOK, **FAILING, functions=well.functions(function), deploys=(deployed(2),))
    assert "without me" in causes(after_mine)[0].what, "version 3 is live, and mine was 4"
    mine = replace(THE_WEBHOOK, **FAILING, functions=well.functions(function), under_way="Deploy x, is running")
    assert causes(mine)[0].what == f"Calls of {WEBHOOK} fail.", "a deploy of mine that is not over is not a stranger's"
    assert "Deploy x, is running" in str(show(judge(mine)))


def test_what_a_function_says_pings_nobody_and_tells_no_address():
    said = [Complaint(f"id-{WEBHOOK}", "<!channel> `x` zoe@example.com from 198.51.100.7 \x1b[31m", 20)]
    whole = str(show(judge(replace(THE_WEBHOOK, **FAILING | {"complaints": said}))))
    for hostile in ("<!channel>", "zoe@example.com", "198.51.100.7", "\x1b"):
        assert hostile not in whole


def test_what_a_cause_explains_is_not_told_a_second_time_as_a_gap():
    away = DatabaseAway(well.SUPABASE, 544, "No database (544).", "Wait.")
    down = replace(THE_DATABASE, **DOWN, services=well.services(db="UNHEALTHY"), connections=away, locks=away)
    assert str(judge(down)).count("No database (544)") == 1
    assert isinstance(TooLate(well.WALLET, 10), NotReached)


def test_what_could_not_be_asked_stands_below_the_cause_and_contradicts_nothing():
    gone = NobodyThere(well.SUPABASE)
    report = judge(replace(THE_DATABASE, **DOWN, services=well.services(db="UNHEALTHY"), disk=gone))
    (checked,) = report.below
    assert not report.wrong
    assert "So not known: the disk." in str(checked)
    assert "not known while it is down" in str(checked)
    assert judge(replace(THE_DATABASE, disk=gone)).wrong, "where nothing is found that is the news"


@pytest.mark.parametrize("seen", [replace(THE_WEBHOOK, **DOWN), replace(THE_WEBHOOK, **FAILING, **SLOW)])
def test_only_steps_of_what_was_found(seen):
    steps = {step.words for cause in causes(seen) for step in cause.steps}
    report = judge(seen)
    assert report.steps
    assert set(report.steps) <= steps
    assert "dashboard, and set it" not in str(report), "nothing speaks against the secret"
    assert not any("If it still fails" in group.title for group in report.below)


def test_where_nothing_can_be_written_failed_deliveries_are_not_countable():
    full = judge(replace(THE_WEBHOOK, read_only=ReadOnly(enabled=True, lifted=False)))
    (line,) = (one for one in full.below[0].lines if one.name == "Deliveries:")
    assert (line.level, line.says) == (Level.UNKNOWN, "not countable while nothing can be written")


def test_a_paused_project_explains_why_nothing_answers():
    strange = SqlFailed(well.SUPABASE, "It answered 400.", "Tell who looks after the bot.", "")
    paused = Project(name="x", region="y", status="INACTIVE")
    report = judge(replace(THE_DATABASE, project=paused, connections=strange))
    assert "Tell who" not in str(report)
    assert "not known: the project is paused" in str(report)


def test_a_column_that_is_not_there_leads_to_the_migrations():
    said = [Complaint(f"id-{WEBHOOK}", 'column "risk_checked" does not exist', 9)]
    report = judge(replace(THE_WEBHOOK, webhooks=well.counted(deliveries=Deliveries(40, 9, 9, 9)), complaints=said))
    assert ("Migrations", "migrations") in report.also


@pytest.mark.parametrize("seen", [THE_WEBHOOK, THE_DATABASE, A_FUNCTION])
def test_a_good_day_gives_no_orders(seen):
    report = judge(seen)
    assert report.steps == ()
    checked, rest = report.below
    assert (checked.title, rest.title) == ("Checked", "If it still fails where you are")
    assert rest.lines
    assert not any(word in str(rest) for word in ("set it to", "Deploy it", "rollback"))
    assert report.also, "where to look is still a press away"
