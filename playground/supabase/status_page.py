"""Supabase's status page as Atlassian's Statuspage serves it: `GET /api/v2/status.json`, for everybody, no token."""

from aiohttp import web

from playground.supabase.keys import STATE

# indicator → description, the words that every Statuspage has for it
_WORDS = {
    "none": "All Systems Operational",
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}


async def status(request: web.Request) -> web.Response:
    """200 with the page and its one status."""
    state = request.app[STATE]
    page = {
        "id": "rsv0wf2v7v5d",
        "name": "Supabase",
        "url": "https://status.supabase.com",
        "time_zone": "Etc/UTC",
        "updated_at": state.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    says = {"indicator": state.incident, "description": _WORDS[state.incident]}
    return web.json_response({"page": page, "status": says})
