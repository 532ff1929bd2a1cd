"""What is known of deploys: read from the timeline, where each finished one is an event of its function."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.clients.supabase import Function
from store.database import Store
from store.events import Event

FINISHED = "deploy.finished"
WATCHED = "deploy.watched"


def verdict_key(operation: str, *, worse: bool | None, again: bool) -> str:
    """The letter that says it: the second verdict takes the place of the first, but for one that should wake somebody.

    Slack tells nobody of an edit.
    """
    return f"{operation}/worse" if again and worse else f"{operation}/watched"


class Made(Protocol):
    """What the bot put live, as far as it was told: None or empty where not."""

    @property
    def version(self) -> int | None: ...  # noqa: D102  # a shape
    @property
    def verify_jwt(self) -> bool | None: ...  # noqa: D102  # the same
    @property
    def ezbr_sha256(self) -> str: ...  # noqa: D102  # the same


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


def newest(store: Store, limit: int) -> list[Deployed]:
    """The newest of all functions, newest first: also those that were taken back or replaced since."""
    events = store.events.newest(FINISHED, limit)
    return [read(event, store.events.latest(WATCHED, str(event.data.get("operation")))) for event in events]


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
        worse=_worse(watched, str(data.get("function", ""))),
    )


def _worse(watched: Event | None, function: str) -> bool | None:
    """The verdict on *function*, where a deploy of several was judged; None where it was not, or could not be."""
    if watched is None or watched.data.get("worse") is None:
        return None
    named = watched.data.get("functions")
    return bool(watched.data["worse"]) and (not named or function in named)


def foreign(made: Made, live: Function) -> str:
    """Pure: how what is *live* differs from what the bot *made*, in a clause; empty where it does not.

    The one comparison for all who ask whether somebody else changed a function. What one side does not tell is equal.
    A flag can be changed alone: then neither the version nor the sha moves.
    """
    said = []
    if made.version is not None and live.version != made.version:
        said.append(f"version {live.version} is live, I made version {made.version}")
    elif made.ezbr_sha256 and live.ezbr_sha256 and live.ezbr_sha256 != made.ezbr_sha256:
        said.append(f"version {live.version} holds other code than I sent")
    if None not in (made.verify_jwt, live.verify_jwt) and live.verify_jwt != made.verify_jwt:
        said.append(f"verify_jwt is {_on(live.verify_jwt)}, I left it {_on(made.verify_jwt)}")
    return " and ".join(said)


def _on(flag: bool | None) -> str:
    return "on" if flag else "off"
