"""What triage sees of three things that are well, to be spoiled one by one; and ways to spoil it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from bot.clients.errors import FunctionRefused
from bot.clients.status_page import Said
from bot.clients.supabase import Disk, ReadOnly, Secret
from bot.clients.wallet import DatabaseSeen
from bot.context import Target
from bot.deploys.record import Deployed
from bot.diagnosis.database import Connections, Lock
from bot.diagnosis.evidence import Seen
from bot.diagnosis.function_logs import Complaint, Outcome
from bot.health.answers import Events, Suspicions
from bot.registry import load
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
