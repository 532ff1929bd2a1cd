"""What stands around an incident on its card: what was changed before it, whom to ring, what is owed, its signal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.deploys import undone
from bot.deploys.record import FINISHED
from bot.health.memory import DATABASE, FAILED, WEBHOOKS, hour
from bot.health.trend import HOUR, Trend, trend
from bot.incidents import clocks
from bot.incidents.about import CAUSE, Around, Changed
from bot.incidents.evidence import Evidence
from bot.incidents.helping import Help
from store.database import Store
from store.errors import StoreError
from store.events import Event
from store.incidents import RESOLVED, Incident

SUSPECT = timedelta(hours=24)  # a change longer ago than that is no longer the first suspect
MOST = 3  # changes named
ROTATED = "rotation.finished"
# Of the other operations: what became of what.
_DONE = {"migration.applied": "was applied", "migration.undone": "was taken back", "backup.restored": "was restored"}

# What each detector's signal is among the samples: the wallet's own answer time (empty), its database's, or how many
# webhooks failed in the hour before.
_SIGNALS: Mapping[str, tuple[str, ...]] = {
    "database_outage": (DATABASE,),
    "database_in_doubt": (DATABASE,),
    "database_slow": (DATABASE,),
    "webhooks_dead": (FAILED,),
    "webhook_errors": (FAILED,),
    "wallet_unreachable": ("",),
    "wallet_slow": ("", DATABASE),
}


def around(store: Store, incident: Incident, seen: Evidence, help_: Help, now: datetime) -> Around:
    """Gather it from what is remembered; nothing outside is asked."""
    errands = tuple(store.errands.of(incident.subject))
    cause = next((one for one in errands if one.name == CAUSE and one.state == "done"), None)
    is_p0 = incident.severity == "P0"
    changes = _changes(store)
    return Around(
        mentions=help_.team.mentions if is_p0 and incident.open else "",
        ring=help_.team.to_ring if is_p0 and incident.open else (),
        room=help_.room(incident),
        errands=errands,
        changed=tuple(one for one in changes if timedelta() <= seen.since - one.at <= SUSPECT)[:MOST],
        ended_by=_ended_by(changes, incident, seen, _first_good(store, incident)),
        escalates=incident.opened_at + clocks.STEPS[-1] if not is_p0 and incident.open else None,
        curves=_curves(store, incident, now),
        cause=str(cause.data.get("what", "")) if cause is not None else "",
        because=tuple(map(str, cause.data.get("because", ()))) if cause is not None else (),
        until=now,
        seconds=help_.team.seconds(seen.silence.actor) if seen.silence is not None and not seen.silent else "",
    )


def _changes(store: Store) -> list[Changed]:
    """The newest changes through the bot, of all kinds, newest first."""
    found = [_deploy(store, one) for one in store.events.newest(FINISHED, 10)]
    found += map(_rotation, store.events.newest(ROTATED, 10))
    for kind, what in _DONE.items():
        found += [Changed(what, _named(one), None, one.actor, one.at) for one in store.events.newest(kind, 10)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _named(event: Event) -> str:
    family, _, version = event.subject.partition("/")
    return f"migration {version}" if family == "migration" else "the database"


def _deploy(store: Store, event: Event) -> Changed:
    data = event.data
    name, version, approved = str(data.get("function", "")), data.get("version"), str(data.get("approved_by") or "")
    operation = store.operations.get(str(data.get("operation") or ""))
    began = operation.started_at if operation is not None else None
    if data.get("command") == "rollback":  # to take it back would bring back what was bad
        return Changed("was rolled back", name, None, event.actor, event.at, approved_by=approved, began=began)
    what = "was put live" if data.get("ok") else "failed to go live"
    gone = any(one.function == name for one in undone.of(store, str(data.get("operation") or "")))
    return Changed(what, name, version, event.actor, event.at, "" if gone else f"event/{event.id}", approved, began)


def _rotation(event: Event) -> Changed:
    names = event.data.get("names") or event.data.get("name") or event.subject.partition("/")[2]
    shown = ", ".join(map(str, names)) if isinstance(names, list) else str(names)
    return Changed("was rotated", shown, None, event.actor, event.at)


def _first_good(store: Store, incident: Incident) -> datetime | None:
    """When the first good look of those was that ended it; where a person did, that moment."""
    ended = store.events.latest(RESOLVED, incident.subject)
    if incident.resolved_at is None or ended is None:
        return incident.resolved_at
    return ended.at - timedelta(seconds=float(ended.data.get("calm") or 0))


def _ended_by(changes: list[Changed], incident: Incident, seen: Evidence, good: datetime | None) -> Changed | None:
    """The last change that had begun when it was first seen *good* again: likely what ended it.

    Begun, not ended: a roll back helps before it is proved.
    """
    if incident.resolved_at is None or good is None:
        return None
    last = incident.resolved_at
    return next((one for one in changes if seen.since < one.at <= last and (one.began or one.at) <= good), None)


def _curves(store: Store, incident: Incident, now: datetime) -> tuple[Trend, ...]:
    parts = _SIGNALS.get(incident.dedup_key, ())
    try:
        return tuple(_failed(store, now) if part == FAILED else _times(store, part, now) for part in parts)
    except StoreError:
        return ()  # a damaged memory takes no card away


def _times(store: Store, part: str, now: datetime) -> Trend:
    return trend(part or "wallet", None, hour(store, part, now), now)


def _failed(store: Store, now: datetime) -> Trend:
    seen = [(one.at, one.value) for one in store.samples.since(WEBHOOKS, now - HOUR, FAILED) if one.value is not None]
    return replace(trend("failed webhooks", None, seen, now), counts=True)
