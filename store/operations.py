"""Operations: one at a time per project, each step an intent before and a result after the effect; the freeze."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.errors import resting
from store.events import Events
from store.times import from_text, to_text

WORDS = {
    "running": "is running",
    "needs-human": "needs a human",
    "done": "is done",
    "failed": "has failed",
    "cancelled": "was cancelled",
}


GIVEN_UP = "Given up by a human."  # Operation.why, where nothing else was said; Operation.by is who
OVER = "over "  # begins Attempt.detail where a person said what became of it: what the bot had found follows, quoted


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a step. *outcome*: done, not-done, failed, unknown; None: an intent without a result.

    *result*: what a done effect gave back (JSON). *detail*: why it ended so, or the evidence, in words. *said_by*:
    bot, or the person who settled what was unknown.
    """

    step: int
    attempt: int
    name: str
    begun_at: datetime
    outcome: str | None
    ended_at: datetime | None
    result: Any = field(default=None, hash=False)
    detail: str = ""
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """What was set in motion. *state*: running, needs-human, done, failed or cancelled.

    *data*: JSON, all that its steps are built from, also after a restart. *where* as in Approval. *why*: of the
    state, in words, and *by* whom it came into it: bot, or a person. *cancel_by*: who asked it to stop after the step
    under way.
    """

    subject: str
    number: int
    project: str
    command: str
    title: str
    started_by: str
    started_at: datetime
    approval: str
    data: dict[str, Any] = field(hash=False)
    where: dict[str, Any] = field(hash=False)
    steps: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    state: str
    since: datetime
    why: str = ""
    cancel_by: str = ""
    by: str = ""

    @property
    def words(self) -> str:
        """The state as it is read: is running, needs a human."""
        return WORDS[self.state]

    @property
    def over(self) -> bool:
        """True when it has ended."""
        return self.state not in ("running", "needs-human")

    @property
    def holds(self) -> bool:
        """True while nothing else may be changed. What only adds (a dump) runs in a lane of its own, `<ref>/dump`."""
        return not self.over and "/" not in self.project

    @property
    def results(self) -> dict[str, Any]:
        """What each step that is done gave back, by its name."""
        return {one.name: one.result for one in self.attempts if one.outcome == "done"}

    def last(self, step: int) -> Attempt | None:
        """The newest try at *step*."""
        tries = [one for one in self.attempts if one.step == step]
        return tries[-1] if tries else None


@dataclass(frozen=True, slots=True)
class Freeze:
    """Nothing but the ways back is started until then."""

    by: str
    at: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class NewOperation:
    """What is to be set in motion. See Operation; *passes_freeze* only for the ways back."""

    project: str
    command: str
    title: str
    steps: tuple[str, ...]
    data: Mapping[str, Any] = field(hash=False)
    where: Mapping[str, Any] = field(default_factory=dict, hash=False)
    approval: str = ""
    passes_freeze: bool = False


class Operations:
    """Reads and appends. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection", "_events")

    def __init__(self, connection: Connection, events: Events) -> None:
        self._connection = connection
        self._events = events

    def start(self, new: NewOperation, by: str, at: datetime) -> Operation:
        """Take the project and begin. TooLate where another operation holds it, or changes are frozen."""
        subject = self.upcoming()
        data = {
            "number": int(subject.partition("/")[2]),
            "project": new.project,
            "command": new.command,
            "title": new.title,
            "steps": list(new.steps),
            "data": dict(new.data),
            "where": dict(new.where),
            "approval": new.approval,
            "passes_freeze": int(new.passes_freeze),
        }
        self._events.append(subject, "operation.started", by, data, at)
        return self.of(subject)

    def upcoming(self) -> str:
        """The subject of the next one to start; it stays so only within a transaction."""
        with self._connection.reading():
            row = self._connection.raw.execute("SELECT coalesce(max(number), 0) + 1 FROM operations").fetchone()
        return f"operation/{row[0]}"

    def intend(self, operation: Operation, step: int, at: datetime) -> int:
        """INTENT: write down that *step* is about to be done; return which attempt it is.

        TooLate where an earlier effect's fate is unknown, the step is done, or the operation does not run.
        """
        last = operation.last(step)
        attempt = last.attempt + 1 if last else 1
        data = {"step": step, "attempt": attempt, "name": operation.steps[step]}
        self._events.append(operation.subject, "step.intent", "bot", data, at)
        return attempt

    def result(
        self,
        operation: Operation,
        step: int,
        attempt: int,
        outcome: str,
        at: datetime,
        *,
        result: Any = None,
        detail: str = "",
        by: str = "bot",
    ) -> None:
        """RESULT: done, not-done, failed or unknown. TooLate where it is settled (unknown is not)."""
        data = {"step": step, "attempt": attempt, "outcome": outcome, "result": result, "detail": detail}
        self._events.append(operation.subject, "step.result", by, data, at)

    def stuck(self, operation: Operation, why: str, at: datetime) -> None:
        """It needs a human: *why* is the evidence."""
        self._events.append(operation.subject, "operation.stuck", "bot", {"why": why}, at)

    def resumed(self, operation: Operation, by: str, at: datetime) -> None:
        """A human has settled what was unknown: it goes on."""
        self._events.append(operation.subject, "operation.resumed", by, {}, at)

    def finish(self, operation: Operation, outcome: str, why: str, at: datetime, *, by: str = "bot") -> Operation:
        """It ends, done, failed or cancelled, and frees the project. TooLate where it has."""
        data = {"outcome": outcome, "why": why}
        self._events.append(operation.subject, "operation.finished", by, data, at)
        return self.of(operation.subject)

    def cancel(self, operation: Operation, by: str, at: datetime) -> Operation:
        """Stop it after the step under way. TooLate where it does not run, or is being stopped already."""
        self._events.append(operation.subject, "operation.cancel", by, {}, at)
        return self.of(operation.subject)

    def get(self, subject: str) -> Operation | None:
        """The operation *subject* (`operation/7`)."""
        found = self._read("WHERE subject = ?", (subject,))
        return found[0] if found else None

    def of(self, subject: str) -> Operation:
        """The same; KeyError where there is none."""
        found = self.get(subject)
        if found is None:
            raise KeyError(subject)
        return found

    def holder(self, project: str) -> Operation | None:
        """The operation that holds *project*."""
        found = self._read("WHERE project = ? AND state IN ('running', 'needs-human')", (project,))
        return found[0] if found else None

    def running(self) -> list[Operation]:
        """What runs, or ran when the bot died."""
        return self._read("WHERE state = 'running' ORDER BY number", ())

    def recent(self, limit: int = 20) -> list[Operation]:
        """Newest first, whatever their state."""
        return self._read("ORDER BY number DESC LIMIT ?", (limit,))

    def freeze(self, by: str, reason: str, until: datetime, at: datetime) -> None:
        """Let nothing start but the ways back, until then. A newer freeze replaces the older."""
        self._events.append("project", "freeze.set", by, {"until": to_text(until)}, at, text=reason)

    def thaw(self, by: str, at: datetime) -> None:
        """Lift the freeze. TooLate where there is none."""
        self._events.append("project", "freeze.lifted", by, {}, at)

    def frozen(self, now: datetime) -> Freeze | None:
        """The freeze that holds at *now*."""
        with self._connection.reading():
            row = self._connection.raw.execute(
                "SELECT by, at, until, event_id FROM freeze WHERE until > ?", (to_text(now),)
            ).fetchone()
        if row is None:
            return None
        by, at, until, event = row
        with resting("The freeze", "freeze"):
            return Freeze(by, from_text(at), from_text(until), self._events.get(event).text or "")

    def _read(self, where: str, parameters: tuple[object, ...]) -> list[Operation]:
        sql = "SELECT subject, number, state, start_id, state_id, cancel_by FROM operations " + where  # noqa: S608  # constants of this file
        with self._connection.reading():
            return [self._resting(*row) for row in self._connection.raw.execute(sql, parameters).fetchall()]

    def _resting(self, subject: str, *row: Any) -> Operation:
        with resting(subject, "operations"):
            return self._operation(subject, *row)

    def _operation(
        self, subject: str, number: int, state: str, start_id: int, state_id: int, cancel_by: str | None
    ) -> Operation:
        start, now = self._events.get(start_id), self._events.get(state_id)
        rows = self._connection.raw.execute(
            """SELECT step, attempt, name, begun_at, outcome, ended_at, result_id FROM operation_steps
               WHERE subject = ? ORDER BY step, attempt""",
            (subject,),
        ).fetchall()
        return Operation(
            subject=subject,
            number=number,
            project=start.data["project"],
            command=start.data["command"],
            title=start.data["title"],
            started_by=start.actor,
            started_at=start.at,
            approval=start.data["approval"],
            data=start.data["data"],
            where=start.data["where"],
            steps=tuple(start.data["steps"]),
            attempts=tuple(self._attempt(row) for row in rows),
            state=state,
            since=now.at,
            why=str(now.data.get("why", "")),
            cancel_by=cancel_by or "",
            by=now.actor,
        )

    def _attempt(self, row: tuple[Any, ...]) -> Attempt:
        step, attempt, name, begun_at, outcome, ended_at, result_id = row
        end = self._events.get(result_id) if result_id is not None else None
        return Attempt(
            step=step,
            attempt=attempt,
            name=name,
            begun_at=from_text(begun_at),
            outcome=outcome,
            ended_at=from_text(ended_at) if ended_at else None,
            result=end.data["result"] if end else None,
            detail=end.data["detail"] if end else "",
            said_by=end.actor if end else "",
        )
