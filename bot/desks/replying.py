"""To whom a delivery is answered, what becomes of what it asked, and the row settled by it."""

from collections.abc import Awaitable
from dataclasses import dataclass, field

import structlog

from bot.clients.slack import Slack
from bot.command import Risk
from bot.context import Caller
from bot.desks.asking import Desk
from bot.door.inbox import Delivery
from bot.door.payload import text
from bot.errors import Refused, Unanswered
from bot.post.answers import Answer
from bot.post.pages import Pages
from bot.rights.roles import Roles
from bot.start.startup import Identity
from bot.vault.typed import CUT
from bot.views import refusals
from bot.views.blocks import Message
from store.errors import UNWRITTEN
from store.inbox import Inbox as Rows

log = structlog.get_logger(__name__)

NOT_WRITTEN = "I could not write that down, so I went no further."


@dataclass(frozen=True, slots=True)
class Replying:
    """What every way in (bot.router) ends in. Each settles the delivery's row, once."""

    desk: Desk
    slack: Slack
    rows: Rows
    roles: Roles
    who: Identity
    pages: Pages = field(default_factory=Pages)

    async def by_hand(self, delivery: Delivery, thread: str = "") -> Answer:
        """To who clicked, chose or submitted something; where that was in no channel, in their direct message."""
        payload = delivery.payload
        user = text(payload, "user", "id")
        return await self.to(
            delivery,
            user=user,
            team=text(payload, "user", "team_id") or text(payload, "team", "id"),
            channel=text(payload, "channel", "id") or user,
            response_url=text(payload, "response_url"),
            thread=thread,
        )

    async def to(
        self,
        delivery: Delivery,
        *,
        user: str,
        team: str,
        channel: str,
        response_url: str = "",
        thread: str = "",
    ) -> Answer:
        """Who asks, with what rights, and how they are answered."""
        grant = await self.roles.of(user, team)
        caller = Caller(
            user=user,
            channel=channel,
            roles=grant.roles,
            why_none=grant.why,
            asked_at=delivery.received_at,
            thread=thread or None,
            delivery=delivery.id,
            roles_age=grant.age,
        )
        can_look = "channels:history" in self.who.scopes
        return Answer(
            slack=self.slack,
            rows=self.rows,
            clock=self.desk.ctx.clock,
            pages=self.pages,
            caller=caller,
            response_url=response_url if self.slack.ours(response_url) else None,
            page=self.pages.at(*delivery.reply) if delivery.reply else None,
            can_look=can_look,
            unsure=delivery.resumed and can_look,  # posted and not recorded? Without looking that would be a guess
        )

    async def settle(self, delivery: Delivery, answer: Answer, line: str, *, only: Risk | None = None) -> None:
        """Answer the typed *line*; *only* the commands of that risk."""
        if not answer.caller.roles:
            return await self.refuse(delivery, answer, refusals.no_roles(answer.caller.why_none))
        if CUT in line:
            mine = delivery.kind == "command" or answer.caller.channel.startswith("D")
            return await self.refuse(delivery, answer, refusals.typed_secret(read_by_others=not mine))
        return await self.becomes(delivery, answer, self.desk.ask(line, delivery, answer, only=only))

    async def becomes(self, delivery: Delivery, answer: Answer, work: Awaitable[str]) -> None:
        """Settle it with what becomes of *work*."""
        try:
            outcome = await work
        except Refused as refused:
            return await self.refuse(delivery, answer, refused)
        except Unanswered as error:
            return self.undelivered(delivery, error)
        except UNWRITTEN as error:
            log.error("delivery.unwritten", error=str(error))  # noqa: TRY400  # the sentence says it all
            return await self.refuse(
                delivery, answer, Refused(NOT_WRITTEN, str(error), "Ask again once that is mended.")
            )
        except Exception:
            log.exception("delivery.broke")
            return await self.whisper(delivery, answer, refusals.broke(delivery.id), outcome="broke")
        return self.done(delivery, outcome)

    async def refuse(self, delivery: Delivery, answer: Answer, refusal: Refused) -> None:
        """Say no to who asked alone."""
        await self.whisper(delivery, answer, refusals.refused(refusal), outcome="refused")

    async def whisper(self, delivery: Delivery, answer: Answer, message: Message, outcome: str = "answered") -> None:
        """Say *message* to who asked alone."""
        try:
            await answer.whisper(message)
        except Unanswered as error:
            return self.undelivered(delivery, error)
        return self.done(delivery, outcome)

    def undelivered(self, delivery: Delivery, error: Unanswered) -> None:
        """Slack does not take the answer: nobody can be told, so the log is."""
        log.warning("answer.undelivered", error=str(error))
        self.done(delivery, "undelivered")

    def done(self, delivery: Delivery, outcome: str) -> None:
        """The row is settled: *outcome* in a word."""
        self.rows.later_settled(delivery.id, outcome, self.desk.ctx.clock.now())
        log.debug("delivery.settled", outcome=outcome)
