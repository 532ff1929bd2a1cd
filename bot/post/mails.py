"""The mail lane of the outbox: rows that are sent until the server has them, whatever Slack does meanwhile.

At least once: where the server broke off before its answer the mail is sent again, under the same Message-ID.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from bot.clients.deadline import within
from bot.clients.mail import Mail, Mailer, MailRefused, MailUncertain
from bot.clock import Clock
from store.errors import UNWRITTEN, StoreError
from store.mails import Mails, Post

log = structlog.get_logger(__name__)

AT_ONCE = 2  # connections to the server; the last is kept for P0
PULSE = 1.0  # seconds between looks at what was put off
AGAIN = (2.0, 5.0, 15.0, 60.0, 300.0)  # seconds until the next try; stays at the last
LONGEST = timedelta(days=2)  # what could not be sent for so long is news to nobody


class MailLane:
    """Sends in a task of its own between `open` and `close`. Without a *mailer* nothing is written.

    *steady*: False while nothing can be written (store.database.Store.steady): then nothing is sent.
    """

    def __init__(
        self, rows: Mails, mailer: Mailer | None, clock: Clock, steady: Callable[[], bool] = lambda: True
    ) -> None:
        self.mailer = mailer
        self.wake = asyncio.Event()
        self._rows = rows
        self._clock = clock
        self._steady = steady
        self._taken: set[int] = set()  # the server has them, and no row says so yet: never sent again by this process
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._pump: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to send, also what an earlier run left or put off: a restart is a new chance."""
        if self.mailer is None:
            return
        with suppress(StoreError):  # a full disk must not keep the bot from starting: they wait as they did
            self._rows.hurry(self._clock.now())
        self._pump = asyncio.create_task(self._run(self.mailer), name="mails")

    async def close(self) -> None:
        """Stop; what is under way is sent again at the next start."""
        tasks = [*self._busy.values(), *([self._pump] if self._pump else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, mailer: Mailer) -> None:
        while True:
            self.wake.clear()
            try:
                self._begin(mailer)
            except StoreError:
                log.exception("mails.unread")
            with suppress(TimeoutError):
                await within(self._clock, PULSE, self.wake.wait())

    def _begin(self, mailer: Mailer) -> None:
        if not self._steady():
            return
        for post in self._rows.to_send(self._clock.now()):
            room = AT_ONCE - len(self._busy) - (0 if post.urgency == 0 else 1)
            if room > 0 and post.id not in self._busy:
                task = asyncio.create_task(self._send(mailer, post), name=f"mail-{post.key}")
                self._busy[post.id] = task
                task.add_done_callback(lambda _, id_=post.id: self._sent(id_))  # type: ignore[misc]

    def _sent(self, id_: int) -> None:
        self._busy.pop(id_, None)
        self.wake.set()

    async def _send(self, mailer: Mailer, post: Post) -> None:
        try:
            if post.id not in self._taken:
                await self._hand_over(mailer, post)
            if post.id in self._taken:
                self._rows.sent(post, self._clock.now())
                self._taken.discard(post.id)
                log.debug("mail.result", mail=post.key)
        except UNWRITTEN as error:
            log.warning("mail.unwritten", mail=post.key, error=str(error))

    async def _hand_over(self, mailer: Mailer, post: Post) -> None:
        rows, clock = self._rows, self._clock
        log.debug("mail.intent", mail=post.key)
        try:
            await mailer.send(Mail(post.key, post.to, post.subject, post.text, post.under), clock.now())
        except MailRefused as error:
            log.error("mail.undeliverable", mail=post.key, reason=str(error))  # noqa: TRY400  # the server's words say it
            rows.give_up(post, clock.now(), str(error))
        except MailUncertain as error:
            self._put_off(post, str(error))
        except Exception:
            log.exception("mail.failed", mail=post.key)
            self._put_off(post, "something broke")
        else:
            log.debug("mail.effect", mail=post.key)
            self._taken.add(post.id)

    def _put_off(self, post: Post, why: str) -> None:
        now = self._clock.now()
        if now - post.written_at > LONGEST:
            log.error("mail.undeliverable", mail=post.key, reason=why)
            self._rows.give_up(post, now, why)
            return
        log.warning("mail.later", mail=post.key, reason=why)
        self._rows.put_off(post, now + timedelta(seconds=AGAIN[min(post.tries, len(AGAIN) - 1)]), why)
