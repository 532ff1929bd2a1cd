"""One question, from the words to the answer: grammar, role, what a restart left of it, the command, its card."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot import how
from bot.command import Command, Risk
from bot.context import Context
from bot.door import recovery
from bot.door.inbox import Delivery
from bot.door.recovery import Verdict
from bot.errors import AikeysError, Refused
from bot.grammar import parse
from bot.hide import hide
from bot.post.answers import Answer, Undelivered
from bot.rights.ruling import Ruling, ruling
from bot.views import refusals
from bot.views.blocks import Message, code, escape, when
from bot.views.how import with_button
from store.errors import StoreError
from store.incidents import ASKED, BY_HAND

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers questions. *commands* by name."""

    ctx: Context
    commands: Mapping[str, Command[Any, Any]]

    async def ask(self, text: str, delivery: Delivery, answer: Answer, *, only: Risk | None = None) -> str:
        """Answer *text* for the caller of *answer*; return the outcome in a word for the inbox row.

        *only* limits it to commands of that risk: a button asks, it never does (bot.views.blocks.ask_button).
        Raises Undelivered.
        """
        try:
            return await self._ask(text, delivery, answer, only)
        except Refused as refused:
            await answer.whisper(refusals.refused(refused))
            return "refused"
        except Undelivered:
            raise
        except AikeysError as error:
            log.warning("command.failed", error=str(error))
            await answer.whisper(refusals.failed(error))
            return "failed"

    async def _ask(self, text: str, delivery: Delivery, answer: Answer, only: Risk | None) -> str:
        caller = answer.caller
        parsed = parse(text, self.commands)
        command: Command[Any, Any] = parsed.command
        line = f"/aikeys {command.name}"
        now = self.ctx.clock.now()
        verdict = recovery.verdict(
            command.risk,
            resumed=delivery.resumed,
            acked=delivery.acked,
            received_at=delivery.received_at,
            now=now,
            begun=delivery.begun,
        )
        if verdict is Verdict.BEGUN and delivery.reply:
            return "answered"  # the answer stands there: only the mark was lost
        found = ruling(command, caller.roles, verdict=verdict, only=only)
        if found is Ruling.ROLE:
            raise refusals.not_allowed(line, command.who, caller.roles)
        if found is Ruling.LATE:
            await answer.whisper(refusals.after_restart(line, verdict, recovery.ago(delivery.received_at, now)))
            return verdict.name.lower()
        if found is Ruling.TYPED:
            raise refusals.not_by_button(line)
        asked = when(delivery.received_at.timestamp(), f"{delivery.received_at:%H:%M} UTC")
        late = f", {recovery.ago(delivery.received_at, now)} ago: I was restarting" if delivery.resumed else ""
        answer.private = answer.private or command.private
        if parsed.greeted:
            answer.notes.append(
                "👋 Hello. I am a program: I answer to one of these, as in `health` or `triage webhook`."
            )
        if not answer.private:
            typed = line if command.wordy else hide(f"/aikeys {parsed.line}")
            answer.notes.append(f"<@{caller.user}> asked {code(typed)} {asked}{late}")
        places = self.ctx.places
        if places is not None and not answer.private and caller.channel != caller.user:  # else it is in private already
            why = await places.why_not(caller.channel, confined=command.confined)
            if why:
                await answer.aside(refusals.elsewhere(why))
        ctx = replace(self.ctx, caller=replace(caller, line=hide(parsed.line)))
        if command.risk is Risk.CHANGE:  # what is destructive waits for an approval, and that is given once
            self.ctx.store.inbox.begin(delivery.id)
        log.info("command.asked", command=command.name, user=caller.user)
        remembered = False
        with how.remembering() as questions:
            async with aclosing(command.facts(ctx, parsed.args)) as all_facts:
                async for facts in all_facts:
                    message = command.message(facts)
                    if questions and command.risk is Risk.READ and not remembered:
                        remembered = True
                        self._remember(caller.user, command.name, parsed.line, caller.delivery)
                    if questions and command.risk is not Risk.DESTRUCTIVE:  # whose questions may name what is secret
                        self._keep(caller.delivery, questions)  # before the button that leads to it
                        message = with_button(message, caller.delivery)
                    await answer.show(message)
                    if command.quotes or getattr(parsed.args, "reason", None) or self._names_one(message):
                        self._quoted(answer)
                    if answer.superseded:
                        break  # what would still come is about a question that was asked anew
        await answer.finish()
        return "answered"

    def _names_one(self, message: Message) -> bool:
        """It names an open incident by what a person called it: their words too, on whatever card."""
        titles = [one.title for one in self.ctx.store.events.open_incidents() if one.dedup_key.startswith(BY_HAND)]
        return any(escape(one)[:24] in str(message.blocks) for one in titles)

    def _quoted(self, answer: Answer) -> None:
        """It holds what people wrote: where that is taken back, it is emptied."""
        try:
            if answer.page is not None:
                self.ctx.store.quotes.quoted(answer.page.channel, answer.page.ts, self.ctx.clock.now())
        except StoreError as error:
            log.error("quote.unkept", error=str(error))  # noqa: TRY400  # the sentence says it

    def _remember(self, user: str, name: str, line: str, delivery: int) -> None:
        """What people looked at while an incident is open belongs to its story; otherwise it is nobody's affair."""
        events = self.ctx.store.events
        try:
            if events.open_incidents():
                data = {"command": name, "trace": delivery}
                at, said = self.ctx.clock.now(), hide(f"/aikeys {line}")
                events.append(f"question/{delivery}", ASKED, user, data, at, text=said)
        except StoreError as error:
            log.error("question.unkept", error=str(error))  # noqa: TRY400  # the sentence says it

    def _keep(self, delivery: int, asked: Sequence[how.Asked]) -> None:
        """For the button “How I know”. A disk that is full costs nobody the answer itself."""
        try:
            self.ctx.store.traces.keep(delivery, [one.to_json() for one in asked], self.ctx.clock.now())
        except StoreError as error:
            log.error("trace.unkept", error=str(error))  # noqa: TRY400  # the sentence says it
