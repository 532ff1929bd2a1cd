"""How often the project's APIs and functions are called (api.supabase.com/v1, "Analytics")."""

import asyncio
import math
from datetime import datetime, timedelta
from random import Random
from typing import Any

from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.logs.row import Row
from playground.supabase.management.operation import Operation, failed
from playground.supabase.state import State

PER_MINUTE = 30  # both usage endpoints (Supabase docs, "Management API rate limits")
# interval → how long a bucket is, and how many there are; the last is the one under way
_BUCKETS = {
    "15min": (timedelta(minutes=1), 15),
    "30min": (timedelta(minutes=1), 30),
    "1hr": (timedelta(minutes=1), 60),
    "3hr": (timedelta(minutes=15), 12),
    "1day": (timedelta(hours=1), 24),
    "3day": (timedelta(hours=1), 72),
    "7day": (timedelta(days=1), 7),
}
# the same for one function: minutes for an hour, hours for more (Studio's own query)
_STATS = {
    "15min": timedelta(minutes=1),
    "1hr": timedelta(minutes=1),
    "3hr": timedelta(hours=1),
    "1day": timedelta(hours=1),
}
_LENGTHS = {
    "15min": timedelta(minutes=15),
    "1hr": timedelta(hours=1),
    "3hr": timedelta(hours=3),
    "1day": timedelta(days=1),
}
_AN_HOUR = {"auth": 220, "realtime": 40, "rest": 1900, "storage": 60}  # requests on average: scenery


async def api_counts(request: web.Request) -> web.Response:
    """Requests by service in buckets, oldest first."""
    state = request.app[STATE]
    interval = request.query.get("interval", "1day")
    if interval not in _BUCKETS:
        return failed(400, f"interval: Invalid enum value. Expected {' | '.join(_BUCKETS)}")
    length, count = _BUCKETS[interval]
    last = _floor(state.clock.now(), length)
    starts = [last - length * n for n in reversed(range(count))]
    return web.json_response({"result": [_bucket(at, length) for at in starts]})


async def combined_stats(request: web.Request) -> web.Response:
    """What one function did and used in buckets with calls, oldest first; none for an id that nobody has.

    Of the buckets the document says nothing. The names are those of Studio's own query; CPU in ms and memory in MB as
    reports of real projects have them: not verified.
    """
    state, query = request.app[STATE], request.query
    length = _STATS.get(query.get("interval", ""))
    if length is None:
        return failed(400, f"interval: Invalid enum value. Expected {' | '.join(_STATS)}")
    if not query.get("function_id"):
        return failed(400, "function_id: Required")
    rows = await asyncio.to_thread(_calls, state, query["function_id"], _LENGTHS[query["interval"]])
    buckets: dict[datetime, list[Row]] = {}
    for row in rows:
        buckets.setdefault(_floor(row.timestamp, length), []).append(row)
    return web.json_response({"result": [_stats(at, buckets[at]) for at in sorted(buckets)]})


def _calls(state: State, function_id: str, length: timedelta) -> list[Row]:
    now = state.clock.now()
    rows = state.logs.rows(frozenset({"function_edge_logs"}), now - length, now + timedelta(microseconds=1))
    return [row for row in rows if row.log_attributes.get("function_id") == function_id]


def _stats(at: datetime, rows: list[Row]) -> dict[str, Any]:
    """Statuses and times as the logs have them; what the worker used is scenery, a little more for slower calls."""
    statuses = [int(row.log_attributes["response.status_code"]) for row in rows]
    took = [float(row.log_attributes["execution_time_ms"]) for row in rows]
    cpu = [min(2000.0, 4 + 0.08 * one) for one in took]  # 2 s is the limit
    memory = 38 + len(rows) % 9
    by_kind = [sum(low <= status < low + 100 for status in statuses) for low in (200, 300, 400)]
    return {
        "timestamp": at.isoformat(timespec="seconds").replace("+00:00", ""),
        "requests_count": len(rows),
        "success_count": by_kind[0],
        "redirect_count": by_kind[1],
        "client_err_count": by_kind[2],
        "server_err_count": sum(status >= 500 for status in statuses),
        "log_count": 0,
        "log_info_count": 0,
        "log_warn_count": 0,
        "log_error_count": 0,
        "avg_execution_time": sum(took) / len(took),
        "max_execution_time": max(took),
        "avg_cpu_time_used": sum(cpu) / len(cpu),
        "max_cpu_time_used": max(cpu),
        "avg_memory_used": float(memory),
        "avg_heap_memory_used": memory * 0.8,
        "avg_external_memory_used": memory * 0.2,
    }


def _bucket(at: datetime, length: timedelta) -> dict[str, str | int]:
    """The same numbers whenever it is asked."""
    random = Random(int(at.timestamp()))
    hours = length / timedelta(hours=1) * (1 + 0.5 * math.sin((at.hour - 9) / 24 * 2 * math.pi))
    counts = {
        f"total_{name}_requests": round(per_hour * hours * random.uniform(0.8, 1.2))
        for name, per_hour in _AN_HOUR.items()
    }
    return {"timestamp": at.isoformat(timespec="seconds").replace("+00:00", "Z")} | counts


def _floor(at: datetime, length: timedelta) -> datetime:
    seconds = length.total_seconds()
    return at - timedelta(seconds=at.timestamp() % seconds)


_BASE = "/v1/projects/{ref}/analytics/endpoints"
OPERATIONS = [
    Operation(
        "GET",
        f"{_BASE}/usage.api-counts",
        "v1-get-project-usage-api-count",
        api_counts,
        ("analytics_usage_read",),
        per_minute=PER_MINUTE,
    ),
    Operation(
        "GET",
        f"{_BASE}/functions.combined-stats",
        "v1-get-project-function-combined-stats",
        combined_stats,
        ("analytics_usage_read",),
    ),
]
