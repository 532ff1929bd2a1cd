"""The reviews there are: how often, what to look for, and how long to wait for a signature. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.reviews.calendar import Cadence
from store.reviews import GLASS, OPEN, Review


@dataclass(frozen=True, slots=True)
class Patience:
    """After *remind* it is asked again, after *escalate* the lead is told; both from when it fell due."""

    remind: timedelta
    escalate: timedelta


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the calendar's reviews. *look*: what the reader is to look for, in a sentence."""

    name: str
    title: str
    cadence: Cadence
    look: str
    patience: Patience


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "slow-queries",
            "Slow queries",
            Cadence.WEEKLY,
            "Is a query slower, or called far more often, than it should be?",
            Patience(timedelta(days=2), timedelta(days=4)),  # the next one comes after seven
        ),
        Kind(
            "admins",
            "Admin users",
            Cadence.MONTHLY,
            "Does each of them still need it? Take it away from who does not.",
            Patience(timedelta(days=3), timedelta(days=7)),
        ),
        Kind(
            "secrets",
            "Age of secrets",
            Cadence.MID_MONTH,
            "Rotate each that is old. Whom does nobody use any more? Take that one away.",
            Patience(timedelta(days=3), timedelta(days=7)),
        ),
        Kind(
            "policies",
            "RLS policies",
            Cadence.QUARTERLY,
            "Is a table open that should not be? Does each policy say who may, and no more?",
            Patience(timedelta(days=3), timedelta(days=10)),
        ),
        Kind(
            "runbook",
            "The runbook",
            Cadence.MID_QUARTER,
            "Read it: does each step still hold, are the contacts right?",
            Patience(timedelta(days=7), timedelta(days=14)),
        ),
        Kind(
            "audit",
            "Security audit",
            Cadence.ANNUAL,
            "The year's look at all of it: the record, who may do what, the database's guards.",
            Patience(timedelta(days=7), timedelta(days=21)),
        ),
    )
}
BROKEN_GLASS = Patience(timedelta(days=1), timedelta(days=2))  # memory of why fades within days
AGAIN = timedelta(days=7)  # once the lead has been told, it is asked for weekly


class Step(Enum):
    """What time has made of an open review."""

    REMIND = "ask again"
    ESCALATE = "tell the lead"


def step(review: Review, now: datetime) -> Step | None:
    """What is to be done about *review* now. After a long absence of the bot it is one step, not all that were due."""
    if review.state != OPEN:
        return None
    patience = BROKEN_GLASS if review.kind == GLASS or review.kind not in KINDS else KINDS[review.kind].patience
    age = now - review.due_at
    if review.escalated_at is not None:
        return Step.REMIND if now - review.asked_at >= AGAIN else None
    if age >= patience.escalate:
        return Step.ESCALATE
    return Step.REMIND if age >= patience.remind and review.reminders == 0 else None
