"""What is known of deploys: read from the timeline, where each finished one is an event of its function."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.database import Store
from store.events import Event

FINISHED = "deploy.finished"
WATCHED = "deploy.watched"


@dataclass(frozen=True, slots=True)
class Deployed:
    """One deploy or roll back that reached the project. *body*, *before_body*: sha256 in store.bodies, or empty.

    *glass*: the incident under which somebody acted alone, or empty. *worse*: the verdict three minutes on, None where
    there is none.
    """

    function: str
    version: int | None
    commit: str
    ok: bool
    at: datetime
    by: str
    approved_by: str
    command: str
    verify_jwt: bool | None
    ezbr_sha256: str
    body: str
    before_version: int | None
    before_body: str
    operation: str
    glass: str = ""
    worse: bool | None = None


def history(store: Store, function: str) -> list[Deployed]:
    """All of *function*, newest first."""
    events = [event for event in reversed(store.events.of(f"function/{function}")) if event.kind == FINISHED]
    return [read(event, store.events.latest(WATCHED, str(event.data.get("operation")))) for event in events]


def recent(store: Store, limit: int = 15) -> list[Deployed]:
    """The newest of each function, newest first."""
    newest = [history(store, one.function)[:1] for one in store.events.last_deploys()[:limit]]
    return [one for found in newest for one in found]


def read(event: Event, watched: Event | None) -> Deployed:
    """The deploy in *event*; what an older version of the bot did not write is empty. *watched*: three minutes on."""
    data = event.data
    before: Mapping[str, Any] = data.get("before") or {}
    return Deployed(
        function=str(data.get("function", "")),
        version=data.get("version"),
        commit=str(data.get("commit") or ""),
        ok=bool(data.get("ok")),
        at=event.at,
        by=event.actor,
        approved_by=str(data.get("approved_by") or ""),
        command=str(data.get("command") or "deploy"),
        verify_jwt=data.get("verify_jwt"),
        ezbr_sha256=str(data.get("ezbr_sha256") or ""),
        body=str(data.get("body") or ""),
        before_version=before.get("version"),
        before_body=str(before.get("body") or ""),
        operation=str(data.get("operation") or ""),
        glass=str(data.get("glass") or ""),
        worse=bool(watched.data.get("worse")) if watched else None,
    )


def moved(last: Deployed, version: int, verify_jwt: bool | None, ezbr_sha256: str | None) -> bool:
    """Pure: whether what is live was changed without the bot since *last*, as far as both sides tell."""
    if last.version is not None and version != last.version:
        return True
    if None not in (last.verify_jwt, verify_jwt) and verify_jwt != last.verify_jwt:
        return True
    return bool(last.ezbr_sha256 and ezbr_sha256) and ezbr_sha256 != last.ezbr_sha256
