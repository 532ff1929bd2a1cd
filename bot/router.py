"""From a delivery to the one thing it asks for. Routes are dicts; a payload becomes named values here."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.answers import Answer
from bot.asking import Desk
from bot.clients.slack import Slack
from bot.command import Role
from bot.context import Caller
from bot.errors import Refused
from bot.inbox import Delivery
from bot.roles import Roles
from bot.startup import Identity
from bot.views import home, refusals
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

    async def command(self, delivery: Delivery) -> None:
        """`/aikeys …` typed in a channel or a DM."""
        payload = delivery.payload
        answer = await self._answer(
            delivery,
            user=str(payload.get("user_id", "")),
            team=str(payload.get("team_id", "")),
            channel=str(payload.get("channel_id", "")),
            response_url=payload.get("response_url"),
        )
        await self._settle(delivery, answer, str(payload.get("text", "")))

    async def event(self, delivery: Delivery) -> None:
        """`@aikeys …` in a channel or a thread, a direct message, or the home tab."""
        event = delivery.payload.get("event")
        if not isinstance(event, dict):
            return self._done(delivery, "unreadable")
        if event.get("type") == "app_home_opened":
            return await self._home(delivery, event)
        direct = event.get("type") == "message" and event.get("channel_type") == "im"
        if event.get("bot_id") or event.get("subtype") or not (direct or event.get("type") == "app_mention"):
            return self._done(delivery, "ignored")
        answer = await self._answer(
            delivery,
            user=str(event.get("user", "")),
            team=str(event.get("user_team") or event.get("team") or delivery.payload.get("team_id", "")),
            channel=str(event.get("channel", "")),
            thread=event.get("thread_ts") or (None if direct else event.get("ts")),
        )
        return await self._settle(delivery, answer, _MENTION.sub("", str(event.get("text", ""))))

    async def click(self, delivery: Delivery) -> None:
        """A button. Its action id names the route; its value is an id and trusted no further."""
        payload = delivery.payload
        action = (payload.get("actions") or [{}])[0]
        name, _, _ = str(action.get("action_id", "")).removeprefix("aikeys:").partition(":")
        container = payload.get("container") or {}
        answer = await self._answer(
            delivery,
            user=str((payload.get("user") or {}).get("id", "")),
            team=str((payload.get("user") or {}).get("team_id") or (payload.get("team") or {}).get("id", "")),
            channel=str((payload.get("channel") or {}).get("id") or (payload.get("user") or {}).get("id", "")),
            response_url=payload.get("response_url"),
            thread=(payload.get("message") or {}).get("thread_ts"),
        )
        route = self._clicks().get(name)
        if route is None:
            return await self._refuse(delivery, answer, _unknown_button())
        if container.get("type") == "message" and not container.get("is_ephemeral") and answer.reply is None:
            answer.reply = (answer.caller.channel, str(container.get("message_ts", "")))
        return await route(delivery, answer, str(action.get("value", "")))

    def _clicks(self) -> Mapping[str, Callable[[Delivery, Answer, str], Awaitable[None]]]:
        return {"ask": self._ask_again, "logs": self._logs}

    async def _ask_again(self, delivery: Delivery, answer: Answer, value: str) -> None:
        await self._settle(delivery, answer, value, only=Role.VIEWER)

    async def _logs(self, delivery: Delivery, answer: Answer, _: str) -> None:
        await self._whisper(delivery, answer, home.logs_elsewhere(self.desk.ctx.target))

    async def shortcut(self, delivery: Delivery) -> None:
        """None is declared in the manifest yet."""
        self._done(delivery, "ignored")

    async def submission(self, delivery: Delivery) -> dict[str, str]:
        """No command opens a modal yet: whatever is submitted is not ours."""
        self._done(delivery, "ignored")
        return {}

    async def _home(self, delivery: Delivery, event: Mapping[str, Any]) -> None:
        user = str(event.get("user", ""))
        if event.get("tab", "home") == "home" and user:
            grant = await self.roles.of(user, str(delivery.payload.get("team_id", "")))
            view = home.view(self.desk.ctx.target, grant.roles, self.desk.commands.values())
            await self.slack.call("views.publish", user_id=user, view=view)
        self._done(delivery, "answered")

    async def _answer(
        self,
        delivery: Delivery,
        *,
        user: str,
        team: str,
        channel: str,
        response_url: Any = None,
        thread: Any = None,
    ) -> Answer:
        grant = await self.roles.of(user, team)
        caller = Caller(
            user=user,
            channel=channel,
            roles=grant.roles,
            why_none=grant.why,
            asked_at=delivery.received_at,
            thread=str(thread) if thread else None,
            delivery=delivery.id,
        )
        return Answer(
            slack=self.slack,
            rows=self.rows,
            caller=caller,
            response_url=str(response_url) if response_url else None,
            reply=delivery.reply,
            can_look="channels:history" in self.who.scopes,
        )

    async def _settle(self, delivery: Delivery, answer: Answer, text: str, *, only: Role | None = None) -> None:
        if not answer.caller.roles:
            return await self._refuse(delivery, answer, refusals.no_roles(answer.caller.why_none))
        try:
            outcome = await self.desk.ask(text, delivery, answer, only=only)
        except Exception:
            log.exception("command.broke")
            return await self._whisper(delivery, answer, refusals.broke(delivery.id), outcome="broke")
        return self._done(delivery, outcome)

    async def _refuse(self, delivery: Delivery, answer: Answer, refusal: Refused) -> None:
        await self._whisper(delivery, answer, refusals.refused(refusal), outcome="refused")

    async def _whisper(self, delivery: Delivery, answer: Answer, message: Any, outcome: str = "answered") -> None:
        await answer.whisper(message)
        self._done(delivery, outcome)

    def _done(self, delivery: Delivery, outcome: str) -> None:
        self.rows.later_settled(delivery.id, outcome, self.desk.ctx.clock.now())
        log.debug("delivery.settled", outcome=outcome)


def _unknown_button() -> Refused:
    return Refused(
        "That button is from another version of me.",
        "I no longer know what it does, so nothing was done.",
        "Type the command instead: /aikeys help",
    )
