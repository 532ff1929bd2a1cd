"""Answers of a wallet that is well, to be spoiled one by one."""

from dataclasses import replace

from bot.clients.errors import Source
from bot.clients.supabase import SERVICES, Function, Project, Service
from bot.clients.wallet import DatabaseSeen, Health, Pulse, Report, SecuritySeen, WebhooksSeen
from bot.health.answers import Answers, Deliveries, Events, FunctionsSeen, Suspicions, WebhooksCounted

SUPABASE = Source("Supabase's Management API", "api.supabase.com", "emolyyvmvvfjyxbguhyn")
WALLET = Source("The wallet", "emolyyvmvvfjyxbguhyn.functions.supabase.co")

SECRETS = {"CIRCLE_API_KEY": True, "CIRCLE_WEBHOOK_SECRET": True, "ALERT_EMAIL": True}
REPORT = Report(
    status="healthy",
    database=DatabaseSeen(connected=True, latency_ms=45),
    secrets=SECRETS,
    webhooks=WebhooksSeen(status="healthy", recent=40, failed=1),
    security=SecuritySeen(high_risk=0),
)
COUNTED = WebhooksCounted(Events(40, 900, 120.0), Deliveries(40, 0, 8, 0), Suspicions(0, 0, 0))


def function(slug, status="ACTIVE", *, verify_jwt=False):
    return Function(id=f"id-{slug}", slug=slug, status=status, version=3, verify_jwt=verify_jwt)


ALIVE = Pulse(405, 0.1)


def functions(*changed, without=(), pulse=ALIVE):
    listed = {
        each.slug: each
        for each in (
            function("health"),
            function("payments-circle-webhook"),
            function("withdraw-funds", verify_jwt=True),
            *changed,
        )
    }
    return FunctionsSeen(
        tuple(each for slug, each in listed.items() if slug not in without), {"payments-circle-webhook": pulse}
    )


def services(**states):
    return tuple(Service(name=name, status=states.get(name, "ACTIVE_HEALTHY")) for name in SERVICES)


def report(**changes):
    return Health(REPORT.model_copy(update=changes), 0.2)


WELL = Answers(
    wallet=Health(REPORT, 0.2),
    project=Project(name="aikeys", region="eu-central-1", status="ACTIVE_HEALTHY"),
    services=services(),
    functions=functions(),
    secrets=frozenset(SECRETS),
    webhooks=COUNTED,
)


def well(**changes):
    return replace(WELL, **changes)


def counted(**changes):
    return replace(COUNTED, **changes)
