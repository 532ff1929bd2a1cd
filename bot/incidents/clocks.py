"""The clocks of an incident: a P0 is repeated until somebody has it, a P1 escalates unless resolved in two hours.

Durable timers (bot.timers) carry them through restarts and downtime; what they say is pure.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.timers import Fired, Timers
from store.incidents import Incident

UNHEARD = "incident.unheard"  # a P0 that nobody has acknowledged
UNSOLVED = "incident.unsolved"  # a P1 that is not resolved: acknowledging does not stop it (the runbook says resolved)
KINDS = (UNHEARD, UNSOLVED)

REPEAT = timedelta(minutes=30)
# The runbook: “Escalate if not resolved within 2 hours”. Reminders before it, so that nobody is surprised by it.
STEPS = (timedelta(minutes=60), timedelta(minutes=105), timedelta(minutes=120))
AGAIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be said now. *loud*: in the channel, not in the thread. *again*: when next, as step *step*."""

    words: str
    key: str
    loud: bool = False
    escalate: bool = False
    after: int = 0  # minutes since it was opened
    again: datetime | None = None
    step: int = 0


def begin(timers: Timers, incident: Incident, now: datetime) -> None:
    """Set its clock. A reopened P1 goes on with the clock it had: two hours count from the first opening."""
    if incident.severity == "P0":
        timers.set(UNHEARD, incident.subject, now + REPEAT, {"step": 1})
        return
    step = next((at for at, after in enumerate(STEPS) if incident.opened_at + after > now), len(STEPS) - 1)
    timers.set(UNSOLVED, incident.subject, max(now, incident.opened_at + STEPS[step]), {"step": step})


def heard(timers: Timers, incident: Incident) -> None:
    """Somebody has it."""
    timers.cancel(UNHEARD, incident.subject)


def end(timers: Timers, incident: Incident) -> None:
    """It is over."""
    for kind in KINDS:
        timers.cancel(kind, incident.subject)


def due(fired: Fired, incident: Incident) -> Due | None:
    """What *fired* means for the incident as it is now; None: nothing any more."""
    step = int(fired.data.get("step", 0))
    if fired.kind == UNHEARD:
        if incident.state != "open":
            return None
        minutes = round((fired.due - incident.opened_at) / timedelta(minutes=1))
        words = f"Nobody has acknowledged this for {minutes} minutes."
        return Due(words, f"unheard/{step}", loud=True, again=fired.due + REPEAT, step=step + 1)
    if not incident.open:
        return None
    after = round((fired.due - incident.opened_at) / timedelta(minutes=1))
    if step < len(STEPS) - 1:
        left = round((STEPS[-1] - STEPS[step]) / timedelta(minutes=1))
        words = f"Not resolved for {after} minutes; in {left} minutes it goes to the technical lead."
        return Due(words, f"unsolved/{step}", after=after, again=incident.opened_at + STEPS[step + 1], step=step + 1)
    words = f"Not resolved within {after} minutes: the technical lead is told."
    return Due(words, f"unsolved/{step}", loud=True, escalate=True, after=after, again=fired.due + AGAIN, step=step + 1)
