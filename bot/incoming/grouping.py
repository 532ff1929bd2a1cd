"""From what has come in under a root to what becomes of its incident. Pure: groups × incident × now → what to do.

waits ── a P0 at once, else after ten seconds ──▶ open ── all of it resolved, and calm long enough ──▶ resolved
  └ resolved within the ten seconds: nothing is told       └ a P0 among P1s: it becomes one
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.detectors import Severity
from bot.incidents.swings import STEADY
from bot.incidents.tracks import REOPEN
from store.alerts import Group
from store.incidents import Incident

WAIT = timedelta(seconds=10)  # a P1 that is over sooner is told to nobody, and what comes together is one message
CALM = (timedelta(), timedelta(seconds=60), STEADY)  # by how often it has come back: the sender has patience of its own
MANY = 10  # incidents of alerts that are open together; more roots than that are one cause that nobody has named


class Step(Enum):
    """What is to be done about it."""

    WAIT = "wait"
    DROP = "drop"  # it is over, and was never told
    OPEN = "open"
    WORSE = "worse"  # a P0 has come into a P1
    RESOLVE = "resolve"
    AGAIN = "again"  # what was over has come back: as the same incident, or as a new one
    END = "end"  # the incident is over, and so is all of it


@dataclass(frozen=True, slots=True)
class Sum:
    """Groups that one incident tells of, or one that is told by none yet."""

    since: datetime
    last_at: datetime
    count: int
    firing: int
    critical: int
    fired_at: datetime | None
    calm_at: datetime | None
    left_out: int = 0

    @property
    def severity(self) -> Severity:
        """P0 where one of them is."""
        return "P0" if self.critical else "P1"


def summed(groups: Sequence[Group]) -> Sum:
    """Them together; at least one."""
    fired = [one.fired_at for one in groups if one.fired_at]
    calm = [one.calm_at for one in groups if one.calm_at]
    return Sum(
        min(one.since for one in groups),
        max(one.last_at for one in groups),
        sum(one.count for one in groups),
        sum(one.firing for one in groups),
        sum(one.critical for one in groups),
        max(fired, default=None),
        max(calm, default=None),
        sum(one.left_out for one in groups),
    )


def untold(group: Group, now: datetime) -> Step:
    """What becomes of a group that no incident tells of yet."""
    if not group.firing:
        return Step.DROP
    return Step.OPEN if group.critical or now - group.since >= WAIT else Step.WAIT


def told(found: Sum, incident: Incident, back: int, now: datetime) -> Step:
    """What becomes of an incident; *back*: how often it has come back."""
    if not incident.open:
        if not found.firing:
            return Step.END
        ended = incident.resolved_at or now
        began = found.fired_at is not None and found.fired_at > ended
        # A person has called it over while it still fired: that is theirs for half an hour, but not what is new.
        still = found.last_at > ended and now - ended >= REOPEN
        return Step.AGAIN if began or still else Step.WAIT
    if found.critical and incident.severity == "P1":
        return Step.WORSE
    if found.firing:
        return Step.WAIT
    calm = now - (found.calm_at or found.last_at)
    return Step.RESOLVE if calm >= CALM[min(back, len(CALM) - 1)] else Step.WAIT
