"""The logs: SQL on one table (Supabase docs, "Querying logs"; the OpenAPI document of 2026-11).

The window: neither moment → the last minute; one → the minute around it; both → 24 hours at most, each rounded to the
nearest minute. What the SQL does wrong is answered with 200 and `error`.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.management.operation import Operation, failed
from playground.supabase.state import State

PER_MINUTE = 30  # as logs.all had it (Supabase docs, "Management API rate limits", which name no other)
METERED = 10  # once the allowance is enforced (Supabase docs, "Log query allowance")
ID = "v1-get-project-logs"
_LONGEST = timedelta(hours=24)
_MINUTE = timedelta(minutes=1)
_PLAIN = "select id, timestamp, event_message from logs where source = 'edge_logs' order by timestamp desc limit 100"
_BACKEND = "Backend error! Retry your query. Please contact support if this continues."  # supabase/supabase#49705


async def logs(request: web.Request) -> web.Response:
    """200 with `result`, or with `error`; 400 for a window that cannot be; 402 and 410 where a switch says so."""
    state = request.app[STATE]
    if state.logs_trouble == "unpaid":
        return failed(402, "Log query usage limit reached.")
    if state.logs_trouble == "gone":
        return failed(410, "This endpoint has been removed.")
    if state.logs_trouble == "failing":
        return web.json_response({"result": None, "error": _BACKEND})
    try:
        start, end = window(
            request.query.get("iso_timestamp_start"), request.query.get("iso_timestamp_end"), state.clock.now()
        )
    except ValueError as error:
        return failed(400, str(error))
    return web.json_response(await _answer(request.query.get("sql") or _PLAIN, start, end, state))


async def _answer(sql: str, start: datetime, end: datetime, state: State) -> dict[str, Any]:
    # Loaded when first asked, and not on the loop: sqlglot costs 130 ms and 18 MB, which few tests need.
    running = await asyncio.to_thread(_running)
    await asyncio.to_thread(state.read_server_log)
    try:
        rows = running.run(sql, lambda sources: state.logs.rows(sources, start, end), state.clock.now())
    except running.Restricted as error:
        return {"result": [], "error": str(error)}
    except running.Refused as error:
        about = {"domain": "global", "location": "query", "locationType": "parameter", "reason": "invalidQuery"}
        said = {"code": 400, "errors": [about | {"message": str(error)}], "message": str(error)}
        return {"result": [], "error": said | {"status": "INVALID_ARGUMENT"}}
    return {"result": rows}


def _running() -> Any:
    from playground.supabase.logs.clickhouse import running  # noqa: PLC0415 — see _answer

    return running


def window(start: str | None, end: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The time that is asked about. Raises ValueError with the API's message."""
    first, last = (_moment(name, value) for name, value in (("start", start), ("end", end)))
    if first is None and last is None:
        return now - _MINUTE, now + timedelta(microseconds=1)
    if first is None or last is None:
        one = first or last
        assert one is not None  # noqa: S101 — one of the two
        return _rounded(one) - _MINUTE / 2, _rounded(one) + _MINUTE / 2
    first, last = _rounded(first), _rounded(last)
    if last < first:
        raise ValueError("iso_timestamp_end must be after iso_timestamp_start")
    if last - first > _LONGEST:
        raise ValueError("The timestamp range must be no more than 24 hours")
    return first, last


def _moment(name: str, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"iso_timestamp_{name}: Invalid datetime") from None
    if found.tzinfo is None:
        raise ValueError(f"iso_timestamp_{name}: Invalid datetime")
    return found.astimezone(UTC)


def _rounded(at: datetime) -> datetime:
    return (at + _MINUTE / 2).replace(second=0, microsecond=0)


OPERATIONS = [
    Operation(
        "GET",
        "/v1/projects/{ref}/analytics/endpoints/logs",
        ID,
        logs,
        ("analytics_logs_read",),
        per_minute=PER_MINUTE,
    ),
]
