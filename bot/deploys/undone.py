"""Which deploys a roll back took back: an event of each, so that its own messages no longer say that it is live."""

from dataclasses import dataclass
from datetime import datetime

from bot.deploys.record import Deployed, history
from store.database import Store
from store.events import Event
from store.operations import Operation

KIND = "deploy.undone"


@dataclass(frozen=True, slots=True)
class Undone:
    """*function* went to *version* by the roll back of *by*; *approved_by*: empty where nobody had to."""

    function: str
    version: int
    at: datetime
    by: str
    approved_by: str = ""


def of(store: Store, operation: str) -> list[Undone]:
    """What of the deploy *operation* was taken back, oldest first."""
    events = [one for one in store.events.of(operation) if one.kind == KIND]
    return [_read(one) for one in events]


def _read(event: Event) -> Undone:
    data = event.data
    approved = str(data.get("approved_by") or "")
    return Undone(str(data["function"]), int(data["version"]), event.at, event.actor, approved)


def taken_back(record: list[Deployed], sent: str) -> list[Deployed]:
    """Pure: of *record* (newest first) what bringing back the body *sent* (sha256) takes back.

    All since that body was live; where the record does not know it, only the newest.
    """
    for at, one in enumerate(record):
        if one.body == sent:
            return record[:at]
        if one.before_body == sent:
            return record[: at + 1]
    return record[:1]


def write(store: Store, operation: Operation, function: str, sent: str, version: int, at: datetime) -> list[str]:
    """Record what the roll back *operation* took back; return whose messages say something else now.

    Called before the roll back itself is recorded. Joins the transaction.
    """
    subjects = [one.operation for one in taken_back(history(store, function), sent) if one.operation]
    approval = store.approvals.get(operation.approval)
    data = {"function": function, "version": version, "approved_by": approval.decided_by if approval else ""}
    for subject in subjects:
        store.events.append(subject, KIND, operation.started_by, data, at)
    return subjects
