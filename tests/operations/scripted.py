"""An operation of one step that does what it is told, on a clock that is moved by hand."""

import asyncio
from typing import Any

from bot.errors import Unanswered
from bot.operations.engine import Engine
from bot.operations.steps import Done, Procedure, Retry, Step, Unknown
from playground.clock import ManualClock
from store.operations import NewOperation
from tests.operations.work import PROJECT
from tests.store.harness import commits

BROKE = Unanswered("It broke off.")


class Scripted:
    """One step, `deploy`, whose effect and question do what they are told, one after the other; then all is well."""

    def __init__(self, store, effects=(), answers=(), **more) -> None:
        self.store, self.clock = store, ManualClock()
        self.effects, self.answers = list(effects), list(answers)
        self.times: list[tuple[str, float]] = []
        self.shown: list[str] = []
        self.ended: list[str] = []
        step: dict[str, Any] = {"question": self._question, "settle": 0.0, "timeout": 30.0, "retry": Retry.IF_NOT_DONE}
        self.steps = [Step("deploy", self._effect, **step | more)]
        procedure = Procedure(None, None, lambda _: self.steps, lambda one: self.ended.append(one.state))  # type: ignore[arg-type]  # not asked for here
        self.engine = Engine(store, self.clock, {"deploy": procedure}, lambda one: self.shown.append(one.state))

    async def _play(self, what: str, script: list[object], well: object) -> object:
        self.times.append((what, self.clock.monotonic()))
        found = script.pop(0) if script else well
        if found == "hangs":
            await self.clock.sleep(10**6)
        if isinstance(found, Exception):
            raise found
        return found

    async def _effect(self, run):
        return await self._play(f"effect {run.attempt}", self.effects, {"of": run.data["x"], "after": run.results})

    async def _question(self, run):
        self.asked = (run.attempt, run.begun_at, run.operation.subject)
        return await self._play(f"question {run.attempt}", self.answers, Done({"v": 8}, "it is there"))

    def begun(self):
        names = tuple(one.name for one in self.steps)
        new = NewOperation(PROJECT, "deploy", "Deploy", names, {"x": 1})
        return self.store.operations.start(new, "UANA", self.clock.now())

    async def carried(self, operation=None, seconds=120.0):
        """Carry it out, while so much time passes at most; return what it is then."""
        task = asyncio.ensure_future(self.engine.run(operation or self.begun()))
        await self.clock.passes(seconds=seconds)
        return await asyncio.wait_for(task, 1)


async def stuck(store):
    world = Scripted(store, [BROKE], [Unknown("It does not say.")])
    with commits(store) as made:
        one = await world.carried()
    looked: list[str] = []  # at its rows and the signed events, which nobody changes in between
    alone = [["operation.started"], looked, ["step.intent"]]  # and the card of each with it
    assert made == [*alone, ["step.result", "operation.stuck"]], "that nobody knows and that a human is needed are one"
    assert one.state == "needs-human"
    return world, one
