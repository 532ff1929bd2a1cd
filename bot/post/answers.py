"""One answer to one question: one message, posted once, then edited in place, and insisted on while Slack is away.

Where the bot may not post (a private channel, somebody else's DM) the asker alone gets it, with the way out.
"""

from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import Any

import structlog

from bot.clients.slack import Slack, SlackAway, SlackRefused, SlackUncertain
from bot.clock import Clock
from bot.context import Caller
from bot.door.payload import text
from bot.errors import Unanswered
from bot.post.attaching import Attaching
from bot.post.lost_post import find, mark
from bot.post.pages import Page, Pages
from bot.post.posting import CLOSED_DOORS, GONE, body, send
from bot.views.blocks import Message
from store.errors import StoreError
from store.inbox import Inbox as Rows

log = structlog.get_logger(__name__)

NO_THREAD = "The message you asked with is gone, so only you see this."
TWICE = "Slack did not confirm my first attempt: this may appear twice."
PATIENCE = 900.0  # seconds an answer is tried for: after that its world is gone (bot.door.recovery.USEFUL)
BACKOFF = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds; stays at the last, so that all are out soon after Slack is back
LATE = 60.0  # seconds; an answer that waited longer says so


class Undelivered(Unanswered):
    """Slack did not take the answer for as long as it is of use: nobody can be told, so the log is."""


@dataclass(slots=True)
class Answer:
    """Says things to one caller. *response_url* reaches them where the bot has no seat."""

    slack: Slack
    rows: Rows
    clock: Clock
    pages: Pages
    caller: Caller
    private: bool = False
    response_url: str | None = None
    page: Page | None = None  # the message, once posted
    can_look: bool = False  # channels:history is granted: an uncertain post can be looked for
    unsure: bool = False  # an earlier post may have arrived
    inside: bool = False  # it was clicked on a reply, so the thread stands open before them
    notes: list[str] = field(default_factory=list)
    _whispered: bool = False
    _owed: Message | None = None
    _late: list[str] = field(default_factory=list)
    _shown: Message | None = None
    _files: Attaching = field(init=False)

    def __post_init__(self) -> None:
        self._files = Attaching(self.slack, self.clock, self.caller, can_look=self.can_look, unsure=self.unsure)

    async def show(self, message: Message) -> None:
        """Show *message*: post it the first time, edit it from then on. What Slack does not take now is owed.

        What only the asker sees cannot be edited: of several states they get the first and, by `finish`, the last.
        """
        self._owed = message
        if self.private and self._whispered:
            return
        try:
            await self._say(message)
        except SlackUncertain as error:
            log.warning("answer.owed", error=str(error))
        else:
            self._owed = None

    async def finish(self) -> None:
        """Nothing more will be shown: say what is owed. Raises Undelivered after a quarter of an hour without Slack."""
        owed, self._owed = self._owed, None
        if owed is not None:
            await self._insist(owed)

    async def aside(self, why: Message) -> None:
        """Say *why* to the asker alone, and go on in their direct message."""
        try:
            await self._whisper(why)
        except SlackUncertain as error:
            log.warning("answer.aside", error=str(error))  # the answer itself matters more
        self._whispered, self.response_url = False, None
        self.page = self.page if self.page and self.page.channel.startswith("D") else None  # as before a restart
        self.caller = replace(self.caller, channel=self.caller.user, thread=None)
        self._files.caller = self.caller

    @property
    def superseded(self) -> bool:
        """Somebody asked again by a button of the same message: what stands there is newer."""
        return self.page is not None and self.caller.delivery < self.page.newest

    async def whisper(self, message: Message) -> None:
        """Say it to the asker alone, never over what is there. Raises Undelivered as `finish`."""
        self.private, self._owed = True, None
        await self._insist(message)

    async def _insist(self, message: Message) -> None:
        began = self.clock.monotonic()
        for wait in chain(BACKOFF, repeat(BACKOFF[-1])):
            waited = self.clock.monotonic() - began
            self._late = [f"Slack did not take this for {round(waited / 60)} min."] if waited >= LATE else []
            try:
                await self._say(message)
            except SlackUncertain as error:
                if waited >= PATIENCE:
                    raise Undelivered(f"Not delivered within {PATIENCE / 60:g} minutes: {error}") from error
                log.info("answer.waits", seconds=wait, error=str(error))
                await self.clock.sleep(wait)
            else:
                return

    async def _say(self, message: Message) -> None:
        if message is not self._shown:
            await self._show(message)
            self._shown = message
        if self._files.left(message.files):
            await self._attach(message)

    async def _show(self, message: Message) -> None:
        if self.private:
            await self._whisper(message)
        elif self.page is not None:
            await self._edit(self.page, message)
        else:
            await self._post(message)

    async def _attach(self, message: Message) -> None:
        """Put its files into its thread, and say under the message what is not there."""
        if self.private or self.page is None:
            notes = await self._files.put_privately(message.files)
        else:
            notes = await self._files.put(message.files, self.page.channel, self.caller.thread or self.page.ts)
        if notes:
            self.notes += notes
            await self._show(message)

    async def _edit(self, page: Page, message: Message) -> None:
        async with page.turn:
            if self.caller.delivery < page.newest:
                log.info("answer.superseded")  # somebody asked again after this: what stands there is newer
                return
            page.newest = self.caller.delivery
            try:
                await self._send("chat.update", message, channel=page.channel, ts=page.ts)
            except SlackRefused as error:
                refused = error
            else:
                return
        if refused.code in GONE:
            self.page = None  # somebody deleted it: the answer is still owed
            await self._post(message)
        else:
            await self._behind_closed_doors(refused, message)

    async def _post(self, message: Message) -> None:
        if self.unsure and (found := await self._find()):
            self._keep(self.caller.channel, found)
            return await self._say(message)
        where = self._place() | {
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": mark(self.caller.delivery),
        }
        try:
            posted = await self._send("chat.postMessage", message, **where)
        except SlackRefused as error:
            return await self._behind_closed_doors(error, message)
        except SlackUncertain as error:
            self.unsure = self.unsure or not isinstance(error, SlackAway)
            raise
        channel, ts = str(posted["channel"]), str(posted["ts"])
        if self.caller.thread and not text(posted, "message", "thread_ts") and await self._taken_back(channel, ts):
            self.caller = replace(self.caller, thread=None)
            return await self._in_private(NO_THREAD, message)
        return self._keep(channel, ts)

    async def _find(self) -> str | None:
        """Look for a post whose fate is unknown. Raises SlackUncertain while Slack cannot be asked."""
        if self.can_look:
            try:
                return await find(self.slack, self.caller)
            except SlackRefused as error:
                log.info("answer.cannot.look", error=error.code)
                self.can_look = False
        await self.slack.call("auth.test")  # a second blind post only once Slack answers again
        if TWICE not in self.notes:
            self.notes.append(TWICE)
        return None

    async def _taken_back(self, channel: str, ts: str) -> bool:
        """The thread was gone, so Slack has put the answer into the channel, where nobody asked: take it away."""
        try:
            await self.slack.call("chat.delete", channel=channel, ts=ts)
        except (SlackRefused, SlackUncertain) as error:
            log.warning("answer.misplaced", error=str(error))
            return False
        return True

    def _keep(self, channel: str, ts: str) -> None:
        self.page = self.pages.at(channel, ts)
        self.page.newest = max(self.page.newest, self.caller.delivery)
        try:
            self.rows.keep_reply(self.caller.delivery, channel, ts)
        except StoreError as error:
            log.error("answer.unrecorded", error=str(error))  # noqa: TRY400  # a restart would post it again, no more
        log.debug("answer.posted")

    async def _behind_closed_doors(self, refused: SlackRefused, message: Message) -> None:
        if refused.code not in CLOSED_DOORS:
            raise refused
        await self._in_private(CLOSED_DOORS[refused.code], message)

    async def _in_private(self, why: str, message: Message) -> None:
        log.info("answer.private", why=why)
        self.private = True
        self.notes.append(why)
        await self._whisper(message)

    async def _whisper(self, message: Message) -> None:
        self._whispered = True
        # A response_url says it in the channel: who has the thread open would see nothing happen.
        if self.inside and self.caller.thread:
            try:
                if await self._whisper_here(message):
                    return
            except SlackUncertain:
                if self.response_url is None:
                    raise
        if self.response_url is not None:
            said = body(message, [*self.notes, *self._late]) | {"response_type": "ephemeral", "replace_original": False}
            if await self.slack.respond(self.response_url, said) == "said":
                return
        if not await self._whisper_here(message):
            await self._send("chat.postMessage", message, channel=self.caller.user)

    async def _whisper_here(self, message: Message) -> bool:
        """False where Slack lets the bot say nothing to them there."""
        try:
            await self._send("chat.postEphemeral", message, **self._place(), user=self.caller.user)
        except SlackRefused as error:
            log.info("answer.not.here", reason=error.code)
            return False
        return True

    def _place(self) -> dict[str, Any]:
        caller = self.caller
        return {"channel": caller.channel} | ({"thread_ts": caller.thread} if caller.thread else {})

    async def _send(self, method: str, message: Message, **where: Any) -> dict[str, Any]:
        return await send(self.slack, method, message, [*self.notes, *self._late], **where)
