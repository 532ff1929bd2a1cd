"""What is known of each secret: which go together, and what can prove that a new value is the live one. Pure."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from bot.health.expected import WEBHOOK_SECRET

API_KEY, ALERT_EMAIL = "CIRCLE_API_KEY", "ALERT_EMAIL"
CIRCLE = (API_KEY, WEBHOOK_SECRET)  # the runbook rotates them together
TOGETHER = {"circle": CIRCLE}
JWT = "jwt"


class Proof(StrEnum):
    """What shows, beside the digest, that the value is the one in use."""

    CIRCLE = "Circle knows the key"
    EVENTS = "the webhook takes what is signed with it, and nothing else"
    CODE = "a code that was mailed there came back"


PROOFS = {API_KEY: Proof.CIRCLE, WEBHOOK_SECRET: Proof.EVENTS, ALERT_EMAIL: Proof.CODE}


def proofs(names: Collection[str]) -> frozenset[Proof]:
    """What can be shown of *names*; of any other secret the digest alone."""
    return frozenset(PROOFS[name] for name in names if name in PROOFS)


def titled(names: Sequence[str]) -> str:
    """As people call them: `CIRCLE_API_KEY and CIRCLE_WEBHOOK_SECRET`."""
    return " and ".join(names)


# The names of the steps.
WAIT, TRY = "Wait for the new values", "Ask Circle whether it knows the new key"
SET, COMPARE = "Set in one call", "Compare with what Supabase has"
EVENTS, DEPLOY = "Try signed events", "Deploy the function again if it keeps the old value"
CODE = "Have a mailed code confirmed"
PROVE, LIST = "Prove all of it", "List what was refused meanwhile"


def steps(names: Collection[str], *, back: bool) -> tuple[str, ...]:
    """The steps of a rotation of *names*, in order. *back*: nothing is entered, the value before is brought back."""
    of = proofs(names)
    return (
        *(() if back else (WAIT,)),
        *((TRY,) if Proof.CIRCLE in of else ()),
        SET,
        COMPARE,
        *((EVENTS, DEPLOY) if Proof.EVENTS in of else ()),
        *((CODE,) if Proof.CODE in of else ()),
        PROVE,
        *((LIST,) if Proof.EVENTS in of else ()),
    )
