"""Which event to send next to prove a new signing secret, or what the answers so far prove. Pure.

An event signed with the new secret must be accepted, more than once in a row, since of several warm isolates one may
still hold the old; one signed with the old, or wrongly, must be refused. Each refused event leaves a row that looks
like a forgery: three a rotation, whatever happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_REFUSED = 3  # events of ours that may be refused in one rotation
IN_A_ROW = 2  # accepted, before the secret counts as taken; one more for each refusal since the last deploy
ODD = 2  # answers that say neither: the function fails, or nothing comes
SPACED = 1.0  # seconds between two that should both be accepted
BACK_OFF = 10.0  # seconds after a refusal: a warm isolate may be recycled meanwhile
ACCEPTED, REFUSED = 200, 401


class Sign(StrEnum):
    """What an event is signed with."""

    NEW = "the new secret"
    OLD = "the old secret"
    WRONG = "no secret at all"


@dataclass(frozen=True, slots=True)
class Probe:
    """One event. *status*: of the function's answer; None where none came, 0 where it was not reached at all."""

    sign: Sign
    status: int | None
    why: str = ""
    redeployed: bool = False  # sent after the function was deployed again


@dataclass(frozen=True, slots=True)
class Send:
    """Send one signed so, in so many seconds."""

    sign: Sign
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Proved:
    """The new secret is the live one, and nothing else is accepted."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A warm function keeps the old value: a deploy ends that. *why* in a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Unproven:
    """It cannot be shown. *why* in a sentence."""

    why: str


Next = Send | Proved | Stale | Unproven


def next_(probes: Sequence[Probe], *, old_known: bool, redeployed: bool = False, lost: int = 0) -> Next:
    """What comes next after *probes* (oldest first). *redeployed*: the function was deployed again since the change.

    *lost*: sent before a restart, which has forgotten the answers: each counts as refused.
    """
    spent = lost + sum(1 for one in probes if one.status in (REFUSED, None))
    now = [one for one in probes if one.redeployed == redeployed]
    other = Sign.OLD if old_known else Sign.WRONG
    if any(one.sign is Sign.WRONG and one.status == ACCEPTED for one in now):
        return Unproven("The webhook accepts an event that nobody signed.")
    if any(one.sign is Sign.OLD and one.status == ACCEPTED for one in now):
        return _late("An event signed with the old secret is still accepted.", redeployed=redeployed)
    odd = [one for one in now if one.status not in (ACCEPTED, REFUSED)]
    if len(odd) >= ODD:
        return Unproven(
            f"The webhook gives no answer that says anything: {odd[-1].why or odd[-1].status or 'nothing'}."
        )
    refusals = sum(1 for one in now if one.sign is Sign.NEW and one.status == REFUSED)
    if refusals > int(not redeployed):
        return _late("An event signed with the new secret is refused (401).", redeployed=redeployed)
    if _in_a_row(now) >= IN_A_ROW + refusals:
        if any(one.sign is other and one.status == REFUSED for one in now):
            return Proved()
        return Send(other) if spent < MOST_REFUSED else Unproven(_SPENT)
    if spent >= MOST_REFUSED:
        return Unproven(_SPENT)
    if now and now[-1].status == REFUSED:
        return Send(Sign.NEW, BACK_OFF)
    return Send(Sign.NEW, SPACED if now else 0.0)


_SPENT = f"{MOST_REFUSED} events of mine were refused, and a rotation sends no more: each looks like a forgery."


def _late(what: str, *, redeployed: bool) -> Stale | Unproven:
    if redeployed:
        return Unproven(f"{what} The function was deployed again, so it is not a warm one that keeps the old value.")
    return Stale(f"{what} A warm function keeps the old value.")


def _in_a_row(probes: Sequence[Probe]) -> int:
    """How many signed with the new secret were accepted, up to the last such."""
    count = 0
    for one in reversed([one for one in probes if one.sign is Sign.NEW]):
        if one.status != ACCEPTED:
            break
        count += 1
    return count


def said(probes: Sequence[Probe]) -> str:
    """What was sent and answered, in a line."""
    parts = []
    for sign in Sign:
        answers = [str(one.status or "no answer") for one in probes if one.sign is sign]
        if answers:
            parts.append(f"signed with {sign}: {', '.join(answers)}")
    return "; ".join(parts)
