"""From a delivery to the one thing it asks for. Routes are dicts; a payload becomes named values here."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.command import Risk
from bot.context import Caller
from bot.deploys.record import FINISHED
from bot.desks.deciding import Decisions
from bot.desks.home import Home
from bot.desks.replying import Replying
from bot.desks.scribing import PUSHPIN, Scribing
from bot.desks.shortcuts import Shortcuts, place
from bot.desks.submitting import Submitting
from bot.door.inbox import Delivery
from bot.door.payload import first, part, text
from bot.errors import Refused, Unanswered
from bot.post.answers import Answer
from bot.rights.pressing import may_press
from bot.views import how, refusals

log = structlog.get_logger(__name__)

_MENTION = re.compile(r"^\s*<@([UW][A-Z0-9]+)(\|[^>]*)?>\s*")


@dataclass(frozen=True, slots=True)
class Router:
    """Implements `bot.slack.Routes`."""

    replies: Replying
    decisions: Decisions
    tab: Home
    shortcuts: Shortcuts
    scribing: Scribing
    submitting: Submitting

    async def command(self, delivery: Delivery) -> None:
        """`/aikeys …` typed in a channel or a DM."""
        payload = delivery.payload
        answer = await self.replies.to(
            delivery,
            user=text(payload, "user_id"),
            team=text(payload, "team_id"),
            channel=text(payload, "channel_id"),
            response_url=text(payload, "response_url"),
        )
        await self.replies.settle(delivery, answer, text(payload, "text"))

    async def event(self, delivery: Delivery) -> None:
        """`@aikeys …` in a channel or a thread, a direct message, or the home tab."""
        event = part(delivery.payload, "event")
        if event.get("type") == "app_home_opened":
            return await self._home(delivery, event)
        if event.get("type") == "reaction_added":
            return await self._reaction(delivery, event)
        direct = event.get("type") == "message" and event.get("channel_type") == "im"
        if event.get("bot_id") or event.get("subtype") or not (direct or event.get("type") == "app_mention"):
            return self.replies.done(delivery, "ignored")
        answer = await self.replies.to(
            delivery,
            user=text(event, "user"),
            team=text(event, "user_team") or text(event, "team") or text(delivery.payload, "team_id"),
            channel=text(event, "channel"),
            thread=text(event, "thread_ts") or ("" if direct else text(event, "ts")),
        )
        return await self.replies.settle(delivery, answer, _MENTION.sub("", text(event, "text")))

    async def click(self, delivery: Delivery) -> None:
        """A button. Its action id names the route; its value is an id and trusted no further."""
        payload = delivery.payload
        action, container = first(payload, "actions"), part(payload, "container")
        name, _, _ = text(action, "action_id").removeprefix("aikeys:").partition(":")
        thread = text(payload, "message", "thread_ts") or text(container, "thread_ts")
        answer = await self.replies.by_hand(delivery, thread)
        answer.inside = bool(thread) and thread != text(container, "message_ts")
        if not answer.caller.roles:
            return await self.replies.refuse(delivery, answer, refusals.no_roles(answer.caller.why_none))
        route = self._clicks().get(name)
        if route is None:
            return await self.replies.refuse(delivery, answer, refusals.unknown_button())
        if not may_press(name, answer.caller.roles):
            return await self.replies.refuse(
                delivery, answer, refusals.not_allowed("This button", "operator or approver", answer.caller.roles)
            )
        if _is_posted(container) and answer.page is None:
            answer.page = self.replies.pages.at(answer.caller.channel, text(container, "message_ts"))
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
        """A button of a card (bot.desks.deciding)."""
        name = text(first(delivery.payload, "actions"), "action_id").split(":")[1]
        return await self.replies.becomes(delivery, answer, self.decisions.click(name, delivery, answer, value))

    async def _way_back(self, delivery: Delivery, answer: Answer, value: str) -> None:
        """Ask for a roll back, as if it had been typed: it needs its own approval."""
        function = self._deployed(value)
        if not function:
            return await self.replies.refuse(delivery, answer, refusals.unknown_button())
        self._in_its_thread(delivery, answer)
        return await self.replies.settle(delivery, answer, f"rollback {function}")

    def _deployed(self, value: str) -> str:
        """The function of a deploy: of its operation, or, on an incident's card, of the event that recorded it."""
        store = self.replies.desk.ctx.store
        if event := re.fullmatch(r"event/([1-9]\d{0,14})", value):
            try:
                found = store.events.get(int(event[1]))
            except KeyError:
                return ""
            return str(found.data["function"]) if found.kind == FINISHED else ""
        operation = store.operations.get(value)
        return str(operation.data["parts"][0]["function"]) if operation is not None else ""

    async def _ask_again(self, delivery: Delivery, answer: Answer, value: str) -> None:
        kind = text(delivery.payload, "view", "type")
        if kind == "home":
            await self.tab.clicked(delivery.payload, value)
        elif kind == "modal":
            here = place(delivery.payload)
            if here.channel:
                answer.caller = replace(answer.caller, channel=here.channel, thread=here.thread or None)
            await self.shortcuts.asked(delivery.payload, answer.caller.roles, value)
        await self.replies.settle(delivery, answer, value, only=Risk.READ)

    async def _refresh(self, delivery: Delivery, _answer: Answer, _value: str) -> None:
        await self.tab.clicked(delivery.payload)
        self.replies.done(delivery, "answered")

    async def _nothing(self, delivery: Delivery, _answer: Answer, _value: str) -> None:
        """A menu that is only read when something else is pressed."""
        self.replies.done(delivery, "answered")

    async def _ask_below(self, delivery: Delivery, answer: Answer, value: str) -> None:
        """Ask in the thread of the card with the button: a page of the runbook has more to press."""
        self._in_its_thread(delivery, answer)
        await self.replies.settle(delivery, answer, value, only=Risk.READ)

    def _in_its_thread(self, delivery: Delivery, answer: Answer) -> None:
        """Below the card with the button, also where nobody has written below it yet."""
        container = part(delivery.payload, "container")
        if _is_posted(container) and not delivery.reply:
            answer.page = None
            answer.caller = replace(answer.caller, thread=answer.caller.thread or text(container, "message_ts") or None)

    async def _how(self, delivery: Delivery, answer: Answer, value: str) -> None:
        """What was asked for the answer above; to who clicks alone."""
        known = re.fullmatch(r"[0-9]{1,15}", value)
        asked = self.replies.desk.ctx.store.traces.get(int(value)) if known else None
        await self.replies.whisper(delivery, answer, how.shown(asked))

    async def shortcut(self, delivery: Delivery) -> None:
        """Open the modal of questions. One of an earlier run is too late for that, and its person has seen it fail."""
        payload = delivery.payload
        if delivery.resumed:
            return self.replies.done(delivery, "late")
        known = asyncio.create_task(self.replies.by_hand(delivery))
        try:
            await self.shortcuts.open(payload, _caller(known))
        except Refused as refused:
            return await self.replies.refuse(delivery, await known, refused)
        except Unanswered as error:
            return self.replies.undelivered(delivery, error)
        return self.replies.done(delivery, "answered")

    async def submission(self, delivery: Delivery) -> dict[str, str]:
        """A modal's."""
        return await self.submitting.take(delivery)

    async def _reaction(self, delivery: Delivery, event: Mapping[str, Any]) -> None:
        """A 📌 takes a message into a timeline; any other emoji, and one of the bot's, is none of its affairs."""
        if event.get("reaction") != PUSHPIN or event.get("user") == self.replies.who.bot_user:
            return self.replies.done(delivery, "ignored")
        where = {"team": text(delivery.payload, "team_id"), "channel": text(event, "item", "channel")}
        answer = await self.replies.to(delivery, user=text(event, "user"), **where)
        return await self.replies.becomes(delivery, answer, self.scribing.reacted(event, answer))

    async def _home(self, delivery: Delivery, event: Mapping[str, Any]) -> None:
        user = text(event, "user")
        if event.get("tab", "home") == "home" and user:
            try:
                await self.tab.draw(user, text(delivery.payload, "team_id"), text(event, "view", "hash"))
            except Unanswered as error:
                return self.replies.undelivered(delivery, error)
        return self.replies.done(delivery, "answered")


async def _caller(known: "asyncio.Task[Answer]") -> Caller:
    return (await known).caller


def _is_posted(container: Mapping[str, Any]) -> bool:
    """A message for all to see: it can be edited, and has a thread."""
    return container.get("type") == "message" and container.get("is_ephemeral") is not True
