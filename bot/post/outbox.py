"""Messages that must not be lost: written with what they tell of, in one transaction, and sent until they stand there.

In order within a thread, P0 first. A post that Slack did not confirm is looked for by its metadata before it is sent
again (bots have no idempotency key: docs.slack.dev, chat.postMessage). How one letter is sent: bot.post.letters, and
bot.post.file_letters where it is a file.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import structlog

from bot.clients.deadline import within
from bot.clients.mail import Mailer
from bot.clients.slack import Slack, SlackUncertain
from bot.clock import Clock
from bot.post.file_letters import FileLetters
from bot.post.letters import Letters, later
from bot.post.mails import MailLane
from bot.post.turns import Turns
from bot.views.blocks import Message, TextFile
from store.database import Store
from store.errors import UNWRITTEN, StoreError
from store.letter import Letter, Urgency

log = structlog.get_logger(__name__)

AT_ONCE = 4  # calls under way together; the last is kept for P0
PULSE = 1.0  # seconds between looks at what could not begin: too much is under way, or the disk takes nothing


class Outbox:
    """Writes letters, and sends them in a task of its own between `open` and `close`.

    What a channel turns away goes to the channel *elsewhere*, with its thread; *moved* hears of it, in the transaction.
    Mail has a lane of its own (bot.post.mails): neither holds up the other.
    """

    def __init__(
        self,
        store: Store,
        slack: Slack,
        clock: Clock,
        *,
        can_look: bool,
        elsewhere: str | None = None,
        mailer: Mailer | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self.moved: Callable[[str, str], None] = lambda _key, _channel: None
        self._wake = asyncio.Event()
        self._files = FileLetters(store.outbox, slack, clock)
        self._turns = turns = Turns(clock)
        self._messages = Letters(store.outbox, slack, clock, self._move, turns, can_look=can_look, elsewhere=elsewhere)
        self._mails = MailLane(store.mails, mailer, clock, store.steady)
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._under_way: dict[int, Letter] = {}
        self._unheard = False  # since then nothing was heard from Slack
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

    @property
    def mails(self) -> bool:
        """Whether there is a mail server to send by."""
        return self._mails.mailer is not None

    def mail(
        self,
        key: str,
        to: str,
        subject: str,
        text: str,
        *,
        under: str = "",
        urgency: Urgency = Urgency.USUAL,
    ) -> bool:
        """Send a mail to the address *to*, once for *key*; False, and nothing is kept, where no mail server is set.

        *under*: the key of the mail that it continues. Joins the transaction that is open. *text* is plain; it is
        forgotten once it is sent. A mail that the server may have taken is sent again under the same Message-ID.
        """
        if not self.mails:
            return False
        self._store.mails.write(key, to, subject, text, self._clock.now(), under=under, urgency=urgency)
        self._mails.wake.set()
        return True

    def where(self, key: str) -> tuple[str, str] | None:
        """The channel and ts of the message *key*; None while it is not posted."""
        letter = self._store.outbox.get(key)
        return (letter.channel, letter.ts) if letter is not None and letter.ts is not None else None

    def open(self) -> None:
        """Begin to send, also what an earlier run left or put off: a restart is a new chance."""
        with suppress(StoreError):  # a full disk must not keep the bot from starting: they wait as they did
            self._store.outbox.hurry(self._clock.now())
        self._pump = asyncio.create_task(self._run(), name="outbox")
        self._mails.open()

    async def close(self) -> None:
        """Stop; what is under way is looked for at the next start."""
        await self._mails.close()
        tasks = [*self._busy.values(), *([self._pump] if self._pump else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            rest = PULSE
            try:
                self._begin()
                rest = self._rest()
            except StoreError:
                log.exception("outbox.unread")
            with suppress(TimeoutError):
                await within(self._clock, rest, self._wake.wait())

    def _rest(self) -> float:
        """Seconds until what was put off is due: somebody is reading the message that waits to be changed."""
        now = self._clock.now()
        due = self._store.outbox.due_after(now)
        waits = [(due - now).total_seconds()] if due else []
        return min([PULSE, *waits, *self._turns.opens()])

    def _begin(self) -> None:
        if not self._store.steady():
            return  # what is sent and cannot be marked as sent would be sent again and again
        now = self._clock.now()
        for letter in (*self._store.outbox.to_post(now), *self._store.outbox.to_edit(now)):
            room = AT_ONCE - len(self._busy) - (0 if letter.urgency is Urgency.P0 else 1)
            if room > 0 and letter.id not in self._busy and self._turns.free(letter, self._under_way.values()):
                self._under_way[letter.id] = letter
                task = asyncio.create_task(self._send(letter), name=f"letter-{letter.key}")
                self._busy[letter.id] = task
                task.add_done_callback(lambda _, id_=letter.id: self._sent(id_))  # type: ignore[misc]

    def _sent(self, id_: int) -> None:
        self._busy.pop(id_, None)
        self._under_way.pop(id_, None)
        self._wake.set()

    async def _send(self, letter: Letter) -> None:
        rows = self._store.outbox
        try:
            if letter.file and letter.state != "posted":
                await self._files.send(letter)
                self._wake.set()
            else:
                await self._messages.send(letter)
        except SlackUncertain as error:
            self._unheard = True
            log.warning("outbox.uncertain", letter=letter.key, error=str(error))
            self._put_off(letter, str(error))
        except UNWRITTEN as error:
            log.warning("outbox.unwritten", letter=letter.key, error=str(error))  # as after a crash: looked for next
        except Exception:
            log.exception("outbox.failed", letter=letter.key)
            self._put_off(letter, "something broke")
        else:
            if self._unheard:
                # Whatever was heard first after an outage: nothing waits for its own next try, a minute away.
                self._unheard = False
                with suppress(StoreError):
                    rows.hurry_heard(self._clock.now())

    def _put_off(self, letter: Letter, why: str) -> None:
        with suppress(StoreError):
            self._store.outbox.put_off(letter, later(letter, self._clock), why)

    def _move(self, letter: Letter, channel: str, why: str) -> None:
        """To another channel: better read there than nowhere."""
        with self._store.transaction():
            self._store.outbox.move(letter, channel, why)
            self.moved(letter.key, channel)
        log.warning("letter.moved", letter=letter.key, reason=why)
