"""What a rotation leaves in the timeline. Of a value at most eight digits of its digest, of a weak one nothing.

Subjects: `secret/NAME` for what became of a secret; `operation/7` for who is waited for; `approval/7` for what was done
by hand.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.health.expected import GUESSABLE_SECRETS
from store.database import Store
from store.events import Event
from store.operations import Operation

STARTED, SET, PROVED = "rotation.started", "rotation.set", "rotation.proved"
NOT_PROVEN, UNDONE, FINISHED = "rotation.not_proven", "rotation.undone", "rotation.finished"
WAITS, ENTERED = "rotation.waits", "rotation.entered"  # of the operation: for a person; they came
PROBED = "rotation.probed"  # of the operation: an event of ours goes out
CHECKED = "rotation.checked"  # of the approval: somebody has done a step at Circle
REDEPLOY, CONFIRMED = "rotation.redeploy", "rotation.confirmed"  # of the operation: what somebody pressed


def begins(name: str, digest: str) -> str:
    """What of *digest* may be kept and shown."""
    return "" if name in GUESSABLE_SECRETS else digest[:8]


def note(
    store: Store, operation: Operation, kind: str, at: datetime, data: Mapping[str, Any] | None = None, by: str = ""
) -> None:
    """Append *kind* for each secret of *operation*, once: whoever comes again after a crash changes nothing.

    *data*: by name what is kept of each, beside the operation.
    """
    for name in operation.data["names"]:
        subject = f"secret/{name}"
        last = store.events.latest(kind, subject)
        if last is not None and last.data.get("operation") == operation.subject:
            continue
        kept = {"operation": operation.subject, "approval": operation.approval} | dict((data or {}).get(name, {}))
        store.events.append(subject, kind, by or operation.started_by, kept, at)


def waiting(store: Store, operation: str) -> Event | None:
    """The event that says for what a person is waited, while one is; None else."""
    last = max(
        (found for kind in (WAITS, ENTERED) if (found := store.events.latest(kind, operation)) is not None),
        key=lambda one: one.id,
        default=None,
    )
    return last if last is not None and last.kind == WAITS else None


def checked(store: Store, approval: str) -> dict[int, Event]:
    """Which steps by hand somebody has called done, by their number."""
    return {int(one.data["step"]): one for one in store.events.of(approval) if one.kind == CHECKED}
