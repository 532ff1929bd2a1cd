"""What comes from elsewhere while our own outage is open: a symptom of it, and no second page. Pure.

comes while the outage is open ──▶ on its card ── over before it ends ──▶ nothing more
                                               └─ still fires when it has been over for long enough ──▶ its own page
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.detectors.database_outage import OUTAGE
from bot.detectors.project_away import AWAY
from bot.detectors.wallet_unreachable import UNREACHABLE
from store.alerts import Group
from store.incidents import Incident

CAUSES = frozenset({AWAY, OUTAGE, UNREACHABLE})  # with one of them everything that uses the wallet fails
# Alertmanager tells that something is over at its next group_interval, five minutes unless set: what is still called
# firing a minute after the outage is mostly news of yesterday.
SETTLES = timedelta(minutes=6)
NAMED = 10  # causes that are told one by one; of more the count says how many


def explains(incident: Incident, group: Group) -> bool:
    """Whether *group* is a symptom of *incident*. A P0 is none of what somebody has made a P1: it would wake nobody."""
    return incident.open and incident.dedup_key in CAUSES and not (group.critical and incident.severity == "P1")


def was(group: Group, incident: Incident) -> bool:
    """Whether *group* began to fire before *incident* was over: what began later was never held back."""
    return group.fired_at is not None and (incident.resolved_at is None or group.fired_at <= incident.resolved_at)


def over(groups: Sequence[Group], incident: Incident) -> list[str]:
    """The roots that have ended with *incident*, or before it."""
    return [] if incident.open else [one.root for one in groups if not one.firing]


def freed(groups: Sequence[Group], incident: Incident, now: datetime) -> list[str]:
    """The roots that are no symptom any more, and are told for themselves."""
    if incident.open:
        return [one.root for one in groups if one.critical and incident.severity == "P1"]
    ended = incident.resolved_at or now
    return [
        one.root
        for one in groups
        if one.firing and (now - ended >= SETTLES or (one.fired_at is not None and one.fired_at > ended))
    ]
