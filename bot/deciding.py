"""What a click on a card does: approve, deny, withdraw, cancel, say what became of a step. A card's value is an id."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast, get_args

from bot import recovery
from bot.answers import Answer
from bot.approvals.objection import Act, Click, Objection
from bot.changes import Changes
from bot.clients.slack import Slack
from bot.command import Risk, Role
from bot.context import Context
from bot.errors import AikeysError, Refused
from bot.inbox import Delivery
from bot.operations.engine import Says
from bot.payload import part, text
from bot.recovery import Verdict
from bot.views import approval as cards
from bot.views import refusals
from bot.views.objections import objected
from store.errors import TooLate

Does = Callable[[Delivery, Answer, str], Awaitable[str]]
_APPROVAL = re.compile(r"approval/\d{1,9}")
_OPERATION = re.compile(r"operation/\d{1,9}")
DENY = "aikeys:deny"  # the modal's callback_id


@dataclass(frozen=True, slots=True)
class Decisions:
    """Each route returns the outcome in a word for the inbox row. Refusals go to who clicked, never over the card."""

    ctx: Context
    slack: Slack
    changes: Changes

    @property
    def routes(self) -> dict[str, Does]:
        """By the first word of the action id."""
        return {
            "approve": self._approve,
            "deny": self._ask_why,
            "withdraw": self._withdraw,
            "cancel": self._cancel,
            "settle": self._settle,
        }

    async def click(self, name: str, delivery: Delivery, answer: Answer, value: str) -> str:
        """Do what the button *name* is for."""
        now = self.ctx.clock.now()
        verdict = recovery.verdict(
            Risk.DESTRUCTIVE, resumed=delivery.resumed, acked=delivery.acked, received_at=delivery.received_at, now=now
        )
        if verdict is not Verdict.ANSWER:
            await answer.whisper(refusals.after_restart(name, verdict, recovery.ago(delivery.received_at, now)))
            return verdict.name.lower()
        try:
            return await self.routes[name](delivery, answer, value)
        except KeyError:
            await answer.whisper(refusals.refused(_unknown()))
        except Refused as refused:
            await answer.whisper(refusals.refused(refused))
        except AikeysError as error:
            await answer.whisper(refusals.failed(error))
        return "refused"

    async def submitted(self, delivery: Delivery, user: str, roles: frozenset[str]) -> dict[str, str]:
        """The modal of a denial: deny, or say under its field why not."""
        view = part(delivery.payload, "view")
        subject = text(view, "private_metadata")
        reason = text(view, "state", "values", "reason", "reason", "value", limit=300)
        if not _APPROVAL.fullmatch(subject):
            return {"reason": "This is from another version of me. Nothing was done."}
        try:
            done = await self.changes.requests.click(subject, Click(user, Act.DENY, roles, reason))
        except KeyError:
            return {"reason": "I know no such request."}
        if isinstance(done, Objection):
            by = self.ctx.store.approvals.get(subject)
            who = "somebody" if by is None or not by.decided_by else by.decided_by
            return {"reason": f"{done.what} {done.because} {done.do}".replace("{who}", who)}
        return {}

    async def _approve(self, _: Delivery, answer: Answer, value: str) -> str:
        return await self._said(answer, value, Act.APPROVE)

    async def _withdraw(self, _: Delivery, answer: Answer, value: str) -> str:
        return await self._said(answer, value, Act.WITHDRAW)

    async def _said(self, answer: Answer, value: str, act: Act) -> str:
        caller = answer.caller
        done = await self.changes.requests.click(_checked(_APPROVAL, value), Click(caller.user, act, caller.roles))
        if isinstance(done, Objection):
            await answer.whisper(objected(done))
            return "refused"
        return "answered"

    async def _ask_why(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Open the modal, where nothing speaks against denying."""
        subject, caller = _checked(_APPROVAL, value), answer.caller
        against = self.changes.requests.objection(subject, Click(caller.user, Act.DENY, caller.roles))
        if against is not None:
            await answer.whisper(objected(against))
            return "refused"
        approval = self.ctx.store.approvals.get(subject)
        view = cards.denial(subject, approval.title if approval else subject)
        await self.slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        return "answered"

    async def _cancel(self, _: Delivery, answer: Answer, value: str) -> str:
        _operator(answer)
        try:
            self.changes.engine.cancel(_checked(_OPERATION, value), answer.caller.user)
        except TooLate:
            raise Refused(
                "It cannot be cancelled.", "It is over, or is being stopped.", "See: /aikeys operations"
            ) from None
        return "answered"

    async def _settle(self, delivery: Delivery, answer: Answer, value: str) -> str:
        _operator(answer)
        actions = delivery.payload.get("actions") or [{}]
        says = text(actions[0], "action_id").rpartition(":")[2]
        if says not in get_args(Says):
            raise KeyError(says)
        try:
            self.changes.engine.settle(_checked(_OPERATION, value), answer.caller.user, cast("Says", says))
        except TooLate:
            raise Refused("Nothing is asked any more.", "It was settled already.", "See: /aikeys operations") from None
        return "answered"


def _checked(shape: re.Pattern[str], value: str) -> str:
    if not shape.fullmatch(value):
        raise KeyError(value)
    return value


def _operator(answer: Answer) -> None:
    if Role.OPERATOR not in answer.caller.roles and Role.APPROVER not in answer.caller.roles:
        raise refusals.not_allowed("This button", Role.OPERATOR, answer.caller.roles)


def _unknown() -> Refused:
    return Refused("I know nothing of that card.", "My record does not hold it.", "See: /aikeys approvals")
