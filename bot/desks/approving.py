"""What a click on an approval does: approve, deny, withdraw, break the glass. A card's value is an id."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import structlog

from bot.approvals import glass
from bot.approvals.objection import Act, Click, Objection, Why, to_type
from bot.changes import Changes
from bot.clients.slack import Slack
from bot.context import Context
from bot.deploys import hindering
from bot.door.inbox import Delivery
from bot.door.payload import APPROVAL, checked, error_block, reasoned, text, typed
from bot.errors import AikeysError, Refused
from bot.post.answers import Answer
from bot.rights.roles import Roles
from bot.views import reasons, refusals
from bot.views.objections import in_words, objected
from store.errors import Edited

log = structlog.get_logger(__name__)

_NOT_MINE = "This is from another version of me. Nothing was done."
_ASKED_FOR = frozenset({Why.NO_REASON, Why.NO_NAME})  # what a modal mends


def anew(roles: Roles) -> Callable[[Click], Awaitable[Click]]:
    """Return what gives a click the roles that its person has now: who has just left a group decides nothing more."""

    async def ask(click: Click) -> Click:
        grant = await roles.of(click.user, "", anew=True)
        return replace(click, roles=grant.roles, roles_age=grant.age)

    return ask


@dataclass(frozen=True, slots=True)
class Approving:
    """Each route returns the outcome in a word for the inbox row; each modal what is wrong, by block."""

    ctx: Context
    slack: Slack
    changes: Changes
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def routes(self) -> dict[str, Callable[[Delivery, Answer, str], Awaitable[str]]]:
        """By the first word of the action id."""
        return {
            "approve": self._approve,
            "deny": self._ask_why,
            "withdraw": self._withdraw,
            "glass": self._ask_why_alone,
        }

    @property
    def modals(self) -> dict[str, Callable[[Delivery, Answer], Awaitable[dict[str, str]]]]:
        """By callback_id."""
        return {reasons.DENY: self._denied, reasons.GLASS: self._broken, reasons.PASS: self._passed}

    @property
    def go_on(self) -> frozenset[str]:
        """The modals whose work goes on after they were taken, and settles its delivery itself."""
        return frozenset({reasons.GLASS, reasons.PASS})

    async def settled(self) -> None:
        """Return when nothing that a modal began is under way."""
        while self.under_way:
            await asyncio.gather(*self.under_way, return_exceptions=True)

    async def _denied(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        """The modal of a denial: deny, or say under its field why not."""
        subject, reason = reasoned(delivery.payload)
        caller = answer.caller
        if not APPROVAL.fullmatch(subject):
            return {"reason": _NOT_MINE}
        try:
            done = await self.changes.requests.click(subject, Click(caller.user, Act.DENY, caller.roles, reason))
        except KeyError:
            return {"reason": "I know no such request."}
        return {"reason": in_words(done)} if isinstance(done, Objection) else {}

    async def _broken(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        """The modal of a broken glass."""
        return await self._approved_with(delivery, answer, alone=True)

    async def _passed(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        """The modal of an approver whose approval passes a freeze, or loses data."""
        return await self._approved_with(delivery, answer, alone=False)

    async def _approved_with(self, delivery: Delivery, answer: Answer, *, alone: bool) -> dict[str, str]:
        """Approve with the reason given: what speaks against it now stands under its field, the rest goes its own way.

        Making the plan again may take longer than Slack lets a modal wait (3 s), so it is told apart.
        """
        subject, reason = reasoned(delivery.payload)
        caller, under = answer.caller, error_block(delivery.payload)
        if not APPROVAL.fullmatch(subject):
            return {under: _NOT_MINE}
        name = typed(delivery.payload)
        click = Click(caller.user, Act.APPROVE, caller.roles, reason, alone, caller.roles_age, name)
        try:
            against = self.changes.requests.objection(subject, click)
        except KeyError:
            return {under: "I know no such request."}
        except Edited as error:
            against = self.changes.requests.distrusted(subject, error)
        if against is not None:
            return {"project" if against.why is Why.NO_NAME else under: in_words(against)}
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
        except Refused as refused:
            outcome = "refused"
            await answer.whisper(refusals.refused(refused))
        except AikeysError as error:
            outcome = "failed"
            down = hindering.down(self.ctx.store.events.open_incidents())
            await answer.whisper(refusals.not_done(error, "glass" if click.glass else "approve", down=down))
        except Exception:
            log.exception("approval.broke")
            outcome = "broke"
            await answer.whisper(refusals.broke(delivery.id))
        finally:
            self.ctx.store.inbox.later_settled(delivery.id, outcome, self.ctx.clock.now())

    async def _approve(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Approve; where only words are missing, the reason to pass a freeze or the project's name, ask for them."""
        subject, caller = checked(APPROVAL, value), answer.caller
        against = self.changes.requests.objection(subject, Click(caller.user, Act.APPROVE, caller.roles))
        approval, freeze = self.ctx.store.approvals.get(subject), self.ctx.store.operations.frozen(self.ctx.clock.now())
        if against is None or against.why not in _ASKED_FOR or approval is None:
            return await self._said(answer, value, Act.APPROVE)
        name = to_type(approval)
        if against.why is Why.NO_REASON and freeze is not None:
            view = reasons.passing(approval, freeze, name)
        else:
            view = reasons.naming(approval, name)
        await self.slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        return "answered"

    async def _withdraw(self, _: Delivery, answer: Answer, value: str) -> str:
        return await self._said(answer, value, Act.WITHDRAW)

    async def _said(self, answer: Answer, value: str, act: Act) -> str:
        caller = answer.caller
        click = Click(caller.user, act, caller.roles, roles_age=caller.roles_age)
        done = await self.changes.requests.click(checked(APPROVAL, value), click)
        if isinstance(done, Objection):
            await answer.whisper(objected(done))
            return "refused"
        return "answered"

    async def _ask_why(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Open the modal, where nothing speaks against denying."""
        subject, caller = checked(APPROVAL, value), answer.caller
        against = self.changes.requests.objection(subject, Click(caller.user, Act.DENY, caller.roles))
        if against is not None:
            await answer.whisper(objected(against))
            return "refused"
        approval = self.ctx.store.approvals.get(subject)
        view = reasons.denial(subject, approval.title if approval else subject)
        await self.slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        return "answered"

    async def _ask_why_alone(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Open the modal of the glass, where nothing but what it asks for speaks against breaking it."""
        subject, caller, requests = checked(APPROVAL, value), answer.caller, self.changes.requests
        held = glass.standing(self.ctx.store, caller.user, self.ctx.clock.now())
        click = Click(caller.user, Act.APPROVE, caller.roles, held.reason if held else "not asked yet", glass=True)
        against, approval = requests.objection(subject, click), self.ctx.store.approvals.get(subject)
        if approval is None or (against is not None and against.why is not Why.NO_NAME):
            await answer.whisper(
                objected(against) if against is not None else refusals.refused(refusals.unknown_card())
            )
            return "refused"
        view = reasons.breaking(
            approval, requests.incident(caller.user) or "", held.reason if held else "", to_type(approval)
        )
        await self.slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        return "answered"
