"""The policy of approvals, all of it: how many, for how long, and when one person may act alone. Pure.

Change a number here and it holds everywhere: cards, clicks and the database read it from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from store.events import Event


class RiskClass(StrEnum):
    """How bad the worst outcome is."""

    REVERSIBLE = "reversible"  # the way back is kept and tried: deploy, roll back
    CREDENTIAL = "credential"  # the old value is gone afterwards: rotate
    SCHEMA = "schema"  # data may be in the way: migrate
    DATA_LOSS = "data-loss"  # what was written since is lost: restore


APPROVERS = {
    RiskClass.REVERSIBLE: 1,
    RiskClass.CREDENTIAL: 1,
    RiskClass.SCHEMA: 1,
    RiskClass.DATA_LOSS: 2,  # nobody alone, however awake, may throw customers' data away
}

EXPIRY = timedelta(minutes=30)  # after that the world on the card is another one
BREAK_GLASS = timedelta(minutes=10)  # long enough for one act under a P0, too short to become a habit
PASS_A_FREEZE = frozenset({"rollback", "restore"})  # the ways back: a freeze must not lock the team into the damage

OPENED, ACKNOWLEDGED = "incident.opened", "incident.acknowledged"
DETECTOR = "bot"  # the actor of an incident that the bot's own eyes opened


@dataclass(frozen=True, slots=True)
class Glass:
    """Break-glass as it stands for one person: why it may be used now, until then by *user*."""

    incident: str
    user: str


def needed(risk_class: RiskClass, *, alone: bool = False) -> int:
    """How many must approve. A team of one (*alone*) needs its one."""
    return 1 if alone else APPROVERS[risk_class]


def breakable(severity: str, story: Iterable[Event]) -> bool:
    """May the glass be broken under this incident? *story*: its events.

    Only under a P0, and only one that a detector opened or that somebody other than the opener acknowledged:
    nobody declares the emergency that lets them act alone.
    """
    if severity != "P0":
        return False
    events = list(story)
    openers = {one.actor for one in events if one.kind == OPENED}
    if DETECTOR in openers:
        return True
    seconds = {one.actor for one in events if one.kind == ACKNOWLEDGED} - openers - {DETECTOR}
    return bool(openers) and bool(seconds)
