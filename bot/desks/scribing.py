"""What is put into a timeline by hand in Slack: declared, pinned, rated, taken back. Ids in payloads are checked."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.clients.slack import Slack, SlackRefused
from bot.context import Context
from bot.door.inbox import Delivery
from bot.door.payload import CHANNEL, INCIDENT, TS, checked, first, part, text
from bot.errors import Refused
from bot.hide import hide
from bot.incidents import handling
from bot.incidents.naming import alerts
from bot.incidents.redacting import ROW, agreed
from bot.post.answers import Answer
from bot.redaction import hidden
from bot.rights.roles import only_operators
from bot.rights.standing import operates
from bot.views import declaring as page
from bot.views import redaction, refusals
from bot.views.blocks import Message
from store.errors import TooLate
from store.incidents import Incident

log = structlog.get_logger(__name__)

PUSHPIN = "pushpin"  # 📌, as Slack calls it
_EITHER = "operator or approver"
LATELY = timedelta(hours=24)  # for so long after its end an incident is still written up


@dataclass(frozen=True, slots=True)
class Scribing:
    """Each route returns the outcome in a word for the inbox row; each modal what is wrong, by block."""

    ctx: Context
    slack: Slack

    @property
    def routes(self) -> dict[str, Callable[[Delivery, Answer, str], Awaitable[str]]]:
        """By the first word of the action id."""
        return {"rate": self._rate, "redact": self._redact}

    @property
    def modals(self) -> dict[str, Callable[[Delivery, Answer], Awaitable[dict[str, str]]]]:
        """By callback_id."""
        return {page.DECLARE: self._declared, page.PIN: self._pinned}

    def view(self, payload: Mapping[str, Any], roles: frozenset[str]) -> dict[str, Any] | None:
        """The modal of a shortcut, None where it is not one of these."""
        callback = text(payload, "callback_id")
        if callback not in self.modals:
            return None
        title = "Declare incident" if callback == page.DECLARE else "Add to timeline"
        if not operates(roles):
            return page.closed(title, "That takes an operator or an approver. Ask one of them: /aikeys contacts")
        if callback == page.DECLARE:
            return page.declare()
        message = part(payload, "message")
        found = {
            "channel": text(payload, "channel", "id"),
            "ts": text(message, "ts"),
            "user": text(message, "user") or text(message, "bot_id"),
            "text": hide(_said(message)),
        }
        return page.pin(found, self._candidates(found["channel"], text(message, "thread_ts")))

    async def reacted(self, event: Mapping[str, Any], answer: Answer) -> str:
        """A 📌 on a message: silently into the timeline of the incident that is open, or whose thread it stands in."""
        channel, ts = text(event, "item", "channel"), text(event, "item", "ts")
        if not (CHANNEL.fullmatch(channel) and TS.fullmatch(ts)):
            return "ignored"
        message = await self._read(channel, ts)
        found = self._candidates(channel, text(message, "thread_ts"))
        of_thread = self._of_thread(channel, text(message, "thread_ts"))
        still = [of_thread] if of_thread else [one for one in found if one.open]
        if not still:
            return "ignored"  # people pin for many reasons
        if not operates(answer.caller.roles):
            raise refusals.not_allowed("A 📌 into the timeline", _EITHER, answer.caller.roles)
        if len(still) > 1:
            raise Refused(
                "I do not know which incident you mean.",
                f"{len(still)} are open.",
                "Choose “Add to timeline” from the menu of the message.",
            )
        user = text(message, "user") or text(event, "item_user")
        kept = {"channel": channel, "ts": ts, "user": user, "text": _said(message)}
        try:
            handling.pin(self.ctx, still[0], answer.caller.user, kept)
        except TooLate:
            return "there already"
        return "answered"

    async def _read(self, channel: str, ts: str) -> Mapping[str, Any]:
        """The message; empty where the bot may not read it. Raises SlackUncertain."""
        try:
            seen = await self.slack.call(
                "conversations.replies", channel=channel, ts=ts, latest=ts, inclusive=True, limit=1
            )
        except SlackRefused as error:
            log.info("pin.unread", reason=error.code)
            return {}
        found = seen.get("messages")
        ours = (
            [one for one in found if isinstance(one, dict) and one.get("ts") == ts] if isinstance(found, list) else []
        )
        return ours[0] if ours else {}

    def _candidates(self, channel: str, thread: str) -> list[Incident]:
        """The incident whose thread it is first, then the open ones, then those that ended lately."""
        recent, now = self.ctx.store.incidents.recent(20), self.ctx.clock.now()
        own = self._of_thread(channel, thread)
        rest = [one for one in recent if one.open or (one.resolved_at and now - one.resolved_at < LATELY)]
        return ([own] if own else []) + [one for one in rest if own is None or one.subject != own.subject]

    def _of_thread(self, channel: str, thread: str) -> Incident | None:
        if not thread:
            return None
        for one in self.ctx.store.incidents.recent(20):
            card = self.ctx.store.outbox.get(f"{one.subject}/card")
            if card is not None and (card.channel, card.ts) == (channel, thread):
                return one
        return None

    async def _declared(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        values = part(delivery.payload, "view", "state", "values")
        title = text(values, "title", "value", "value", limit=120).strip()
        bad = text(values, "severity", "severity", "selected_option", "value")
        note = text(values, "note", "value", "value", limit=2000)
        if not operates(answer.caller.roles):
            return {"title": "That takes an operator or an approver. Nothing was declared."}
        if len(title) < 3 or bad not in ("P0", "P1"):
            return {"title": "Say in a few words what is wrong."}
        alerts(self.ctx).open(bad, hidden(title), answer.caller.user, hidden(note))
        return {}

    async def _pinned(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        view = part(delivery.payload, "view")
        values = part(view, "state", "values")
        subject = text(values, "incident", "incident", "selected_option", "value")
        remark = text(values, "remark", "value", "value", limit=300)
        kept = _kept(view)
        if not operates(answer.caller.roles):
            return {"incident": "That takes an operator or an approver. Nothing was added."}
        try:
            incident = self.ctx.store.incidents.of(checked(INCIDENT, subject))
            checked(TS, kept["ts"])
            checked(CHANNEL, kept["channel"])
        except KeyError:
            return {"incident": "I know no such incident or message. Nothing was added."}
        try:
            handling.pin(self.ctx, incident, answer.caller.user, kept, remark)
        except TooLate:
            return {"incident": "It stands in that timeline already."}
        return {}

    async def _rate(self, delivery: Delivery, answer: Answer, value: str) -> str:
        only_operators(answer.caller.roles, needed=_EITHER)
        useful = text(first(delivery.payload, "actions"), "action_id").endswith(":yes")
        incident = self.ctx.store.incidents.of(checked(INCIDENT, value))
        if incident.useful is not useful:
            handling.rate(self.ctx, incident, answer.caller.user, useful=useful)
        return "answered"

    async def _redact(self, _: Delivery, answer: Answer, value: str) -> str:
        """Another person agrees; the card that asked says so from then on."""
        only_operators(answer.caller.roles, needed=_EITHER)
        row = int(checked(ROW, value).rpartition("/")[2])
        event = self.ctx.store.events.get(row)
        record = agreed(self.ctx, row, answer.caller.user)
        message: Message = redaction.done(event, record)
        answer.private = False
        await answer.show(message)
        await answer.finish()
        return "answered"


def _said(message: Mapping[str, Any]) -> str:
    """The words of a message: another app's alert keeps them in attachments."""
    attached = message.get("attachments")
    more = attached[:5] if isinstance(attached, list) else []
    files = message.get("files")
    names = [f"[file {text(one, 'name')}]" for one in (files[:5] if isinstance(files, list) else [])]
    words = [text(message, "text"), *(text(one, key) for one in more for key in ("title", "text", "fallback"))]
    return " ".join(one for one in [*words, *names] if one)


def _kept(view: Mapping[str, Any]) -> dict[str, str]:
    """What the modal carried along. Raises KeyError where it is not that."""
    try:
        kept = json.loads(text(view, "private_metadata") or "{}")
    except ValueError:
        kept = {}
    return {key: str(kept.get(key, "")) for key in ("channel", "ts", "user", "text")} if isinstance(kept, dict) else {}
