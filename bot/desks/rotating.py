"""What a click around a rotation does: a step by hand is done, deploy it again, the mailed code. And its service."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clients.circle import Circle
from bot.clients.slack import Slack
from bot.context import Context
from bot.door.inbox import Delivery
from bot.door.payload import APPROVAL, OPERATION, checked, first, text
from bot.errors import Refused
from bot.post.answers import Answer
from bot.rights.roles import only_operators
from bot.rotations import checklist, mailing, record
from bot.rotations.entering import Entering
from bot.rotations.hands import Hands
from bot.rotations.kit import Kit
from bot.vault import Vault
from bot.views import rotation as view
from store.operations import Operation


class Rotating:
    """Each route returns the outcome in a word for the inbox row; each modal what is wrong, by block."""

    def __init__(self, ctx: Context, slack: Slack, vault: Vault) -> None:
        hands = Hands()
        self._ctx, self._slack = ctx, slack
        self._circle = Circle(ctx.settings.circle_check_url, ctx.clock)
        self.kit = Kit(ctx, hands, vault, self._circle, Entering(ctx, hands, vault))
        vault.entered = hands.stir
        vault.wants = self._wants

    @property
    def routes(self) -> dict[str, Callable[[Delivery, Answer, str], Awaitable[str]]]:
        """By the first word of the action id."""
        return {"check": self._check, "redeploy": self._redeploy, "code": self._ask_code}

    @property
    def modals(self) -> dict[str, Callable[[Delivery, Answer], Awaitable[dict[str, str]]]]:
        """By callback_id."""
        return {view.CODE: self._code}

    async def round(self) -> None:
        """Forget what was held too long, in memory and in boxes."""
        now = self._ctx.clock.now()
        self.kit.hands.tidy(self._ctx.clock.monotonic())
        self._ctx.store.custody.purge(now, everything=not self._ctx.settings.custody)  # it was switched off

    def drain(self) -> None:
        """Wait for nobody any more."""
        self.kit.hands.stir()

    async def close(self) -> None:
        """Forget everything."""
        self.kit.hands.close()
        await self._circle.close()

    def _wants(self, approval: str) -> bool:
        """Whether values of *approval* are waited for now."""
        found = self._ctx.store.approvals.get(approval)
        waiting = record.waiting(self._ctx.store, found.operation) if found is not None and found.operation else None
        return waiting is not None and waiting.data.get("for") == "values"

    async def _check(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Somebody has done a step at Circle."""
        only_operators(answer.caller.roles)
        store, subject = self._ctx.store, checked(APPROVAL, value)
        approval = store.approvals.get(subject)
        number = text(first(delivery.payload, "actions"), "action_id").rpartition(":")[2]
        if approval is None or approval.command != "rotate" or not number.isdecimal() or len(number) > 2:
            raise KeyError(value)
        found = checklist.of(approval.plan["pinned"])
        if not 0 < int(number) <= len(found) or not found[int(number) - 1].by_hand:
            raise KeyError(number)
        if int(number) not in record.checked(store, subject):
            with store.transaction():
                store.events.append(subject, record.CHECKED, answer.caller.user, {"step": int(number)}, self._now())
                if self._ctx.changes is not None:
                    self._ctx.changes.requests.redraw(subject)
        return "answered"

    async def _redeploy(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """The function is to be deployed again, or not."""
        only_operators(answer.caller.roles)
        operation = self._waits_for(checked(OPERATION, value), "redeploy")
        wanted = text(first(delivery.payload, "actions"), "action_id").rpartition(":")[2] == "yes"
        self._ctx.store.events.append(
            operation.subject, record.REDEPLOY, answer.caller.user, {"wanted": wanted}, self._now()
        )
        self.kit.hands.stir()
        return "answered"

    async def _ask_code(self, delivery: Delivery, answer: Answer, value: str) -> str:
        only_operators(answer.caller.roles)
        modal = view.code_modal(self._waits_for(checked(OPERATION, value), "code"))
        await self._slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=modal)
        return "answered"

    async def _code(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        """The code that was mailed."""
        given = text(delivery.payload, "view", "state", "values", "code", "code", "value")
        try:
            only_operators(answer.caller.roles)
            operation = self._waits_for(checked(OPERATION, text(delivery.payload, "view", "private_metadata")), "code")
        except (KeyError, Refused) as error:
            return {"code": f"{error.what} {error.why}" if isinstance(error, Refused) else "I know no such request."}
        wrong = mailing.entered(self.kit, operation.subject, answer.caller.user, given)
        return {"code": wrong} if wrong else {}

    def _waits_for(self, subject: str, what: str) -> Operation:
        operation = self._ctx.store.operations.of(subject)
        waiting = record.waiting(self._ctx.store, subject)
        if operation.state != "running" or waiting is None or waiting.data.get("for") != what:
            raise Refused("Nothing waits for that any more.", f"“{operation.title}” {operation.words}.", "Look below.")
        return operation

    def _now(self) -> datetime:
        return self._ctx.clock.now()
