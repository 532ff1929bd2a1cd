"""What a click on a card does: approve, deny, withdraw, cancel, say what became of a step. A card's value is an id."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import cast, get_args

import structlog

from bot import recovery
from bot.answers import Answer
from bot.approvals import glass
from bot.approvals.objection import Act, Click, Objection, Why
from bot.changes import Changes
from bot.clients.slack import Slack
from bot.command import Risk, Role
from bot.context import Context
from bot.errors import AikeysError, Refused
from bot.inbox import Delivery
from bot.incidents.naming import overtaken
from bot.operations.engine import Says
from bot.payload import checked, first, reasoned, text
from bot.recovery import Verdict
from bot.signing import Signing
from bot.views import reasons, refusals
from bot.views.blocks import Message
from bot.views.objections import in_words, objected
from store.errors import TooLate

log = structlog.get_logger(__name__)

Does = Callable[[Delivery, Answer, str], Awaitable[str]]
Submits = Callable[[Delivery, Answer], Awaitable[dict[str, str]]]
_APPROVAL = re.compile(r"approval/\d{1,9}")
_OPERATION = re.compile(r"operation/\d{1,9}")
_NOT_MINE = {"reason": "This is from another version of me. Nothing was done."}
_INCIDENT = re.compile(r"incident/\d{1,9}")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Each route returns the outcome in a word for the inbox row. Refusals go to who clicked, never over the card."""

    ctx: Context
    slack: Slack
    changes: Changes
    signing: Signing
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def modals(self) -> dict[str, Submits]:
        """By callback_id. Each returns what is wrong, by block; nothing where it is taken."""
        return {
            reasons.DENY: self._denied,
            reasons.GLASS: self._broken,
            reasons.PASS: self._passed,
            **self.signing.modals,
        }

    @property
    def go_on(self) -> frozenset[str]:
        """The modals whose work goes on after they were taken, and settles its delivery itself."""
        return frozenset({reasons.GLASS, reasons.PASS})

    @property
    def routes(self) -> dict[str, Does]:
        """By the first word of the action id."""
        return {
            "approve": self._approve,
            "deny": self._ask_why,
            "withdraw": self._withdraw,
            "cancel": self._cancel,
            "settle": self._settle,
            "glass": self._ask_why_alone,
            **self.signing.routes,
            "incident": self._incident,
        }

    async def click(self, name: str, delivery: Delivery, answer: Answer, value: str) -> str:
        """Do what the button *name* is for."""
        late = self.too_late(name, delivery)
        if late is not None:
            await answer.whisper(late)
            return "click_again"
        try:
            return await self.routes[name](delivery, answer, value)
        except KeyError:
            await answer.whisper(refusals.refused(_unknown()))
        except Refused as refused:
            await answer.whisper(refusals.refused(refused))
        except AikeysError as error:
            await answer.whisper(refusals.failed(error))
        return "refused"

    def too_late(self, name: str, delivery: Delivery) -> Message | None:
        """What is said of a click or a modal that a restart has left over and that is not to be done any more."""
        now, at = self.ctx.clock.now(), delivery.received_at
        verdict = recovery.verdict(
            Risk.DESTRUCTIVE, resumed=delivery.resumed, acked=delivery.acked, received_at=at, now=now
        )
        if verdict is Verdict.ANSWER:
            return None
        return refusals.after_restart(name.removeprefix("aikeys:"), verdict, recovery.ago(at, now))

    async def settled(self) -> None:
        """Return when nothing that a modal began is under way."""
        while self.under_way:
            await asyncio.gather(*self.under_way, return_exceptions=True)

    async def _denied(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        """The modal of a denial: deny, or say under its field why not."""
        subject, reason = reasoned(delivery.payload)
        caller = answer.caller
        if not _APPROVAL.fullmatch(subject):
            return _NOT_MINE
        try:
            done = await self.changes.requests.click(subject, Click(caller.user, Act.DENY, caller.roles, reason))
        except KeyError:
            return {"reason": "I know no such request."}
        return {"reason": in_words(done)} if isinstance(done, Objection) else {}

    async def _broken(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        """The modal of a broken glass."""
        return await self._approved_with(delivery, answer, alone=True)

    async def _passed(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        """The modal of an approver whose approval passes a freeze."""
        return await self._approved_with(delivery, answer, alone=False)

    async def _approved_with(self, delivery: Delivery, answer: Answer, *, alone: bool) -> dict[str, str]:
        """Approve with the reason given: what speaks against it now stands under its field, the rest goes its own way.

        Making the plan again may take longer than Slack lets a modal wait (3 s), so it is told apart.
        """
        subject, reason = reasoned(delivery.payload)
        caller = answer.caller
        if not _APPROVAL.fullmatch(subject):
            return _NOT_MINE
        click = Click(caller.user, Act.APPROVE, caller.roles, reason, glass=alone, roles_age=caller.roles_age)
        try:
            against = self.changes.requests.objection(subject, click)
        except KeyError:
            return {"reason": "I know no such request."}
        if against is not None:
            return {"reason": in_words(against)}
        task = asyncio.create_task(self._goes_on(delivery, answer, subject, click), name="approve")
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        return {}

    async def _goes_on(self, delivery: Delivery, answer: Answer, subject: str, click: Click) -> None:
        outcome = "answered"
        try:
            done = await self.changes.requests.click(subject, click)
            if isinstance(done, Objection):
                outcome = "refused"
                await answer.whisper(objected(done))
        except AikeysError as error:
            outcome = "failed"
            await answer.whisper(refusals.failed(error))
        except Exception:
            log.exception("approval.broke")
            outcome = "broke"
            await answer.whisper(refusals.broke(delivery.id))
        finally:
            self.ctx.store.inbox.later_settled(delivery.id, outcome, self.ctx.clock.now())

    async def _approve(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Approve; where it would pass a freeze and nobody has said why, ask who approves."""
        subject, caller = checked(_APPROVAL, value), answer.caller
        against = self.changes.requests.objection(subject, Click(caller.user, Act.APPROVE, caller.roles))
        approval, freeze = self.ctx.store.approvals.get(subject), self.ctx.store.operations.frozen(self.ctx.clock.now())
        if against is None or against.why is not Why.NO_REASON or approval is None or freeze is None:
            return await self._said(answer, value, Act.APPROVE)
        view = reasons.passing(approval, freeze)
        await self.slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        return "answered"

    async def _withdraw(self, _: Delivery, answer: Answer, value: str) -> str:
        return await self._said(answer, value, Act.WITHDRAW)

    async def _said(self, answer: Answer, value: str, act: Act) -> str:
        caller = answer.caller
        click = Click(caller.user, act, caller.roles, roles_age=caller.roles_age)
        done = await self.changes.requests.click(checked(_APPROVAL, value), click)
        if isinstance(done, Objection):
            await answer.whisper(objected(done))
            return "refused"
        return "answered"

    async def _ask_why(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Open the modal, where nothing speaks against denying."""
        subject, caller = checked(_APPROVAL, value), answer.caller
        against = self.changes.requests.objection(subject, Click(caller.user, Act.DENY, caller.roles))
        if against is not None:
            await answer.whisper(objected(against))
            return "refused"
        approval = self.ctx.store.approvals.get(subject)
        view = reasons.denial(subject, approval.title if approval else subject)
        await self.slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        return "answered"

    async def _ask_why_alone(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Open the modal of the glass, where nothing but the missing reason speaks against breaking it."""
        subject, caller, requests = checked(_APPROVAL, value), answer.caller, self.changes.requests
        held = glass.standing(self.ctx.store, caller.user, self.ctx.clock.now())
        click = Click(caller.user, Act.APPROVE, caller.roles, held.reason if held else "not asked yet", glass=True)
        against, approval = requests.objection(subject, click), self.ctx.store.approvals.get(subject)
        if against is not None or approval is None:
            await answer.whisper(objected(against) if against is not None else refusals.refused(_unknown()))
            return "refused"
        view = reasons.breaking(approval, requests.incident(caller.user) or "", held.reason if held else "")
        await self.slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        return "answered"

    async def _cancel(self, _: Delivery, answer: Answer, value: str) -> str:
        _operator(answer)
        try:
            self.changes.engine.cancel(checked(_OPERATION, value), answer.caller.user)
        except TooLate:
            raise Refused(
                "It cannot be cancelled.", "It is over, or is being stopped.", "See: /aikeys operations"
            ) from None
        return "answered"

    async def _settle(self, delivery: Delivery, answer: Answer, value: str) -> str:
        _operator(answer)
        says = text(first(delivery.payload, "actions"), "action_id").rpartition(":")[2]
        if says not in get_args(Says):
            raise KeyError(says)
        try:
            self.changes.engine.settle(checked(_OPERATION, value), answer.caller.user, cast("Says", says))
        except TooLate:
            raise Refused("Nothing is asked any more.", "It was settled already.", "See: /aikeys operations") from None
        return "answered"

    async def _incident(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Acknowledge or resolve: whoever may change something may say what became of an incident."""
        _operator(answer)
        alerts, by = self.ctx.alerts, answer.caller.user
        does = {} if alerts is None else {"ack": alerts.acknowledge, "resolve": alerts.resolve}
        what = text(first(delivery.payload, "actions"), "action_id").rpartition(":")[2]
        try:
            does[what](checked(_INCIDENT, value), by)
        except TooLate:
            raise overtaken(self.ctx.store.incidents.of(value)) from None
        return "answered"


def _operator(answer: Answer) -> None:
    if Role.OPERATOR not in answer.caller.roles and Role.APPROVER not in answer.caller.roles:
        raise refusals.not_allowed("This button", Role.OPERATOR, answer.caller.roles)


def _unknown() -> Refused:
    return Refused("I know nothing of that card.", "My record does not hold it.", "See: /aikeys approvals")
