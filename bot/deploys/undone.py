"""Which deploys a roll back took back: an event of each, so that its own messages no longer say that it is live."""

from dataclasses import dataclass
from datetime import datetime

from bot.deploys.record import Deployed, history
from store.database import Store
from store.operations import Operation

KIND = "deploy.undone"


@dataclass(frozen=True, slots=True)
class Undone:
    """*function* went to *version* by the roll back of *by*."""

    function: str
    version: int
    at: datetime
    by: str


def of(store: Store, operation: str) -> list[Undone]:
    """What of the deploy *operation* was taken back, oldest first."""
    events = [one for one in store.events.of(operation) if one.kind == KIND]
    return [Undone(str(one.data["function"]), int(one.data["version"]), one.at, one.actor) for one in events]


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
    for subject in subjects:
        store.events.append(subject, KIND, operation.started_by, {"function": function, "version": version}, at)
    return subjects
