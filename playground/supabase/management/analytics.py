"""How often the project's APIs are called (api.supabase.com/v1, "Analytics")."""

import math
from datetime import datetime, timedelta
from random import Random

from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.management.operation import Operation, failed

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
]
