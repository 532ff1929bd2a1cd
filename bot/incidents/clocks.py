"""The clocks of an incident: a P0 is repeated until somebody has it, a P1 escalates unless resolved in two hours.

Durable timers (bot.clockwork.timers) carry them through restarts and downtime; what they say is pure.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clockwork.timers import LATE, Fired, Timers
from store.incidents import Incident

UNHEARD = "incident.unheard"  # a P0 that nobody has acknowledged
UNSOLVED = "incident.unsolved"  # a P1 that is not resolved: acknowledging does not stop it (the runbook says resolved)
KINDS = (UNHEARD, UNSOLVED)

REPEAT = timedelta(minutes=30)
# The runbook: “Escalate if not resolved within 2 hours”. Reminders before it, so that nobody is surprised by it.
STEPS = (timedelta(minutes=60), timedelta(minutes=105), timedelta(minutes=120))
LAST = len(STEPS) - 1
AGAIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be said now, *late* by so much. *loud*: in the channel, not in the thread. *again*: as *step*."""

    words: str
    key: str
    late: timedelta
    again: datetime
    step: int
    loud: bool = False
    escalate: bool = False
    after: int = 0  # minutes since it was opened


def begin(timers: Timers, incident: Incident, now: datetime, *, told: int = 0) -> None:
    """Set its clock. A reopened P1 goes on with the clock it had: two hours count from the first opening.

    *told*: so many minutes after it the lead was told last, before it was resolved and came back: not again of that.
    """
    if incident.severity == "P0":
        timers.set(UNHEARD, incident.subject, now + REPEAT, {"step": 1})
        return
    step = 0
    while moment(incident, step) <= now:
        step += 1
    if step > LAST and not told:
        step -= 1  # nobody has been told yet
    while told and moment(incident, step) - incident.opened_at <= timedelta(minutes=told):
        step += 1  # the machine's clock was put back meanwhile
    timers.set(UNSOLVED, incident.subject, max(now, moment(incident, step)), {"step": step})


def moment(incident: Incident, step: int) -> datetime:
    """When a P1 is at that step: the reminders, the escalation, then every two hours."""
    return incident.opened_at + (STEPS[step] if step <= LAST else STEPS[LAST] + (step - LAST) * AGAIN)


def heard(timers: Timers, incident: Incident) -> None:
    """Somebody has it."""
    timers.cancel(UNHEARD, incident.subject)


def end(timers: Timers, incident: Incident) -> None:
    """It is over."""
    for kind in KINDS:
        timers.cancel(kind, incident.subject)


def due(fired: Fired, incident: Incident, now: datetime) -> Due | None:
    """What *fired* means for the incident as it is now; None: nothing any more.

    Of what fell due while the bot was away the newest is said, and that it is late; not all of it in a row.
    """
    step = int(fired.data.get("step", 0))
    if fired.kind == UNHEARD:
        if incident.state != "open":
            return None
        missed = max(0, (now - fired.due) // REPEAT)
        at, step = fired.due + missed * REPEAT, step + missed
        words = f"Nobody has acknowledged this for {_minutes(at - incident.opened_at)} minutes."
        return Due(words, f"unheard/{step}", _late(now - at), at + REPEAT, step + 1, loud=True)
    if not incident.open:
        return None
    at = fired.due
    while moment(incident, step + 1) <= now:
        step += 1
        at = moment(incident, step)
    after, then = _minutes(at - incident.opened_at), moment(incident, step + 1)
    if step < LAST:
        passed = now - incident.opened_at  # not that of the step: said late, it would promise too much time
        left = _minutes(STEPS[LAST] - passed)
        words = f"Not resolved for {_minutes(passed)} minutes; in {left} minutes it goes to the technical lead."
        return Due(words, f"unsolved/{step}", _late(now - at), then, step + 1, after=after)
    words = f"Not resolved within {after} minutes: the technical lead is told."
    following = step + 1
    while moment(incident, following) - at < AGAIN / 4:  # it came back just before that: told once is enough
        following += 1
    then = moment(incident, following)
    return Due(words, f"unsolved/{step}", _late(now - at), then, following, loud=True, escalate=True, after=after)


def _minutes(passed: timedelta) -> int:
    return round(passed / timedelta(minutes=1))


def _late(by: timedelta) -> timedelta:
    return by if by >= LATE else timedelta()
