"""What a click on a card does: approvals (bot.approving), reviews (bot.signing), and here operations and incidents.

A card's value is an id, and trusted no further.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast, get_args

from bot import recovery
from bot.answers import Answer
from bot.approving import Approving
from bot.changes import Changes
from bot.command import Risk, Role
from bot.context import Context
from bot.errors import AikeysError, Refused
from bot.inbox import Delivery
from bot.incidents.naming import overtaken
from bot.operations.engine import Says
from bot.payload import checked, first, text
from bot.recovery import Verdict
from bot.scribing import Scribing
from bot.signing import Signing
from bot.silencing import Silencing
from bot.vault.entering import Entering
from bot.views import entry, refusals
from bot.views.blocks import Message
from store.errors import TooLate

Does = Callable[[Delivery, Answer, str], Awaitable[str]]
Submits = Callable[[Delivery, Answer], Awaitable[dict[str, str]]]
_OPERATION = re.compile(r"operation/\d{1,9}")
_INCIDENT = re.compile(r"incident/\d{1,9}")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Each route returns the outcome in a word for the inbox row. Refusals go to who clicked, never over the card."""

    ctx: Context
    changes: Changes
    approving: Approving
    signing: Signing
    entering: Entering
    scribing: Scribing
    silencing: Silencing

    @property
    def modals(self) -> dict[str, Submits]:
        """By callback_id. Each returns what is wrong, by block; nothing where it is taken."""
        modals = {**self.approving.modals, **self.signing.modals, **self.entering.modals}
        return {**modals, **self.scribing.modals, **self.silencing.modals}

    @property
    def go_on(self) -> frozenset[str]:
        """The modals whose work goes on after they were taken, and settles its delivery itself."""
        return self.approving.go_on | {entry.VALUES}

    @property
    def routes(self) -> dict[str, Does]:
        """By the first word of the action id."""
        return {
            **self.approving.routes,
            **self.signing.routes,
            **self.entering.routes,
            **self.scribing.routes,
            **self.silencing.routes,
            "cancel": self._cancel,
            "settle": self._settle,
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
            await answer.whisper(refusals.refused(refusals.unknown_card()))
        except Refused as refused:
            await answer.whisper(refusals.refused(refused))
        except AikeysError as error:
            await answer.whisper(refusals.failed(error))
        return "refused"

    def too_late(self, name: str, delivery: Delivery) -> Message | None:
        """What is said of a click or a modal that a restart has left over and that is not to be done any more."""
        if name == entry.VALUES and delivery.resumed:
            return entry.forgotten()
        now, at = self.ctx.clock.now(), delivery.received_at
        verdict = recovery.verdict(
            Risk.DESTRUCTIVE, resumed=delivery.resumed, acked=delivery.acked, received_at=at, now=now
        )
        if verdict is Verdict.ANSWER:
            return None
        return refusals.after_restart(name.removeprefix("aikeys:"), verdict, recovery.ago(at, now))

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
