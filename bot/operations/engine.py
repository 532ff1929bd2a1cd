"""Carries operations out, one transition at a time, each a committed row: wherever it dies, it knows where it was.

no attempt ── INTENT ──▶ begun ── effect ──▶ done │ failed
    ▲                      │ died, timed out, broke off
    │ the class allows     ▼
  not done ◀────────── question ──▶ done │ unknown: needs a human
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

import structlog

from bot.clients.deadline import within
from bot.clock import Clock
from bot.errors import AikeysError
from bot.operations.steps import Answer, Done, NotDone, Procedure, Question, Retry, Run, Step, StepFailed, Unknown
from store.database import Store
from store.errors import Edited, TooLate
from store.operations import GIVEN_UP, OVER, Attempt, Operation

log = structlog.get_logger(__name__)

BACKOFF = (1.0, 2.0, 4.0)  # seconds before the second attempt, the third, and any later one
ASK_AGAIN = (1.0, 2.0, 4.0)  # seconds between tries at a question that the outside did not answer
ASK_WITHIN = 4.0  # seconds for each: asking is over, or a human is called, within 30 s of a restart

Says = Literal["done", "not-done", "ask-again", "give-up"]


class Engine:
    """Runs what the store says is running. *show* is called inside each transaction that changes an operation."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        procedures: Mapping[str, Procedure],
        show: Callable[[Operation], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._procedures = procedures
        self._show = show
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._edited: set[str] = set()
        self.edited: Callable[[str, str], None] = lambda *_: None  # told what was edited, and why it is thought so
        self.draining = False

    async def round(self) -> None:
        """Take up whatever runs and has nobody running it: after a start, and after a disk that was full."""
        try:
            found = self._store.operations.running()
        except Edited as error:
            if str(error) not in self._edited:  # each round meets it again
                self._edited.add(str(error))
                self.edited("An operation", str(error))
            return
        for operation in found:
            self.start(operation)

    def start(self, operation: Operation) -> None:
        """Carry *operation* (which the store has started) out, in a task of its own. Twice is once.

        One whose rows were edited is left alone until a restart: what has been put back by then is looked at anew.
        """
        if not self.draining and operation.subject not in self._tasks and operation.subject not in self._edited:
            task = asyncio.create_task(self._guarded(operation.subject), name=operation.subject)
            self._tasks[operation.subject] = task
            task.add_done_callback(lambda _: self._tasks.pop(operation.subject, None))

    async def run(self, operation: Operation) -> Operation:
        """Carry it out here and now; return it as it then is: over, in need of a human, or left at a stop.

        Raises Edited where its rows, or those of its approval, are not what was recorded: no effect begins then.
        """
        operation = self._sure(operation.subject)
        steps = self._steps(operation)
        if steps is None:
            return self._store.operations.of(operation.subject)
        for index, step in enumerate(steps):
            while not await self._move(operation.subject, index, step):
                operation = self._store.operations.of(operation.subject)
                if operation.state != "running" or self.draining:
                    return operation
        return self._finish(operation.subject, "done", "")

    def stoppable(self, operation: Operation) -> bool:
        """False where Cancel would be heeded before none of the steps that are left."""
        procedure = self._procedures.get(operation.command)
        steps = procedure.steps(operation) if procedure else ()
        left = [step for at, step in enumerate(steps) if (last := operation.last(at)) is None or last.outcome != "done"]
        return not left or any(step.cancellable for step in left)

    def cancel(self, subject: str, by: str) -> Operation:
        """Stop after the step under way. Raises TooLate where it does not run or is being stopped already."""
        with self._store.transaction():
            operation = self._store.operations.cancel(self._store.operations.of(subject), by, self._clock.now())
            self._shown(operation)
        return operation

    def settle(self, subject: str, by: str, says: Says, detail: str = "") -> Operation:
        """A human says what became of the step whose fate is unknown. Raises TooLate where none waits for that."""
        rows, now = self._store.operations, self._clock.now()
        with self._store.transaction():
            operation = rows.of(subject)
            if operation.state != "needs-human":  # somebody else was quicker: a step may be under way again
                raise TooLate("It does not wait for that any more.")
            if says == "give-up":
                return self._finish(subject, "failed", detail or GIVEN_UP, by=by)
            rows.resumed(operation, by, now)
            open_ = next((one for one in operation.attempts if one.outcome == "unknown"), None)
            if says in ("done", "not-done") and not detail:
                detail = f"{OVER}“{operation.why}”"  # else nothing would say what the bot had found
            if says != "ask-again" and open_ is not None:
                rows.result(operation, open_.step, open_.attempt, says, now, detail=detail, by=by)
            operation = rows.of(subject)
            self._shown(operation)
        self.start(operation)
        return operation

    async def close(self, patience: float) -> None:
        """Begin no further step; wait *patience* seconds for those under way. The rest is asked about at the start."""
        self.draining = True
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=patience)
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _guarded(self, subject: str) -> None:
        with structlog.contextvars.bound_contextvars(operation=subject):
            try:
                await self.run(self._store.operations.of(subject))
            except Edited as error:
                self._edited.add(subject)
                self.edited(subject, str(error))
            except Exception:
                # A disk that is full, a procedure that is broken: the row stays, and the next round takes it up.
                log.exception("operation.broke")

    def _sure(self, subject: str) -> Operation:
        """The operation, as its rows and the signed events have it. Raises Edited where they differ."""
        with self._store.transaction():
            operation = self._store.operations.of(subject)
            self._store.held.operation(operation)
        return operation

    def _steps(self, operation: Operation) -> list[Step] | None:
        """The steps, or None where this version of the bot cannot carry it out and a human must."""
        procedure = self._procedures.get(operation.command)
        steps = list(procedure.steps(operation)) if procedure else []
        if procedure is None or tuple(step.name for step in steps) != operation.steps:
            self._stuck(operation, "It was begun by another version of me, whose steps I do not know.")
            return None
        return steps

    async def _move(self, subject: str, index: int, step: Step) -> bool:
        """Make one transition; True when the step is done. Raises Edited: a step is done by its events alone."""
        operation = self._store.operations.of(subject)
        self._store.held.operation(operation)
        last = operation.last(index)
        if last is not None and last.outcome == "done":
            return True
        if last is not None and last.outcome in (None, "unknown"):
            await self._ask(operation, index, step, last)
        elif last is not None and (last.outcome == "failed" or not _may_repeat(step, last)):
            self._finish(subject, "failed", last.detail)
        elif operation.cancel_by and step.cancellable:
            self._finish(subject, "cancelled", f"Stopped before “{step.name}”.")
        elif not self.draining:
            if last is not None:
                await self._clock.sleep(BACKOFF[min(last.attempt, len(BACKOFF)) - 1])
            await self._do(operation, index, step)
        return False

    async def _do(self, operation: Operation, index: int, step: Step) -> None:
        begun = self._clock.now()
        with self._store.transaction():
            operation = self._sure(operation.subject)
            attempt = self._store.operations.intend(operation, index, begun)
            operation = self._store.operations.of(operation.subject)
            self._shown(operation)
        log.debug("step.intent", step=step.name, attempt=attempt)
        run = Run(operation, attempt, begun, self._clock)
        try:
            result = await within(self._clock, step.timeout, step.effect(run))
        except StepFailed as error:
            self._record(operation, index, attempt, "failed", detail=str(error))
        except Exception as error:
            log.warning("step.uncertain", step=step.name, error=_said(error), exc_info=not _expected(error))
            if step.retry is Retry.HARMLESS:
                self._record(operation, index, attempt, "not-done", detail=_said(error))
            # Otherwise the intent stays without a result, as after a crash: the question comes next.
        else:
            log.debug("step.effect", step=step.name)
            self._record(operation, index, attempt, "done", result=result)

    async def _ask(self, operation: Operation, index: int, step: Step, last: Attempt) -> None:
        """Tell from the outside what became of an attempt."""
        if step.question is None:  # HARMLESS
            self._record(operation, index, last.attempt, "not-done", detail="I was stopped in the middle of it.")
            return
        if last.outcome is None:  # else it was asked before, and that time had passed then
            await self._clock.sleep(step.settle)
        answer = await self._answer(step.name, step.question, Run(operation, last.attempt, last.begun_at, self._clock))
        log.debug("step.question", step=step.name, answer=type(answer).__name__)
        if isinstance(answer, Done):
            self._record(operation, index, last.attempt, "done", result=answer.result, detail=answer.evidence)
        elif isinstance(answer, NotDone):
            detail = answer.evidence or f"“{step.name}” was not done."
            self._record(operation, index, last.attempt, "not-done", detail=detail)
        else:
            with self._store.transaction():
                if last.outcome is None:
                    self._record(operation, index, last.attempt, "unknown", detail=answer.evidence)
                self._stuck(operation, answer.evidence)

    async def _answer(self, name: str, question: Question, run: Run) -> Answer:
        why = ""
        for wait in (*ASK_AGAIN, None):
            try:
                return await within(self._clock, ASK_WITHIN, question(run))
            except Exception as error:
                why = _said(error)
                log.warning("step.unasked", step=name, error=why, exc_info=not _expected(error))
            if wait is not None:
                await self._clock.sleep(wait)
        return Unknown(f"Whether “{name}” was done could not be found out. {why}")

    def _record(
        self, operation: Operation, index: int, attempt: int, outcome: str, *, result: Any = None, detail: str = ""
    ) -> None:
        plain = json.loads(json.dumps(result, default=str))
        with self._store.transaction():
            self._store.operations.result(
                operation, index, attempt, outcome, self._clock.now(), result=plain, detail=detail
            )
            self._shown(self._store.operations.of(operation.subject))
        log.debug("step.result", step=operation.steps[index], outcome=outcome)

    def _stuck(self, operation: Operation, why: str) -> None:
        with self._store.transaction():
            self._store.operations.stuck(operation, why, self._clock.now())
            self._shown(self._store.operations.of(operation.subject))
        log.warning("operation.stuck", operation=operation.subject)

    def _finish(self, subject: str, outcome: str, why: str, *, by: str = "bot") -> Operation:
        with self._store.transaction():
            rows = self._store.operations
            operation = rows.finish(rows.of(subject), outcome, why, self._clock.now(), by=by)
            procedure = self._procedures.get(operation.command)
            if procedure is not None:
                procedure.finished(operation)
            self._shown(operation)
        log.info("operation.finished", operation=subject, outcome=outcome)
        return operation

    def redraw(self, operation: Operation) -> None:
        """Bring what is shown of *operation* up to date. Joins the transaction."""
        self._shown(operation)

    def _shown(self, operation: Operation) -> None:
        """A card that cannot be drawn must not stop what it shows."""
        try:
            with self._store.transaction():
                self._show(operation)
        except Exception:
            log.exception("operation.unshown", operation=operation.subject)


def _may_repeat(step: Step, last: Attempt) -> bool:
    return step.retry is not Retry.NEVER and last.attempt < step.tries


def _expected(error: Exception) -> bool:
    return isinstance(error, AikeysError | TimeoutError)


def _said(error: Exception) -> str:
    if isinstance(error, AikeysError):
        return str(error)
    return "It took too long." if isinstance(error, TimeoutError) else "Something in me broke; the log has it."
