"""What operations are made of: an effect, and a question that tells from the outside whether it is there."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from bot.clock import Clock
from bot.errors import AikeysError
from bot.plan import Plan
from store.approvals import Approval
from store.operations import NewOperation, Operation


@dataclass(frozen=True, slots=True)
class Done:
    """The effect is there. *result*: JSON, what the effect would have given back; *evidence* in words."""

    result: Any = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class NotDone:
    """The effect is certainly not there, and will not come of itself."""

    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be told: a human must look. *evidence*: what was seen, in words."""

    evidence: str


Answer = Done | NotDone | Unknown


class Retry(Enum):
    """What may happen to a step that was not done."""

    NEVER = "the operation fails; somebody asks anew"
    IF_NOT_DONE = "done again once the question has said that it is not done, Step.tries at most"
    HARMLESS = "done again, Step.tries at most; it has no effect that could be there twice, so no question is asked"


class StepFailed(AikeysError):
    """Raised by an effect that is certainly not there and is of no use to repeat: the sentence says why."""


@dataclass(frozen=True, slots=True)
class Run:
    """Handed to effects and questions. *begun_at*: when the INTENT of this attempt was written."""

    operation: Operation
    attempt: int
    begun_at: datetime
    clock: Clock

    @property
    def data(self) -> dict[str, Any]:
        """What the operation was started with."""
        return self.operation.data

    @property
    def results(self) -> dict[str, Any]:
        """What the steps before gave back, by name."""
        return self.operation.results


Question = Callable[[Run], Coroutine[Any, Any, Answer]]


TRIES = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step. *timeout* of the effect, seconds.

    *effect* returns JSON. Where it raises StepFailed nothing was done; anything else it raises, and running out of
    time, leaves that open, and *question* is asked, *settle* seconds later: what the other side was still at has then
    come through. *cancellable*: somebody's Cancel is heeded before it. *tries*: attempts, where *retry* allows more
    than one; those that a human asks for count.
    """

    name: str
    effect: Callable[[Run], Coroutine[Any, Any, Any]]
    question: Question | None = None
    retry: Retry = Retry.NEVER
    timeout: float = 30.0
    settle: float = 1.0
    cancellable: bool = True
    tries: int = TRIES

    def __post_init__(self) -> None:
        """Raises ValueError for an effect that nobody could ask about."""
        if self.question is None and self.retry is not Retry.HARMLESS:
            raise ValueError(f"the step {self.name} has an effect and no question")


def _nothing(_: Operation) -> None:
    """Nothing is to be recorded at the end."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """How one destructive command is carried out; found by the command's name in plan and operation, also later.

    *remake*: the plan as it would be now (I/O; raises AikeysError where it cannot be told). *begin*: pure, what an
    approved plan sets in motion. *steps*: pure, from the operation's data alone, in the order of its names.
    *finished* runs inside the transaction that ends the operation, done, failed or cancelled: events, timers, letters.
    """

    remake: Callable[[Approval], Awaitable[Plan]]
    begin: Callable[[Approval], NewOperation]
    steps: Callable[[Operation], Sequence[Step]]
    finished: Callable[[Operation], None] = _nothing
