"""Answers of a wallet that is not well, and failures to answer."""

from typing import Any

from bot.clients.errors import DatabaseAway, FunctionRefused, ServerFailed, SqlFailed, TooLate
from bot.clients.wallet import DatabaseSeen
from bot.health.answers import ProjectSeen
from tests.health.well import SUPABASE, WALLET, counted

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
