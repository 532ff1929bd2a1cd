"""The glass as it stands in the record: the P0 under which one person may act alone, and who has broken it lately."""

from collections.abc import Iterator
from datetime import datetime

from bot.approvals import policy
from bot.approvals.policy import Glass
from store.database import Store
from store.views import OpenIncident


def incident(store: Store) -> OpenIncident | None:
    """The open incident under which the glass may be broken now: the oldest such P0, None where there is none."""
    return next(_breakable(store), None)


def standing(store: Store, user: str, now: datetime) -> Glass | None:
    """The glass that *user* has broken and that is still broken; None where a reason is needed (again)."""
    for one in _breakable(store):
        glass = policy.broken(user, one.subject, store.events.of(one.subject), now)
        if glass is not None:
            return glass
    return None


def _breakable(store: Store) -> Iterator[OpenIncident]:
    for one in store.events.open_incidents():
        if policy.breakable(one.severity, store.events.of(one.subject)):
            yield one
