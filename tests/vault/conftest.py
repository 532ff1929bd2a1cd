"""An approved request that waits for values: as much of a rotation as entering needs."""

import asyncio
from typing import Any

import pytest

from bot.approvals.policy import RiskClass
from bot.operations.steps import Procedure, Retry, Run, Step, StepFailed
from bot.plan import Plan
from bot.views import entry
from bot.views.blocks import actions
from store.operations import NewOperation
from tests.deploys import has_button, opened

NAMES = ["CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET"]


class Asked:
    """A request of Ana's that Ben has approved. *got*: what the operation has taken, by name."""

    def __init__(self, bot: Any, chat: Any, town: Any) -> None:
        self.bot, self.chat, self.town = bot, chat, town
        self.vault = bot._answering._vault
        self.got: dict[str, bytes] = {}
        self.sealed: dict[str, bool] = {}
        self.approval = ""
        self.over = False
        self._there = asyncio.Event()
        self.vault.entered = lambda _: self._there.set()
        self.vault.wants = lambda _: True
        bot.changes.procedures["rotate"] = Procedure(self._remake, self._begin, lambda _: [self._step])
        self._step = Step("Wait for the values", self._wait, retry=Retry.HARMLESS, timeout=900)

    async def _remake(self, approval):
        return Plan.from_json(approval.plan)

    def _begin(self, approval):
        return NewOperation(
            "p", "rotate", "Rotate circle", ("Wait for the values",), {}, approval.where, approval.subject
        )

    async def _wait(self, run: Run):
        while (values := self.vault.take(run.operation.approval, run.operation.subject)) is None:
            await self._there.wait()
            self._there.clear()
            if self.over:
                raise StepFailed("The test is over.")
        for name, value in values.items():
            with value.reveal() as plain:
                self.got[name] = bytes(plain)
            self.sealed[name] = value.sealed
            value.wipe()
        return {name: value.begins for name, value in values.items()}

    async def asked(self, names: list[str] | None = None, generate: list[str] | None = None, *, approved: bool = True):
        """Ask, approve, put up a card with the button."""
        pinned = {"names": names or NAMES, "generate": generate or []}
        plan = Plan("rotate", "rotate circle", "Rotate circle", "secret/circle", RiskClass.CREDENTIAL, pinned)
        changes = self.bot.changes
        self.approval = changes.requests.ask(plan, "U0ANA", where={"channel": "C0OPS"}).subject
        if approved:
            await self.approve()
        await self.put_up()

    async def approve(self):
        from bot.approvals.objection import Act, Click

        done = await self.bot.changes.requests.click(
            self.approval, Click("U0BEN", Act.APPROVE, frozenset({"approver"}))
        )
        assert done.operation is not None, done

    async def put_up(self):
        card = [actions(entry.button(self.approval)), entry.beside(self.vault.box.fingerprint)]
        await self.bot.slack.call("chat.postMessage", channel="C0OPS", text="Approved", blocks=card)
        await self.chat.until(has_button("Enter new values"))

    async def opens(self, who: str = "ana"):
        """Press the button; the modal."""
        await self.chat.clicks(who, "Enter new values")
        return await opened(self.town, who)

    async def submits(self, modal, who: str = "ana", **values: str):
        """Submit values by the secret's name, or by block."""
        fields = {(f"secret:{name}" if name.isupper() else name): value for name, value in values.items()}
        given = {block: {("value" if block.startswith("secret:") else "key"): value} for block, value in fields.items()}
        return await self.town.slack.submit(who, modal["id"], given)

    def end(self):
        """Let the step go: the bot waits for it when it stops."""
        self.over = True
        self._there.set()


@pytest.fixture
def asked(bot, chat, town):
    asked = Asked(bot, chat, town)
    yield asked
    asked.end()
