"""What a click on a review does: sign it with a note, look again. A card's value is an id."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.approvals.objection import Objection
from bot.clients.slack import Slack
from bot.door.inbox import Delivery
from bot.door.payload import checked, reasoned, text
from bot.post.answers import Answer
from bot.reviews.objection import objection
from bot.reviews.reviewing import Reviewing
from bot.views import review as page
from bot.views.objections import in_words, objected

_REVIEW = re.compile(r"review/[a-z-]{1,20}/[0-9A-Za-z-]{1,20}")


@dataclass(frozen=True, slots=True)
class Signing:
    """Each route returns the outcome in a word for the inbox row; each modal what is wrong, by block."""

    slack: Slack
    reviewing: Reviewing

    @property
    def routes(self) -> dict[str, Callable[[Delivery, Answer, str], Awaitable[str]]]:
        """By the first word of the action id."""
        return {"reviewed": self._ask_what, "look-again": self._look_again}

    @property
    def modals(self) -> dict[str, Callable[[Delivery, Answer], Awaitable[dict[str, str]]]]:
        """By callback_id."""
        return {page.SIGN: self._signed}

    async def _ask_what(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Open the modal, where nothing speaks against a signature."""
        review = self.reviewing.find(checked(_REVIEW, value))
        against = objection(review, answer.caller.user, answer.caller.roles)
        if against is not None:
            await answer.whisper(objected(against))
            return "refused"
        view = page.signing(review)
        await self.slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        return "answered"

    async def _look_again(self, _: Delivery, answer: Answer, value: str) -> str:
        against = await self.reviewing.look(checked(_REVIEW, value), answer.caller.user)
        if against is not None:
            await answer.whisper(objected(against))
            return "refused"
        return "answered"

    async def _signed(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        subject, note = reasoned(delivery.payload)
        try:
            done = self.reviewing.sign(checked(_REVIEW, subject), answer.caller.user, answer.caller.roles, note)
        except KeyError:
            return {"reason": "I know no such review. Nothing was signed."}
        return {"reason": in_words(done)} if isinstance(done, Objection) else {}
