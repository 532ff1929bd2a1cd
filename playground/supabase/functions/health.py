"""The wallet's `health` function, deciding as the real one does (its public documents of 2025-10)."""

import json
from datetime import UTC
from typing import Any

import asyncpg
from aiohttp import web

from bot.clock import SystemClock
from playground.supabase.functions.database import Session
from playground.supabase.keys import STATE, WALLET
from playground.supabase.state import State

_REAL = SystemClock()  # a database's latency is real time, whatever clock the playground runs on
_NAMES = ("CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET", "ALERT_EMAIL")


async def health(request: web.Request) -> web.Response:
    """200 healthy, 503 degraded or unhealthy. No authentication."""
    state, wallet = request.app[STATE], request.app[WALLET]
    try:
        async with wallet.session() as session:
            body = await _look(session, state)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        return web.json_response(
            {"status": "unhealthy", "timestamp": _now(state), "error": f"Database connectivity failed: {error}"},
            status=503,
        )
    return web.json_response(body, status=200 if body["status"] == "healthy" else 503)


async def _look(session: Session, state: State) -> dict[str, Any]:
    before = _REAL.monotonic()
    await session.value("select id from public.profiles limit 1")
    latency = round((_REAL.monotonic() - before) * 1000)
    security = json.loads(await session.value("select public.get_security_metrics()"))
    healthy = (
        bool(state.secrets.get("CIRCLE_WEBHOOK_SECRET")) and latency < 1000 and security["recentHighRiskEvents"] < 10
    )
    return {
        "status": "healthy" if healthy else "degraded",
        "timestamp": _now(state),
        "database": {"connected": True, "latency_ms": latency},
        "secrets": {name: bool(state.secrets.get(name)) for name in _NAMES},
        "webhooks": await _webhooks(session),
    } | ({} if state.older_health else {"security": security, "version": _version(state)})


def _version(state: State) -> str:
    function = state.functions.get("health")
    return (function.marks.version if function else "") or "1.0.0"


async def _webhooks(session: Session) -> dict[str, Any]:
    """Always the word healthy, whatever the counts: the real database function says no other."""
    try:
        found: dict[str, Any] = json.loads(await session.value("select public.webhook_health_check()"))
    except asyncpg.UndefinedFunctionError:
        return {"status": "unknown"}
    return found


def _now(state: State) -> str:
    return state.clock.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
