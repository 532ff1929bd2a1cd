"""The glass as it stands in the record: the P0 under which one person may act alone, and who has broken it lately."""

from collections.abc import Iterator
from datetime import datetime

from bot.approvals import policy
from bot.approvals.policy import Glass
from store.database import Store
from store.views import OpenIncident


def incident(store: Store, user: str = "") -> OpenIncident | None:
    """The open incident under which *user* (empty: somebody) may break the glass now: the oldest such P0, or None."""
    return next(_breakable(store, user), None)


def standing(store: Store, user: str, now: datetime) -> Glass | None:
    """The glass that *user* has broken and that is still broken; None where a reason is needed (again)."""
    for one in _breakable(store, user):
        glass = policy.broken(user, one.subject, store.events.of(one.subject), now)
        if glass is not None:
            return glass
    return None


def _breakable(store: Store, user: str) -> Iterator[OpenIncident]:
    for one in store.events.open_incidents():
        if policy.breakable(one.severity, store.events.of(one.subject), user):
            yield one
