"""What the model of the approvals is surrounded by: a clock that kills, an outside that counts and has moods."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from bot.approvals.policy import RiskClass
from bot.errors import Unanswered
from bot.operations.steps import Answer, Done, NotDone, Procedure, Retry, Run, Step, StepFailed, Unknown
from bot.plan import Plan
from playground.clock import ManualClock
from store.approvals import Approval
from store.operations import NewOperation

PROJECT = "abcdefghijklmnopqrst"
STEPS = ("deploy", "verify")


class BrokeOff(BaseException):
    """What kill -9 is in here: nothing of the bot heeds it, and nothing is written after it."""


class Breaking(ManualClock):
    """All that is written is dated first: who asks this clock for the *n*th time dies, and all who follow."""

    left: int | None = None

    def now(self) -> datetime:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise BrokeOff
        return super().now()


@dataclass
class Outside:
    """What is really there: counted here and nowhere else."""

    commit: int = 0
    vague: bool = False
    moods: list[str] = field(default_factory=list)
    done: Counter[tuple[int, str]] = field(default_factory=Counter)

    def procedure(self) -> Procedure:
        async def remake(approval: Approval) -> Plan:
            await asyncio.sleep(0)
            return self.plan(approval.thing, RiskClass(approval.plan["risk_class"]))

        def begin(approval: Approval) -> NewOperation:
            data, back = {"thing": approval.thing}, approval.command == "rollback"
            return NewOperation(PROJECT, "deploy", "Deploy", STEPS, data, approval=approval.subject, passes_freeze=back)

        return Procedure(remake, begin, lambda _: [self._step(name) for name in STEPS])

    def plan(self, thing: str, risk_class: RiskClass) -> Plan:
        command = "rollback" if thing == "function/back" else "deploy"
        return Plan(command, "deploy it", "Deploy", thing, risk_class, {"commit": self.commit})

    def _step(self, name: str) -> Step:
        async def effect(run: Run) -> None:
            mood = self.moods.pop() if self.moods else "well"
            if mood == "refuses":
                raise StepFailed("It was refused.")
            if mood == "hangs before":
                await asyncio.Event().wait()
            if mood == "before":
                raise Unanswered("It broke off.")
            self.done[run.operation.number, name] += 1
            if mood == "hangs after":
                await asyncio.Event().wait()
            if mood == "after":
                raise Unanswered("It broke off.")

        async def question(run: Run) -> Answer:
            if self.vague:
                return Unknown("It cannot be told.")
            return Done() if self.done[run.operation.number, name] else NotDone("It is not there.")

        return Step(name, effect, question, retry=Retry.IF_NOT_DONE, timeout=20)
