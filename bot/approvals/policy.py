"""The policy of approvals, all of it: how many, for how long, and when one person may act alone. Pure.

Change a number here and it holds everywhere: cards, clicks and the database read it from here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from store.events import Event
from store.incidents import ACKNOWLEDGED, OPENED, REOPENED, SEEN, SEVERITY


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

TYPED = frozenset({RiskClass.DATA_LOSS})  # a click is too quick for it: who approves types the project's name

EXPIRY = timedelta(minutes=30)  # after that the world on the card is another one
BREAK_GLASS = timedelta(minutes=10)  # long enough for one act under a P0, too short to become a habit
# The ways back: a freeze must not lock the team into the damage.
PASS_A_FREEZE = frozenset({"rollback", "rollback migration", "restore"})

SIGHTS = frozenset({OPENED, SEEN, REOPENED})  # what a detector says of an incident
HEARSAY = "hearsay"  # a key of what such an event is about: whoever knows the address could have made it seem so
_FILLERS = "\u115f\u1160\u3164\uffa0"  # letters to Unicode, blanks to the eye
BROKEN = "glass.broken"  # an event of the incident; its text is the reason
DETECTOR = "bot"  # the actor of an incident that the bot's own eyes opened


@dataclass(frozen=True, slots=True)
class Glass:
    """The glass that *user* has broken under *incident*, with *reason*: broken until then, for them alone.

    Ten minutes from when the reason was given, at most as long as the incident is open. What is done meanwhile needs no
    other reason and does not prolong it; each act has a review of its own.
    """

    incident: str
    user: str
    reason: str
    until: datetime


def needed(risk_class: RiskClass, *, alone: bool = False) -> int:
    """How many must approve. A team of one (*alone*) needs its one."""
    return 1 if alone else APPROVERS[risk_class]


def needed_today(risk_class: str, *, alone: bool = False) -> int:
    """The same, of a class as it stands in a plan, perhaps an older version's; of one that is unknown the most."""
    return needed(RiskClass(risk_class), alone=alone) if risk_class in list(RiskClass) else max(APPROVERS.values())


def to_type(risk_class: str, target: Mapping[str, str]) -> str:
    """What must be typed before an approval counts: the project's name, its ref where it has none; else empty.

    *target* as in Approval.where. A plan that says not which project it is about takes the word `unknown`: no click
    alone may let it pass.
    """
    return (target.get("name") or target.get("ref") or "unknown") if risk_class in TYPED else ""


def says_something(reason: str) -> bool:
    """Whether there is a letter or a digit in it: what cannot be seen is no reason."""
    return any(char.isalnum() and char not in _FILLERS for char in reason)


def breakable(severity: str, story: Iterable[Event], user: str = "") -> bool:
    """May *user* (empty: anybody at all) break the glass under this incident? *story*: its events.

    Only under a P0, and only one that a detector saw, or that somebody other than the opener acknowledged. What a
    detector has from strangers alone (`HEARSAY`) counts once somebody other than *user* has acknowledged it: nobody
    declares, or makes, the emergency that lets them act alone. Who made a P1 a P0, or opened again what was over, has
    declared it: then only who acknowledged it since counts.
    """
    if severity != "P0":
        return False
    events = list(story)
    declared = [at for at, one in enumerate(events) if _declares(one)]
    if declared:
        by, since = events[declared[-1]].actor, events[declared[-1] :]
        return bool({one.actor for one in since if one.kind == ACKNOWLEDGED} - {by, DETECTOR})
    openers = {one.actor for one in events if one.kind == OPENED}
    seconds = {one.actor for one in events if one.kind == ACKNOWLEDGED} - openers - {DETECTOR}
    if DETECTOR not in openers:
        return bool(openers) and bool(seconds)
    seen = [one for one in events if one.kind in SIGHTS and one.actor == DETECTOR]
    return any(not (one.data.get("about") or {}).get(HEARSAY) for one in seen) or bool(seconds - {user})


def _declares(event: Event) -> bool:
    """A person has made it the emergency that it is."""
    return event.actor != DETECTOR and event.kind in (SEVERITY, REOPENED)


def broken(user: str, incident: str, story: Iterable[Event], now: datetime) -> Glass | None:
    """The glass that *user* broke under *incident*, while it is broken; else None. *story*: the incident's events."""
    mine = [one for one in story if one.kind == BROKEN and one.actor == user and one.text]
    if not mine or not mine[-1].at <= now < mine[-1].at + BREAK_GLASS:
        return None
    return Glass(incident, user, mine[-1].text or "", mine[-1].at + BREAK_GLASS)
