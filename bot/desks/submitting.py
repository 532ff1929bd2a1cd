"""What becomes of a modal that is submitted: a modal that closes was taken; else it stays open and says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.desks.deciding import Decisions, Submits
from bot.desks.replying import NOT_WRITTEN, Replying
from bot.door.inbox import Delivery
from bot.door.payload import part, text
from bot.errors import Refused
from bot.post.answers import Answer
from bot.rights.pressing import MODALS, may_press
from bot.vault.cut import cut_in
from bot.views import refusals
from store.errors import UNWRITTEN

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Submitting:
    """`take` settles the delivery's row, whatever happens, but where the work goes on (`Decisions.go_on`)."""

    replies: Replying
    decisions: Decisions

    async def take(self, delivery: Delivery) -> dict[str, str]:
        """A modal, by its callback_id; what is wrong, by block. One that a restart left over is answered by message."""
        name = text(delivery.payload, "view", "callback_id")
        route = self.decisions.modals.get(name)
        if route is None:
            self.replies.done(delivery, "ignored")
            return {}
        answer = await self.replies.by_hand(delivery)
        if leaked := {block: refusals.not_a_place_for_secrets() for block in cut_in(delivery.payload)}:
            self.replies.done(delivery, "refused")
            return leaked
        if not may_press(name.removeprefix("aikeys:"), answer.caller.roles, MODALS):
            self.replies.done(delivery, "refused")
            are = ", ".join(sorted(answer.caller.roles)) or "nobody"
            return _under_the_first(
                delivery.payload, f"That takes an operator or an approver; here you are {are}. Nothing was done."
            )
        if delivery.resumed and (late := self.decisions.too_late(name, delivery)) is not None:
            await self.replies.whisper(delivery, answer, late, outcome="click_again")
            return {}
        goes_on = name in self.decisions.go_on  # those have a record of their own, and are done once by it
        errors, outcome = await self._taken(route, delivery, answer, begins=not goes_on)
        if errors and delivery.resumed:  # the modal is gone
            said = Refused("I do not know whether that was done." if outcome == "broke" else "Nothing was done.",
                           " ".join(errors.values()), "")  # fmt: skip
            await self.replies.whisper(delivery, answer, refusals.refused(said), outcome=outcome)
        elif errors or not goes_on:
            self.replies.done(delivery, outcome)
        return errors

    async def _taken(
        self, route: Submits, delivery: Delivery, answer: Answer, *, begins: bool
    ) -> tuple[dict[str, str], str]:
        """What is wrong, by block, and the outcome in a word. What breaks is said too: nobody else would."""
        try:
            if begins:
                self.replies.rows.begin(delivery.id)
            errors = await route(delivery, answer)
        except Refused as refused:
            return _under_the_first(delivery.payload, str(refused)), "refused"
        except UNWRITTEN as error:
            log.error("delivery.unwritten", error=str(error))  # noqa: TRY400  # the sentence says it all
            why = f"{NOT_WRITTEN} Submit it again once my disk takes what I write."
            return _under_the_first(delivery.payload, why), "refused"
        except Exception:
            log.exception("delivery.broke")
            why = (
                f"Something in me broke (reference {delivery.id}). See whether it was done before you submit it again."
            )
            return _under_the_first(delivery.payload, why), "broke"
        return errors, "refused" if errors else "answered"


def _under_the_first(payload: Mapping[str, Any], why: str) -> dict[str, str]:
    """*why*, under the first field of a modal: an error needs a field to stand under."""
    return {next(iter(part(payload, "view", "state", "values")), ""): why}
