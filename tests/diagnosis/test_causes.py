"""Facts → causes, a row each: what is found, what stands first, and where nothing is claimed."""

from dataclasses import replace
from typing import Any

import pytest

from bot.clients.errors import NobodyThere, Paused, SqlFailed, TooLate
from bot.clients.supabase import Disk, Project, ReadOnly
from bot.command import Risk
from bot.diagnosis.causes import causes
from bot.diagnosis.database import Connections, Errors
from bot.diagnosis.judging_triage import judge
from bot.grammar import parse
from bot.health.answers import Deliveries, Events, Suspicions
from bot.health.judgement import Level
from bot.views.report import show
from tests.diagnosis.seen import (
    A_FUNCTION,
    ALL,
    DOWN,
    FAILING,
    MAJOR,
    NOW,
    REFUSED,
    SECRETS,
    SLOW,
    THE_DATABASE,
    THE_WEBHOOK,
    WEBHOOK,
    deployed,
    locked,
    outcomes,
    refused,
    secret,
)
from tests.health import well
from tests.problems import problems

Table = dict[str, tuple[dict[str, Any], str | None, Level]]  # what changed, the first cause, how bad


def probed(failure):
    return {"functions": well.functions(pulse=failure)}


ABOUT_THE_WEBHOOK: Table = {
    "all is well": ({}, None, Level.OK),
    "paused, by its status": (
        {"project": Project(name="x", region="y", status="INACTIVE")},
        "The project is paused",
        Level.DOWN,
    ),
    "paused, 540": ({"wallet": Paused(well.WALLET)}, "The project is paused", Level.DOWN),
    "no secret": ({"secrets": SECRETS[::2]}, "CIRCLE_WEBHOOK_SECRET is missing", Level.DOWN),
    "no key": ({"secrets": SECRETS[1:]}, "CIRCLE_API_KEY is missing", Level.DEGRADED),
    "just rotated": (
        {"secrets": [*SECRETS[::2], secret("CIRCLE_WEBHOOK_SECRET", 0.02)], "webhooks": REFUSED},
        "CIRCLE_WEBHOOK_SECRET was changed 28 min ago",
        Level.DOWN,
    ),
    "just rotated, and well": ({"secrets": [*SECRETS[::2], secret("CIRCLE_WEBHOOK_SECRET", 0.02)]}, None, Level.OK),
    "all refused": ({"webhooks": REFUSED}, "Every webhook of the last hour was refused", Level.DOWN),
    "attack": ({"webhooks": well.counted(suspicions=Suspicions(30, 25, 0))}, "Somebody posts webhooks", Level.DEGRADED),
    "noise": ({"webhooks": well.counted(suspicions=Suspicions(5, 5, 0))}, None, Level.OK),
    "verify_jwt flipped": (
        {"functions": well.functions(well.function(WEBHOOK, verify_jwt=True))},
        f"verify_jwt of {WEBHOOK} is on: Circle",
        Level.DOWN,
    ),
    "verify_jwt, by the probe": (
        probed(refused(WEBHOOK, "UNAUTHORIZED_NO_AUTH_HEADER", 401)),
        f"verify_jwt of {WEBHOOK} is on",
        Level.DOWN,
    ),
    "throttled": (
        {"functions": well.functions(well.function(WEBHOOK, "THROTTLED"), pulse=refused(WEBHOOK, "WORKER_LIMIT", 546))},
        "Supabase throttles the function",
        Level.DOWN,
    ),
    "not deployed": (
        {"functions": well.functions(without=[WEBHOOK])},
        f"The function {WEBHOOK} is not deployed",
        Level.DOWN,
    ),
    "no code": (
        probed(refused(WEBHOOK, "NOT_FOUND_FUNCTION_BLOB", 404)),
        "is listed, but cannot be invoked",
        Level.DOWN,
    ),
    "does not start": (probed(refused(WEBHOOK, "BOOT_ERROR", 503)), "does not start", Level.DOWN),
    "limits, by the probe": (probed(refused(WEBHOOK, "IDLE_TIMEOUT", 504)), "hits its limits", Level.DOWN),
    "hangs": (probed(TooLate(well.WALLET, 10)), "does not answer as it should", Level.DOWN),
    "limits, in the logs": ({"calls": outcomes(s200=90, s546=3)}, "Some calls of", Level.DEGRADED),
    "two at the limits": ({"calls": outcomes(s200=90, s546=2)}, None, Level.OK),
    "just deployed, and failing": (
        FAILING | {"deploys": (deployed(2),)},
        f"{WEBHOOK} was deployed 2 h ago, and it goes worse",
        Level.DEGRADED,
    ),
    "judged worse after three minutes": (
        {"deploys": (deployed(2, worse=True),)},
        f"{WEBHOOK} was deployed 2 h ago",
        Level.DEGRADED,
    ),
    "deployed, and well": ({"deploys": (deployed(2, worse=False),)}, None, Level.OK),
    "deployed long ago": (
        FAILING | {"deploys": (deployed(30, worse=True),)},
        f"Calls of {WEBHOOK} fail",
        Level.DEGRADED,
    ),
    "deliveries fail": (
        {"webhooks": well.counted(deliveries=Deliveries(40, 9, 9, 9))},
        "Storing events fails: 9 of 40",
        Level.DEGRADED,
    ),
    "silence": ({"webhooks": well.counted(events=Events(0, 900, 9000.0))}, "Circle sends nothing", Level.DEGRADED),
    "the database behind it": (FAILING | DOWN, "The database is down", Level.DOWN),
    "the full disk behind it": (
        FAILING | {"read_only": ReadOnly(enabled=True, lifted=False)},
        "The database is read-only",
        Level.DOWN,
    ),
    "theirs": ({"status": MAJOR}, "Supabase has an incident; nothing here", Level.DEGRADED),
    "their page is away: unknown": ({"status": NobodyThere(well.SUPABASE)}, None, Level.UNKNOWN),
}

ABOUT_THE_DATABASE: Table = {
    "the database is well": ({}, None, Level.OK),
    "down": (DOWN | {"services": well.services(db="UNHEALTHY")}, "The database is down", Level.DOWN),
    "down by their outage": (
        DOWN | {"services": well.services(db="UNHEALTHY"), "status": MAJOR},
        "Supabase has an incident, and it reaches us",
        Level.DOWN,
    ),
    "no connection left": (
        DOWN | {"connections": [Connections("service_role", 57, 50, 0, 57)]},
        "Connections are used up",
        Level.DOWN,
    ),
    "refused for too many": (
        DOWN | {"connections": SqlFailed(well.SUPABASE, "Too many.", "Look.", "53300")},
        "Connections are used up",
        Level.DOWN,
    ),
    "few left": (
        {"connections": [Connections("service_role", 50, 50, 0, 57)]},
        "Connections are nearly used up",
        Level.DEGRADED,
    ),
    "locked": (SLOW | {"locks": locked(61)}, "Statements wait for a lock", Level.DEGRADED),
    "slow": (SLOW | {"locks": locked(2)}, "The database is slow", Level.DEGRADED),
    "filling": ({"disk": Disk(size=100, used=93)}, "The disk is 93 % full", Level.DEGRADED),
    "full": (
        {"disk": Disk(size=100, used=96), "read_only": ReadOnly(enabled=True, lifted=False)},
        "The database is read-only",
        Level.DOWN,
    ),
    "errors": ({"errors": [Errors("ERROR", "57014", 60, "x")]}, "The database refuses statements", Level.DEGRADED),
}

ABOUT_A_FUNCTION: Table = {
    "nothing wrong, nothing proven": ({}, None, Level.UNKNOWN),
    "it was called": ({"calls": outcomes("withdraw-funds", s200=2)}, None, Level.OK),
    "removed": (
        {"functions": well.functions(well.function("withdraw-funds", "REMOVED"))},
        "The function withdraw-funds is removed",
        Level.DOWN,
    ),
    "fails": ({"calls": outcomes("withdraw-funds", s200=9, s500=9)}, "Calls of withdraw-funds fail", Level.DEGRADED),
    "health itself": (
        {"name": "health", "wallet": refused("health", "BOOT_ERROR", 503)},
        "The function health does not start",
        Level.DOWN,
    ),
}
TABLES = ((THE_WEBHOOK, ABOUT_THE_WEBHOOK), (THE_DATABASE, ABOUT_THE_DATABASE), (A_FUNCTION, ABOUT_A_FUNCTION))


@pytest.mark.parametrize(
    ("seen", "change", "first", "level"),
    [pytest.param(seen, *row, id=name) for seen, table in TABLES for name, row in table.items()],
)
def test_facts_lead_to_their_cause(seen, change, first, level):
    seen = replace(seen, **change)
    found = causes(seen)
    assert bool(found) is bool(first), found
    assert (first or "") in (found[0].what if found else "")
    report = judge(seen)
    assert report.level is level
    message = show(report)
    assert not problems(message)
    assert found == [] or report.verdict == found[0].what.rstrip(".")
    for _, line in report.also:
        assert parse(line, ALL).command.risk is Risk.READ, "a button asks, it never does"
    for step in report.steps:
        if " Type /aikeys " in step:
            assert parse(step.partition(" Type /aikeys ")[2], ALL).command.risk is not Risk.READ


def test_an_outage_is_not_blamed_on_a_deploy():
    worse = replace(THE_WEBHOOK, **FAILING, deploys=(deployed(2, worse=True),))
    assert "it goes worse since" in str(causes(worse))
    assert "it goes worse since" not in str(causes(replace(worse, **DOWN)))


def test_both_views_of_an_outage_are_evidence():
    (cause, *_) = causes(replace(THE_DATABASE, **DOWN))
    assert "As the wallet sees it: down. As Supabase sees it: up." in cause.evidence


def test_banned_addresses_are_asked_about_where_only_the_wallet_is_cut_off():
    cut = replace(THE_DATABASE, **DOWN, banned=["192.0.2.1"])
    assert "An address of ours may be banned from the database." in [one.what for one in causes(cut)]
    assert "192.0.2.1" not in str(judge(cut))


def test_changed_without_me_is_told_apart_from_my_own_deploy():
    function = well.function(WEBHOOK).model_copy(update={"updated_at": int((NOW.timestamp() - 600) * 1000)})
    (first, *_) = causes(replace(THE_WEBHOOK, **FAILING, functions=well.functions(function)))
    assert first.what == f"{WEBHOOK} was changed without me 10 min ago, and its calls fail."
    after_mine = replace(THE_WEBHOOK, **FAILING, functions=well.functions(function), deploys=(deployed(2),))
    assert "without me" in causes(after_mine)[0].what, "version 3 is live, and mine was 4"
    mine = replace(THE_WEBHOOK, **FAILING, functions=well.functions(function), under_way="Deploy x, is running")
    assert causes(mine)[0].what == f"Calls of {WEBHOOK} fail.", "a deploy of mine that is not over is not a stranger's"
    assert "Deploy x, is running" in str(show(judge(mine)))
