"""One answer to one question: one message, posted once, then edited in place.

Where the bot may not post (a private channel, somebody else's DM) the asker alone gets it, with the way out.
"""

from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.clients.slack import Slack, SlackRefused, SlackUncertain
from bot.context import Caller
from bot.views.blocks import Block, Message, context
from store.inbox import Inbox as Rows

log = structlog.get_logger(__name__)

CLOSED_DOORS = frozenset({"channel_not_found", "not_in_channel", "is_archived", "restricted_action"})
INVITE = "I cannot post here, so only you see this. To share my answers: `/invite @aikeys`"
ANSWER_EVENT = "aikeys_answer"


@dataclass(slots=True)
class Answer:
    """Says things to one caller. *response_url* reaches them where the bot has no seat."""

    slack: Slack
    rows: Rows
    caller: Caller
    private: bool = False
    response_url: str | None = None
    reply: tuple[str, str] | None = None  # channel and ts of the message once posted
    can_look: bool = False  # channels:history is granted: an uncertain post can be looked for
    notes: list[str] = field(default_factory=list)
    _whispered: bool = False
    _held: Message | None = None

    async def show(self, message: Message) -> None:
        """Show *message*: post it the first time, edit it from then on.

        What only the asker sees cannot be edited: of several states they get the first and, by `finish`, the last.
        """
        body = _body(message, self.notes)
        if self.private and self._whispered:
            self._held = message
        elif self.private:
            await self._whisper(body)
        elif self.reply is not None:
            await self._edit(*self.reply, body)
        else:
            await self._post(body)

    async def finish(self) -> None:
        """Nothing more will be shown: say what was held back."""
        held, self._held = self._held, None
        if held is not None:
            await self._whisper(_body(held, self.notes))

    async def whisper(self, message: Message) -> None:
        """Say it to the asker alone, never over what is there."""
        await self._whisper(_body(message, self.notes))

    async def _edit(self, channel: str, ts: str, body: dict[str, Any]) -> None:
        try:
            await self.slack.call("chat.update", channel=channel, ts=ts, **body)
        except SlackRefused as error:
            if error.code not in ("message_not_found", "cant_update_message", "edit_window_closed"):
                raise
            self.reply = None  # somebody deleted it: the answer is still owed
            await self._post(body)

    async def _post(self, body: dict[str, Any]) -> None:
        arguments = body | {
            "channel": self.caller.channel,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": ANSWER_EVENT, "event_payload": {"delivery": str(self.caller.delivery)}},
        }
        if self.caller.thread:
            arguments["thread_ts"] = self.caller.thread
        try:
            said = await self.slack.call("chat.postMessage", **arguments)
        except SlackRefused as error:
            if error.code not in CLOSED_DOORS:
                raise
            log.info("answer.private", reason=error.code)
            self.private = True
            self.notes.append(INVITE)
            await self._whisper(_body_with(body, INVITE))
            return
        except SlackUncertain as error:
            log.warning("answer.uncertain", error=str(error))
            if found := await self._look():
                self._keep(self.caller.channel, found)
                await self._edit(self.caller.channel, found, body)
                return
            said = await self.slack.call("chat.postMessage", **_body_with(arguments, _TWICE[self.can_look]))
        self._keep(str(said["channel"]), str(said["ts"]))

    async def _look(self) -> str | None:
        """Look for a post whose fate is unknown, by the delivery's id in its metadata; return its ts."""
        if not self.can_look:
            return None
        where: dict[str, Any] = {
            "channel": self.caller.channel,
            "limit": 15,
            "oldest": f"{self.caller.asked_at.timestamp() - 5:.6f}",  # replies come oldest first
            "include_all_metadata": True,
        }
        method = "conversations.replies" if self.caller.thread else "conversations.history"
        if self.caller.thread:
            where["ts"] = self.caller.thread
        try:
            seen = await self.slack.call(method, **where)
        except (SlackRefused, SlackUncertain):
            return None
        for message in seen.get("messages", []):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == ANSWER_EVENT and metadata.get("event_payload", {}).get("delivery") == str(
                self.caller.delivery
            ):
                return str(message["ts"])
        return None

    def _keep(self, channel: str, ts: str) -> None:
        self.reply = (channel, ts)
        if self.caller.delivery:
            self.rows.keep_reply(self.caller.delivery, channel, ts)
        log.debug("answer.posted")

    async def _whisper(self, body: dict[str, Any]) -> None:
        self._whispered = True
        if self.response_url is not None:
            said = await self.slack.respond(
                self.response_url, body | {"response_type": "ephemeral", "replace_original": False}
            )
            if said == "said":
                return
        where: dict[str, Any] = {"channel": self.caller.channel, "user": self.caller.user}
        if self.caller.thread:
            where["thread_ts"] = self.caller.thread
        try:
            await self.slack.call("chat.postEphemeral", **where, **body)
        except SlackRefused as error:
            log.info("answer.dm", reason=error.code)
            await self.slack.call("chat.postMessage", channel=self.caller.user, **body)


_TWICE = {
    False: "Slack did not confirm my first attempt: this may appear twice.",
    True: "Slack did not confirm my first attempt; I looked for it and did not find it.",
}


def _body(message: Message, notes: list[str]) -> dict[str, Any]:
    blocks: list[Block] = [*message.blocks, *(context(note) for note in notes)] if message.blocks else []
    body: dict[str, Any] = {"text": message.text if blocks or not notes else "\n".join([message.text, *notes])}
    return body | {"blocks": blocks} if blocks else body


def _body_with(body: dict[str, Any], note: str) -> dict[str, Any]:
    if "blocks" in body:
        return body | {"blocks": [*body["blocks"], context(note)]}
    return body | {"text": f"{body['text']}\n{note}"}
