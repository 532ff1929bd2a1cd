"""A procedure of three steps against the outside of these tests; used in the test's process and in one to be killed."""

import aiohttp

from bot.approvals.policy import RiskClass
from bot.errors import Unanswered
from bot.operations.steps import Answer, Done, NotDone, Procedure, Retry, Run, Step, StepFailed, Unknown
from bot.plan import Plan
from store.approvals import Approval
from store.operations import NewOperation, Operation

PROJECT = "abcdefghijklmnopqrst"
STEPS = ("look", "deploy", "verify")


class Work:
    """Speaks to *url*. *commit* is what the outside says now: the plan is made again from it."""

    def __init__(self, url: str, session: aiohttp.ClientSession, retry: Retry = Retry.IF_NOT_DONE) -> None:
        self.url = url
        self.session = session
        self.retry = retry
        self.commit = "abc"

    def plan(self, subject: str = "function/health", risk_class: RiskClass = RiskClass.REVERSIBLE) -> Plan:
        return Plan(
            command="deploy",
            line="deploy health",
            title="Deploy health",
            subject=subject,
            risk_class=risk_class,
            pinned={"commit": self.commit},
        )

    def procedure(self) -> Procedure:
        return Procedure(remake=self._remake, begin=self.begin, steps=self._steps)

    async def _remake(self, approval: Approval) -> Plan:
        async with self.session.get(f"{self.url}/do/none/plan"):
            return self.plan(approval.thing)

    @staticmethod
    def begin(approval: Approval) -> NewOperation:
        return NewOperation(
            project=PROJECT,
            command="deploy",
            title="Deploy health",
            steps=STEPS,
            data={"thing": approval.thing},
            approval=approval.subject,
        )

    def _steps(self, _: Operation) -> list[Step]:
        return [
            Step("look", self._look, retry=Retry.HARMLESS, timeout=2),
            Step("deploy", self._do("deploy"), self._is("deploy"), retry=self.retry, timeout=1, settle=0.1),
            Step("verify", self._do("verify"), self._is("verify"), retry=self.retry, timeout=1, settle=0.1),
        ]

    async def _look(self, run: Run) -> dict[str, str]:
        async with self.session.get(f"{self.url}/do/none/look"):
            return {"seen": run.operation.subject}

    def _do(self, step: str):
        async def effect(run: Run) -> object:
            try:
                async with self.session.post(self._address(run, step)) as answer:
                    if answer.status == 400:
                        raise StepFailed("It was refused.")
                    if answer.status != 200:
                        raise Unanswered(f"It answered {answer.status}.")
                    return await answer.json()
            except aiohttp.ClientError as error:
                raise Unanswered("The connection broke.") from error

        return effect

    def _is(self, step: str):
        async def question(run: Run) -> Answer:
            async with self.session.get(self._address(run, step)) as answer:
                if answer.status == 404:
                    return Unknown("It does not say.")
                if answer.status != 200:
                    raise Unanswered(f"It answered {answer.status}.")
                count = (await answer.json())["count"]
            return Done({"count": count}, "it is there") if count else NotDone("It is not there.")

        return question

    def _address(self, run: Run, step: str) -> str:
        return f"{self.url}/do/{run.operation.number}/{step}"
