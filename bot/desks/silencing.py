"""What a click on Silence does: ask why and for how long; a P0 waits for another person's yes. Ids are checked."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clients.slack import Slack
from bot.context import Context
from bot.door.inbox import Delivery
from bot.door.payload import INCIDENT, checked, reasoned, text
from bot.errors import Refused
from bot.hide import hide
from bot.incidents.naming import alerts, overtaken
from bot.incidents.quieting import Quieting
from bot.post.answers import Answer
from bot.rights.roles import only_operators
from bot.views.silencing import FOR, SILENCE, silencing
from store.errors import TooLate
from store.quiet import Silence

_SILENCE = re.compile(r"\d{1,15}")
_OVER = Refused("That silence is over.", "It has ended, or nobody asks for it any more.", "Press Silence on the card.")
_GONE = Refused("That request is over.", "It was called off, or nobody agreed in time.", "Nothing is silent by it.")
_RUNS = Refused("That silence runs.", "A second person has agreed to it.", "End the silence is a button of the card.")
_LATER = Refused(
    "That silence is over.", "Another one was asked for since, and it stands as it did.", "See the card as it is now."
)
_OLD = Refused("That button is of an older card.", "I have just drawn it anew.", "Press End the silence once more.")


@dataclass(frozen=True, slots=True)
class Silencing:
    """Each route returns the outcome in a word for the inbox row; each modal what is wrong, by block."""

    ctx: Context
    slack: Slack
    quieting: Quieting

    @property
    def routes(self) -> dict[str, Callable[[Delivery, Answer, str], Awaitable[str]]]:
        """By the first word of the action id."""
        return {
            "silence": self._ask,
            "silence-agree": self._agree,
            "silence-end": self._end,
            "silence-withdraw": self._withdraw,
        }

    @property
    def modals(self) -> dict[str, Callable[[Delivery, Answer], Awaitable[dict[str, str]]]]:
        """By callback_id."""
        return {SILENCE: self._asked}

    async def _ask(self, delivery: Delivery, answer: Answer, value: str) -> str:
        only_operators(answer.caller.roles)
        incident = self.ctx.store.incidents.of(checked(INCIDENT, value))
        if not incident.open:
            raise overtaken(incident)
        view = silencing(incident)
        await self.slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        return "answered"

    async def _asked(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        subject, reason = reasoned(delivery.payload)
        chosen = ("view", "state", "values", "until", "until", "selected_option", "value")
        lasts = FOR.get(text(delivery.payload, *chosen))
        if lasts is None:
            return {"until": "Choose how long. Nothing is silenced without an end."}
        if not reason.strip():
            return {"reason": "Say why: who reads this later was not there."}
        try:
            only_operators(answer.caller.roles)
            incident = self.ctx.store.incidents.of(checked(INCIDENT, subject))
            self.quieting.ask(incident, answer.caller.user, hide(reason), self.ctx.clock.now() + lasts)
        except Refused as refused:
            return {"reason": str(refused)[:200]}
        except (KeyError, TooLate):
            return {"reason": "It is over already. Nothing was silenced."}
        return {}

    async def _agree(self, _: Delivery, answer: Answer, value: str) -> str:
        only_operators(answer.caller.roles)
        silence = self._waits(value, _OVER, "Agree to the newer one, below in the thread.")
        if silence.asked_by == answer.caller.user:
            raise Refused("Another person agrees.", "You asked for it.", "A P0 is silenced by two people.")
        try:
            self.quieting.agree(silence, answer.caller.user)
        except TooLate:
            raise _OVER from None
        return "answered"

    async def _withdraw(self, _: Delivery, answer: Answer, value: str) -> str:
        only_operators(answer.caller.roles)
        silence = self._waits(value, _GONE, "Withdraw the newer one, below in the thread.")
        try:
            self.quieting.withdraw(silence, answer.caller.user)
        except TooLate:
            raise _GONE from None
        return "answered"

    def _waits(self, value: str, gone: Refused, newer: str) -> Silence:
        """The request that a button under it names. Raises Refused where it waits no longer.

        *gone*: where no silence stands; *newer*: what to do where another one waits.
        """
        silence = self.ctx.store.quiet.get(int(checked(_SILENCE, value)))
        incident = self.ctx.store.incidents.of(silence.incident)
        if not incident.open:
            raise overtaken(incident)
        if silence.state == "asked":
            return silence
        if silence.state == "on":
            raise _RUNS
        standing = self.ctx.store.quiet.of(silence.detector)
        if standing is None:
            raise gone
        if standing.state == "asked":
            raise Refused("That request is over.", "Another silence was asked for since.", newer)
        raise Refused("That request is over.", "Another silence runs since.", "It ends by its button on the card.")

    async def _end(self, _: Delivery, answer: Answer, value: str) -> str:
        """The silence that the card shows, and no later one."""
        only_operators(answer.caller.roles)
        if INCIDENT.fullmatch(value):  # a card that was drawn before an upgrade names the incident
            alerts(self.ctx).redraw(self.ctx.store.incidents.of(value).subject)
            raise _OLD
        silence = self.ctx.store.quiet.get(int(checked(_SILENCE, value)))
        if silence.state == "ended" and self.ctx.store.quiet.of(silence.detector) is not None:
            raise _LATER
        try:
            self.quieting.end(silence, answer.caller.user)
        except TooLate:
            raise _OVER from None
        return "answered"
