"""The runbook: “Document incident in security_events table”. One row an incident, whatever is repeated.

The row's id is made from the project and the incident, so that the primary key refuses a second one. Its risk_score is
0, and no detector of ours counts what the bot writes itself.
"""

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.clients.errors import DatabaseAway, Failure, NotAllowed, NotReached, Paused, ServerFailed, SqlFailed, TooMany
from bot.clients.supabase import Supabase
from bot.incidents.errands import Cannot, Did, Later, Outcome
from store.errands import Errand
from store.incidents import Incident

EVENT_TYPE = "AIKEYS_INCIDENT"
_AWAY = 15.0  # seconds until it is tried again while the database is down: it is the outage that is to be recorded

_SQL = """
    insert into public.security_events (id, event_type, event_description, risk_score, blocked, metadata, created_at)
    values ($1::uuid, $2::text, $3::text, 0, false, ($4::text)::jsonb, $5::timestamptz)
    on conflict (id) do nothing
"""


class Documenting:
    """Writes it, with the permission database_write."""

    def __init__(self, supabase: Supabase) -> None:
        self._supabase = supabase

    async def record(self, _: Errand, incident: Incident) -> Outcome:
        """Once; later, as long as the database is away."""
        try:
            await self._supabase.write(_SQL, parameters(incident, self._supabase.ref))
        except NotAllowed:
            return Cannot("the token lacks database_write")
        except SqlFailed as error:
            return Cannot(f"PostgreSQL refused it: {error.what}") if _lasting(error) else Later("the database is down")
        except (DatabaseAway, Paused, NotReached, ServerFailed, TooMany):
            return Later("the database is down: I write it when it is back", _AWAY)
        except Failure as error:
            return Cannot(error.what)
        return Did("in security_events")


def parameters(incident: Incident, ref: str) -> list[Any]:
    """Of the row. Its id is the same for the same incident, and another for that of another memory."""
    opened = incident.opened_at.isoformat()
    metadata = {
        "incident": incident.subject, "severity": incident.severity, "opened_at": opened,
        "opened_by": incident.opened_by, "detector": incident.dedup_key, "written_by": "aikeys",
    }  # fmt: skip
    id_ = uuid5(NAMESPACE_URL, f"aikeys:{ref}/{incident.subject}/{opened}")
    title = f"{incident.severity} {incident.title}"[:500]
    return [str(id_), EVENT_TYPE, title, json.dumps(metadata), opened]


def _lasting(error: SqlFailed) -> bool:
    """False for what passes: read-only (25006), no connection (08, 53), shutting down (57)."""
    return error.state[:2] not in ("08", "25", "53", "57")
