"""From a delivery to the one thing it asks for. Routes are dicts; a payload becomes named values here."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from bot.answers import Answer
from bot.asking import Desk
from bot.clients.slack import Slack
from bot.command import Risk
from bot.context import Caller
from bot.deciding import Decisions
from bot.errors import Refused, Unanswered
from bot.home import Home
from bot.inbox import Delivery
from bot.pages import Pages
from bot.payload import first, part, text
from bot.roles import Roles
from bot.scribing import PUSHPIN, Scribing
from bot.shortcuts import Shortcuts, place
from bot.startup import Identity
from bot.vault.cut import cut_in
from bot.vault.typed import CUT
from bot.views import how, refusals
from store.inbox import Inbox as Rows

log = structlog.get_logger(__name__)

_MENTION = re.compile(r"^\s*<@([UW][A-Z0-9]+)(\|[^>]*)?>\s*")


@dataclass(frozen=True, slots=True)
class Router:
    """Implements `bot.slack.Routes`."""

    desk: Desk
    slack: Slack
    rows: Rows
    roles: Roles
    who: Identity
    decisions: Decisions
    tab: Home
    shortcuts: Shortcuts
    scribing: Scribing
    pages: Pages = field(default_factory=Pages)

    async def command(self, delivery: Delivery) -> None:
        """`/aikeys …` typed in a channel or a DM."""
        payload = delivery.payload
        answer = await self._answer(
            delivery,
            user=text(payload, "user_id"),
            team=text(payload, "team_id"),
            channel=text(payload, "channel_id"),
            response_url=text(payload, "response_url"),
        )
        await self._settle(delivery, answer, text(payload, "text"))

    async def event(self, delivery: Delivery) -> None:
        """`@aikeys …` in a channel or a thread, a direct message, or the home tab."""
        event = part(delivery.payload, "event")
        if event.get("type") == "app_home_opened":
            return await self._home(delivery, event)
        if event.get("type") == "reaction_added":
            return await self._reaction(delivery, event)
        direct = event.get("type") == "message" and event.get("channel_type") == "im"
        if event.get("bot_id") or event.get("subtype") or not (direct or event.get("type") == "app_mention"):
            return self._done(delivery, "ignored")
        answer = await self._answer(
            delivery,
            user=text(event, "user"),
            team=text(event, "user_team") or text(event, "team") or text(delivery.payload, "team_id"),
            channel=text(event, "channel"),
            thread=text(event, "thread_ts") or ("" if direct else text(event, "ts")),
        )
        return await self._settle(delivery, answer, _MENTION.sub("", text(event, "text")))

    async def click(self, delivery: Delivery) -> None:
        """A button. Its action id names the route; its value is an id and trusted no further."""
        payload = delivery.payload
        action, container = first(payload, "actions"), part(payload, "container")
        name, _, _ = text(action, "action_id").removeprefix("aikeys:").partition(":")
        thread = text(payload, "message", "thread_ts") or text(container, "thread_ts")
        answer = await self._answer_by_hand(delivery, thread)
        if not answer.caller.roles:
            return await self._refuse(delivery, answer, refusals.no_roles(answer.caller.why_none))
        route = self._clicks().get(name)
        if route is None:
            return await self._refuse(delivery, answer, refusals.unknown_button())
        if _is_posted(container) and answer.page is None:
            answer.page = self.pages.at(answer.caller.channel, text(container, "message_ts"))
        return await route(delivery, answer, text(action, "value"))

    def _clicks(self) -> Mapping[str, Callable[[Delivery, Answer, str], Awaitable[None]]]:
        decisions = dict.fromkeys(self.decisions.routes, self._decide)
        return {
            "ask": self._ask_again,
            "below": self._ask_below,
            "refresh": self._refresh,
            "where": self._nothing,
            "how": self._how,
            "way-back": self._way_back,
            **decisions,
        }

    async def _decide(self, delivery: Delivery, answer: Answer, value: str) -> None:
        """A button of a card (bot.deciding)."""
        name = text(first(delivery.payload, "actions"), "action_id").split(":")[1]
        return await self._becomes(delivery, answer, self.decisions.click(name, delivery, answer, value))

    async def _way_back(self, delivery: Delivery, answer: Answer, value: str) -> None:
        """Ask for a roll back, as if it had been typed: it needs its own approval."""
        operation = self.desk.ctx.store.operations.get(value)
        if operation is None:
            return await self._refuse(delivery, answer, refusals.unknown_button())
        return await self._settle(delivery, answer, f"rollback {operation.data['parts'][0]['function']}")

    async def _ask_again(self, delivery: Delivery, answer: Answer, value: str) -> None:
        kind = text(delivery.payload, "view", "type")
        if kind == "home":
            await self.tab.clicked(delivery.payload, value)
        elif kind == "modal":
            here = place(delivery.payload)
            if here.channel:
                answer.caller = replace(answer.caller, channel=here.channel, thread=here.thread or None)
            await self.shortcuts.asked(delivery.payload, answer.caller.roles, value)
        await self._settle(delivery, answer, value, only=Risk.READ)

    async def _refresh(self, delivery: Delivery, _answer: Answer, _value: str) -> None:
        await self.tab.clicked(delivery.payload)
        self._done(delivery, "answered")

    async def _nothing(self, delivery: Delivery, _answer: Answer, _value: str) -> None:
        """A menu that is only read when something else is pressed."""
        self._done(delivery, "answered")

    async def _ask_below(self, delivery: Delivery, answer: Answer, value: str) -> None:
        """Ask in the thread of the card with the button: a page of the runbook has more to press."""
        container = part(delivery.payload, "container")
        if _is_posted(container) and not delivery.reply:
            answer.page = None
            answer.caller = replace(answer.caller, thread=answer.caller.thread or text(container, "message_ts") or None)
        await self._settle(delivery, answer, value, only=Risk.READ)

    async def _how(self, delivery: Delivery, answer: Answer, value: str) -> None:
        """What was asked for the answer above; to who clicks alone."""
        known = re.fullmatch(r"[0-9]{1,15}", value)
        asked = self.desk.ctx.store.traces.get(int(value)) if known else None
        await self._whisper(delivery, answer, how.shown(asked))

    async def shortcut(self, delivery: Delivery) -> None:
        """Open the modal of questions. One of an earlier run is too late for that, and its person has seen it fail."""
        payload = delivery.payload
        if delivery.resumed:
            return self._done(delivery, "late")
        known = asyncio.create_task(self._answer_by_hand(delivery))
        try:
            await self.shortcuts.open(payload, _caller(known))
        except Refused as refused:
            return await self._refuse(delivery, await known, refused)
        except Unanswered as error:
            return self._undelivered(delivery, error)
        return self._done(delivery, "answered")

    async def submission(self, delivery: Delivery) -> dict[str, str]:
        """A modal, by its callback_id. One that a restart left over is answered by direct message: it is closed."""
        name = text(delivery.payload, "view", "callback_id")
        route = self.decisions.modals.get(name)
        if route is None:
            self._done(delivery, "ignored")
            return {}
        answer = await self._answer_by_hand(delivery)
        if leaked := {block: refusals.not_a_place_for_secrets() for block in cut_in(delivery.payload)}:
            self._done(delivery, "refused")
            return leaked
        if delivery.resumed and (late := self.decisions.too_late(name, delivery)) is not None:
            await self._whisper(delivery, answer, late, outcome="click_again")
            return {}
        errors = await route(delivery, answer)
        if errors and delivery.resumed:
            await answer.whisper(refusals.refused(Refused("Nothing was done.", " ".join(errors.values()), "")))
        if errors or name not in self.decisions.go_on:
            self._done(delivery, "refused" if errors else "answered")
        return errors

    async def _reaction(self, delivery: Delivery, event: Mapping[str, Any]) -> None:
        """A 📌 takes a message into a timeline; any other emoji, and one of the bot's, is none of its affairs."""
        if event.get("reaction") != PUSHPIN or event.get("user") == self.who.bot_user:
            return self._done(delivery, "ignored")
        where = {"team": text(delivery.payload, "team_id"), "channel": text(event, "item", "channel")}
        answer = await self._answer(delivery, user=text(event, "user"), **where)
        return await self._becomes(delivery, answer, self.scribing.reacted(event, answer))

    async def _home(self, delivery: Delivery, event: Mapping[str, Any]) -> None:
        user = text(event, "user")
        if event.get("tab", "home") == "home" and user:
            try:
                await self.tab.draw(user, text(delivery.payload, "team_id"), text(event, "view", "hash"))
            except Unanswered as error:
                return self._undelivered(delivery, error)
        return self._done(delivery, "answered")

    async def _answer_by_hand(self, delivery: Delivery, thread: str = "") -> Answer:
        """To who clicked, chose or submitted something; where that was in no channel, in their direct message."""
        payload = delivery.payload
        user = text(payload, "user", "id")
        return await self._answer(
            delivery,
            user=user,
            team=text(payload, "user", "team_id") or text(payload, "team", "id"),
            channel=text(payload, "channel", "id") or user,
            response_url=text(payload, "response_url"),
            thread=thread,
        )

    async def _answer(
        self,
        delivery: Delivery,
        *,
        user: str,
        team: str,
        channel: str,
        response_url: str = "",
        thread: str = "",
    ) -> Answer:
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

    async def _settle(self, delivery: Delivery, answer: Answer, line: str, *, only: Risk | None = None) -> None:
        if not answer.caller.roles:
            return await self._refuse(delivery, answer, refusals.no_roles(answer.caller.why_none))
        if CUT in line:
            mine = delivery.kind == "command" or answer.caller.channel.startswith("D")
            return await self._refuse(delivery, answer, refusals.typed_secret(read_by_others=not mine))
        return await self._becomes(delivery, answer, self.desk.ask(line, delivery, answer, only=only))

    async def _becomes(self, delivery: Delivery, answer: Answer, work: Awaitable[str]) -> None:
        """Settle it with what becomes of *work*."""
        try:
            outcome = await work
        except Refused as refused:
            return await self._refuse(delivery, answer, refused)
        except Unanswered as error:
            return self._undelivered(delivery, error)
        except Exception:
            log.exception("delivery.broke")
            return await self._whisper(delivery, answer, refusals.broke(delivery.id), outcome="broke")
        return self._done(delivery, outcome)

    async def _refuse(self, delivery: Delivery, answer: Answer, refusal: Refused) -> None:
        await self._whisper(delivery, answer, refusals.refused(refusal), outcome="refused")

    async def _whisper(self, delivery: Delivery, answer: Answer, message: Any, outcome: str = "answered") -> None:
        try:
            await answer.whisper(message)
        except Unanswered as error:
            return self._undelivered(delivery, error)
        return self._done(delivery, outcome)

    def _undelivered(self, delivery: Delivery, error: Unanswered) -> None:
        """Slack does not take the answer: nobody can be told, so the log is."""
        log.warning("answer.undelivered", error=str(error))
        self._done(delivery, "undelivered")

    def _done(self, delivery: Delivery, outcome: str) -> None:
        self.rows.later_settled(delivery.id, outcome, self.desk.ctx.clock.now())
        log.debug("delivery.settled", outcome=outcome)


async def _caller(known: "asyncio.Task[Answer]") -> Caller:
    return (await known).caller


def _is_posted(container: Mapping[str, Any]) -> bool:
    """A message for all to see: it can be edited, and has a thread."""
    return container.get("type") == "message" and container.get("is_ephemeral") is not True
