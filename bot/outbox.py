"""Messages that must not be lost: written with what they tell of, in one transaction, and sent until they stand there.

In order within a thread, P0 first. A post that Slack did not confirm is looked for by its metadata before it is sent
again (bots have no idempotency key: docs.slack.dev, chat.postMessage).
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import structlog

from bot.clients.slack import Slack, SlackRefused, SlackUncertain
from bot.clock import Clock
from bot.file_letters import PASSING, FileLetters, later
from bot.posting import CLOSED_DOORS, GONE
from bot.views.blocks import Message, TextFile, context
from store.database import Store
from store.errors import StoreError
from store.outbox import Letter, Urgency

log = structlog.get_logger(__name__)

LETTER_EVENT = "aikeys_letter"  # metadata.event_type
AT_ONCE = 4  # calls under way together; the last is kept for P0
GAP = 1.0  # seconds between two edits of one message
PULSE = 1.0  # seconds between looks at what was put off
PAGES = 5  # of 100 messages, looked through for one that may have been posted
BEFORE = 5.0  # seconds that Slack's clock may be behind ours
TWICE = "Slack did not confirm my first attempt and I may not look: this may appear twice."


class Outbox:
    """Writes letters, and sends them in a task of its own between `open` and `close`.

    What a channel turns away goes to the channel *elsewhere*, with its thread; *moved* hears of it, in the transaction.
    """

    def __init__(
        self, store: Store, slack: Slack, clock: Clock, *, can_look: bool, elsewhere: str | None = None
    ) -> None:
        self._store = store
        self._slack = slack
        self._clock = clock
        self._can_look = can_look
        self._elsewhere = elsewhere
        self.moved: Callable[[str, str], None] = lambda _key, _channel: None
        self._wake = asyncio.Event()
        self._files = FileLetters(store.outbox, slack, clock)
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._pump: asyncio.Task[None] | None = None

    def say(
        self,
        key: str,
        channel: str,
        message: Message,
        *,
        thread: str | None = None,
        under: str | None = None,
        urgency: Urgency = Urgency.USUAL,
    ) -> None:
        """Say *message* in *channel* (a channel's id, or a person's), or change the message *key* to it.

        *thread*: the ts of a thread that is there; *under*: the key of a letter, in whose thread this one stands.
        Its files follow in the thread, each once: a change does not bring them again.
        Joins the transaction that is open: it is told if and only if that is committed.
        """
        body: dict[str, Any] = {"text": message.text}
        if message.blocks:
            body["blocks"] = list(message.blocks)
        now = self._clock.now()
        with self._store.transaction():
            self._store.outbox.write(key, channel, body, now, thread=thread, under=under, urgency=urgency)
            for file in message.files:
                self.attach(key, channel, file, thread=thread, under=under, urgency=urgency)
        self._wake.set()

    def attach(
        self,
        key: str,
        channel: str,
        file: TextFile,
        *,
        thread: str | None = None,
        under: str | None = None,
        urgency: Urgency = Urgency.USUAL,
    ) -> None:
        """Put *file* after the message *key*, into its thread, once; the arguments are those of `say`."""
        now = self._clock.now()
        self._store.outbox.attach(key, channel, asdict(file), now, thread=thread, under=under, urgency=urgency)
        self._wake.set()

    def where(self, key: str) -> tuple[str, str] | None:
        """The channel and ts of the message *key*; None while it is not posted."""
        letter = self._store.outbox.get(key)
        return (letter.channel, letter.ts) if letter is not None and letter.ts is not None else None

    def open(self) -> None:
        """Begin to send, also what an earlier run left or put off: a restart is a new chance."""
        with suppress(StoreError):  # a full disk must not keep the bot from starting: they wait as they did
            self._store.outbox.hurry(self._clock.now())
        self._pump = asyncio.create_task(self._run(), name="outbox")

    async def close(self) -> None:
        """Stop; what is under way is looked for at the next start."""
        tasks = [*self._busy.values(), *([self._pump] if self._pump else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                self._begin()
            except StoreError:
                log.exception("outbox.unread")
            pulse = asyncio.ensure_future(self._clock.sleep(PULSE))
            woken = asyncio.ensure_future(self._wake.wait())
            try:
                await asyncio.wait((pulse, woken), return_when=asyncio.FIRST_COMPLETED)
            finally:
                pulse.cancel()
                woken.cancel()
                await asyncio.gather(pulse, woken, return_exceptions=True)

    def _begin(self) -> None:
        now = self._clock.now()
        for letter in (*self._store.outbox.to_post(now), *self._store.outbox.to_edit(now)):
            room = AT_ONCE - len(self._busy) - (0 if letter.urgency is Urgency.P0 else 1)
            if room > 0 and letter.id not in self._busy:
                task = asyncio.create_task(self._send(letter), name=f"letter-{letter.key}")
                self._busy[letter.id] = task
                task.add_done_callback(lambda _, id_=letter.id: self._sent(id_))  # type: ignore[misc]

    def _sent(self, id_: int) -> None:
        self._busy.pop(id_, None)
        self._wake.set()

    async def _send(self, letter: Letter) -> None:
        rows = self._store.outbox
        try:
            if letter.state == "posted":
                await self._edit(letter)
            elif letter.file:
                await self._files.send(letter)
                self._wake.set()
            elif letter.state == "trying":
                await self._look(letter)
            else:
                await self._post(letter)
        except SlackUncertain as error:
            log.warning("outbox.uncertain", letter=letter.key, error=str(error))
            rows.put_off(letter, later(letter, self._clock), str(error))
        except Exception:
            log.exception("outbox.failed", letter=letter.key)
            rows.put_off(letter, later(letter, self._clock), "something broke")

    async def _post(self, letter: Letter, note: str = "") -> None:
        rows = self._store.outbox
        rows.trying(letter, self._clock.now())
        log.debug("letter.intent", letter=letter.key)
        body = letter.body
        if note:
            extra = (
                {"blocks": [*body["blocks"], context(note)]}
                if "blocks" in body
                else {"text": f"{body['text']}\n{note}"}
            )
            body = body | extra
        arguments: dict[str, Any] = body | {
            "channel": letter.channel,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": LETTER_EVENT, "event_payload": {"key": letter.key}},
        }
        if letter.thread:
            arguments["thread_ts"] = letter.thread
        try:
            said = await self._slack.call("chat.postMessage", **arguments)
        except SlackRefused as error:
            if error.code in PASSING:
                rows.refused(letter, later(letter, self._clock), error.code)
            elif self._elsewhere and _closed(error.code) and _may_move(letter, self._elsewhere):
                self._move(letter, self._elsewhere, error.code)
            else:
                log.error("letter.undeliverable", letter=letter.key, reason=error.code)  # noqa: TRY400  # the code says it
                rows.give_up(letter, error.code)
            return
        log.debug("letter.effect", letter=letter.key)
        rows.posted(letter, str(said["channel"]), str(said["ts"]))
        log.debug("letter.result", letter=letter.key)

    def _move(self, letter: Letter, channel: str, why: str) -> None:
        """To another channel: better read there than nowhere."""
        with self._store.transaction():
            self._store.outbox.move(letter, channel, why)
            self.moved(letter.key, channel)
        log.warning("letter.moved", letter=letter.key, reason=why)

    async def _edit(self, letter: Letter) -> None:
        try:
            await self._slack.call("chat.update", channel=letter.channel, ts=letter.ts, **letter.body)
        except SlackRefused as error:
            if error.code in PASSING:
                self._store.outbox.put_off(letter, later(letter, self._clock), error.code)
            else:
                if error.code not in GONE:
                    log.error("letter.unedited", letter=letter.key, reason=error.code)  # noqa: TRY400  # the code says it
                self._store.outbox.gone(letter)
            return
        self._store.outbox.edited(letter)
        # What follows at once becomes one edit: Slack takes 50 chat.update a minute (docs.slack.dev, tier 3).
        self._store.outbox.put_off(letter, self._clock.now() + timedelta(seconds=GAP), "")
        log.debug("letter.edited", letter=letter.key)

    async def _look(self, letter: Letter) -> None:
        """Look for a post whose fate is unknown; send it again only where it is certainly not there."""
        found = await self._found(letter) if self._can_look and not _direct(letter) else None
        if found is None:
            await self._post(letter, TWICE)
        elif found:
            self._store.outbox.found(letter, letter.channel, found)
            log.info("letter.found", letter=letter.key)
        else:
            self._store.outbox.missed(letter)

    async def _found(self, letter: Letter) -> str | None:
        """The ts of it, empty where it is not there, None where it may not be looked for. Raises SlackUncertain."""
        since = (letter.first_try or self._clock.now()).timestamp() - BEFORE
        where: dict[str, Any] = {
            "channel": letter.channel,
            "limit": 100,
            "oldest": f"{since:.6f}",
            "include_all_metadata": True,
        }
        method = "conversations.replies" if letter.thread else "conversations.history"
        if letter.thread:
            where["ts"] = letter.thread
        for _ in range(PAGES):
            try:
                seen = await self._slack.call(method, **where)
            except SlackRefused as error:
                if error.code not in PASSING:
                    return None
                raise SlackUncertain(f"Slack does not let me look now: {error.code}") from error
            for message in seen.get("messages", []):
                metadata = message.get("metadata") or {}
                mine = (metadata.get("event_payload") or {}).get("key") == letter.key
                if mine and metadata.get("event_type") == LETTER_EVENT:
                    return str(message["ts"])
            cursor = (seen.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return ""
            where["cursor"] = cursor
        raise SlackUncertain("too much was said since to look through")


def _closed(code: str) -> bool:
    """Slack will not have it in that channel, whatever it says: no seat, archived, or only some may post."""
    return code in CLOSED_DOORS or code.startswith("restricted_action")


def _may_move(letter: Letter, channel: str) -> bool:
    """What begins a thread of its own; a direct message and an answer in a thread belong where they are."""
    return letter.thread is None and not _direct(letter) and letter.channel != channel


def _direct(letter: Letter) -> bool:
    """A direct message, whose channel's id is not known before the first is posted, so that it cannot be looked for."""
    return letter.channel.startswith(("U", "W"))
