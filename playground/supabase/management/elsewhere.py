"""Calls that lead nowhere: what was removed, and what this playground does not have."""

from aiohttp import web

from playground.supabase.management.operation import failed


async def logs_all(_request: web.Request) -> web.Response:
    """Removed on 2026-09-23 (Supabase changelog 48235)."""
    return failed(410, "This endpoint has been removed. Use /v1/projects/{ref}/analytics/endpoints/logs instead.")


async def nowhere(request: web.Request) -> web.Response:
    """As the API answers a path that it does not know."""
    return failed(404, f"Cannot {request.method} {request.path[:500]}")
