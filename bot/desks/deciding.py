"""What a click on a card does: a desk for each topic (approving, signing, …); operations, incidents here.

A card's value is an id, and trusted no further.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast, get_args

from bot.changes import Changes
from bot.command import Risk
from bot.context import Context
from bot.deploys import hindering
from bot.desks.approving import Approving
from bot.door import recovery
from bot.door.inbox import Delivery
from bot.door.payload import INCIDENT, OPERATION, checked, first, text
from bot.door.recovery import Verdict
from bot.errors import AikeysError, Refused
from bot.incidents.alerting import ERRANDS
from bot.incidents.naming import overtaken
from bot.operations.engine import Says
from bot.post.answers import Answer
from bot.rights.roles import only_operators
from bot.views import entry, refusals
from bot.views.blocks import Message
from bot.views.objections import objected
from store.errors import Edited, TooLate
from store.operations import Operation

Does = Callable[[Delivery, Answer, str], Awaitable[str]]
Submits = Callable[[Delivery, Answer], Awaitable[dict[str, str]]]


class Buttons(Protocol):
    """A topic with buttons of its own: approvals, reviews, values that are entered."""

    @property
    def routes(self) -> Mapping[str, Does]:
        """By the first word of the action id."""
        ...

    @property
    def modals(self) -> Mapping[str, Submits]:
        """By callback_id. Each returns what is wrong, by block; nothing where it is taken."""
        ...


@dataclass(frozen=True, slots=True)
class Decisions:
    """Each route returns the outcome in a word for the inbox row. Refusals go to who clicked, never over the card."""

    ctx: Context
    changes: Changes
    approving: Approving
    others: Sequence[Buttons]

    @property
    def _desks(self) -> Sequence[Buttons]:
        return self.approving, *self.others

    @property
    def modals(self) -> dict[str, Submits]:
        """By callback_id. Each returns what is wrong, by block; nothing where it is taken."""
        return {name: does for desk in self._desks for name, does in desk.modals.items()}

    @property
    def go_on(self) -> frozenset[str]:
        """The modals whose work goes on after they were taken, and settles its delivery itself."""
        return self.approving.go_on | {entry.VALUES}

    @property
    def routes(self) -> dict[str, Does]:
        """By the first word of the action id."""
        return {
            **{name: does for desk in self._desks for name, does in desk.routes.items()},
            "cancel": self._cancel,
            "settle": self._settle,
            "incident": self._incident,
            "errand": self._errand,
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
        except Edited as error:
            await answer.whisper(objected(self.changes.requests.distrusted(value, error)))
        except AikeysError as error:
            down = hindering.down(self.ctx.store.events.open_incidents())
            await answer.whisper(refusals.not_done(error, name, down=down))
        return "refused"

    def too_late(self, name: str, delivery: Delivery) -> Message | None:
        """What is said of a click or a modal that a restart has left over and that is not to be done any more."""
        if name == entry.VALUES and delivery.resumed:
            return entry.forgotten()
        now, at = self.ctx.clock.now(), delivery.received_at
        verdict = recovery.verdict(
            Risk.DESTRUCTIVE,
            resumed=delivery.resumed,
            acked=delivery.acked,
            received_at=at,
            now=now,
            begun=delivery.begun,
        )
        if verdict is Verdict.ANSWER:
            return None
        return refusals.after_restart(name.removeprefix("aikeys:"), verdict, recovery.ago(at, now))

    async def _cancel(self, _: Delivery, answer: Answer, value: str) -> str:
        only_operators(answer.caller.roles)
        operation = self.ctx.store.operations.of(checked(OPERATION, value))
        if operation.state == "running" and not self.changes.engine.stoppable(operation):
            raise _unstoppable(operation)
        try:
            self.changes.engine.cancel(operation.subject, answer.caller.user)
        except TooLate:
            raise Refused(
                "It cannot be cancelled.", "It is over, or is being stopped.", "See: /aikeys operations"
            ) from None
        return "answered"

    async def _settle(self, delivery: Delivery, answer: Answer, value: str) -> str:
        only_operators(answer.caller.roles)
        says = text(first(delivery.payload, "actions"), "action_id").rpartition(":")[2]
        if says not in get_args(Says):
            raise KeyError(says)
        subject = checked(OPERATION, value)
        try:
            self.changes.engine.settle(subject, answer.caller.user, cast("Says", says))
        except TooLate:
            raise _settled(self.ctx.store.operations.of(subject)) from None
        return "answered"

    async def _incident(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Acknowledge, resolve, keep open: whoever may change something may say what becomes of an incident."""
        only_operators(answer.caller.roles)
        alerts, by = self.ctx.alerts, answer.caller.user
        does: dict[str, Callable[[str, str], object]] = {}
        if alerts is not None:
            does = {
                "ack": alerts.acknowledge,
                "resolve": alerts.resolve,
                "keep": alerts.keep,
                "release": alerts.release,
            }
        what = text(first(delivery.payload, "actions"), "action_id").rpartition(":")[2]
        try:
            does[what](checked(INCIDENT, value), by)
        except TooLate:
            raise overtaken(self.ctx.store.incidents.of(value)) from None
        return "answered"

    async def _errand(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """A line of a P0's checklist: send the drafted mail, or say that a person did it."""
        only_operators(answer.caller.roles)
        does, _, name = (
            text(first(delivery.payload, "actions"), "action_id").removeprefix("aikeys:errand:").partition(":")
        )
        subject = checked(INCIDENT, value)
        if self.ctx.alerts is None or (does, name) not in ERRANDS:
            raise KeyError(name)
        incident = self.ctx.store.incidents.of(subject)
        if does == "send" and not incident.open:  # it would say to strangers that we have an outage
            raise overtaken(incident)
        try:
            self.ctx.alerts.errand(subject, does, name, answer.caller.user)
        except TooLate:
            raise Refused(
                "It is done already.", "Somebody was quicker, or it is under way.", "See the checklist."
            ) from None
        return "answered"


def _unstoppable(operation: Operation) -> Refused:
    if operation.command == "rotate":
        then = "Do what it waits for. After a quarter of an hour it goes on without; where it then asks you, Give up."
        return Refused("It cannot be cancelled now.", "Nothing is stopped between setting and proving.", then)
    why = "Its change is made or under way: what is left only looks at it, or keeps what came of it."
    return Refused("It cannot be cancelled now.", why, "Wait for the end. See: /aikeys operations")


def _settled(operation: Operation) -> Refused:
    """To who was too late with a word about a step that nobody could prove."""
    see = "See: /aikeys operations"
    if operation.over:
        return Refused("Nothing is asked any more.", f"Somebody was quicker: it {operation.words}.", see)
    goes = "it goes on"
    for last in operation.attempts[-1:]:  # none where it was begun by another version
        if last.outcome in ("unknown", "not-done") or (last.outcome is None and last.attempt > 1):
            goes = "it is being tried again"
    return Refused("Nothing is asked now.", f"Somebody was quicker: {goes}.", see)
