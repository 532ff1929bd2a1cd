"""The judgement as a table: the database, the project and its services, that all else stands on."""

import pytest

from bot.clients.errors import Paused
from bot.clients.supabase import Project
from bot.clients.wallet import DatabaseSeen
from bot.health.answers import Answers
from bot.health.judgement import Level
from tests.health.ill import FAILED, FULL, GONE, LATE, NO_DATABASE, connected
from tests.health.well import SECRETS, WALLET, functions, report, services, well

DOWN, DEGRADED, UNKNOWN, OK = Level.DOWN, Level.DEGRADED, Level.UNKNOWN, Level.OK
TABLE = {
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
}


@pytest.mark.parametrize(("answers", "level", "line"), TABLE.values(), ids=TABLE)
def test_the_verdict(is_judged, answers, level, line):
    is_judged(answers, level, line)
