"""The inbox in front of Bolt: what Slack hands over is committed first, then acknowledged, then worked on.

What may be secret is cut out before (bot.vault.cut). All envelopes that wait when the loop turns share one
transaction and one fsync (group commit). A delivery that
was seen before is acknowledged as the first one was, and not worked on again. If it cannot be committed it is not
acknowledged: Slack then tells the person that it failed, and that is true.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog

from bot.clock import Clock
from bot.door.payload import text
from bot.vault.cut import cut
from store.errors import StoreError
from store.inbox import Admitted, Arrival, Unfinished
from store.inbox import Inbox as Rows

log = structlog.get_logger(__name__)

_JSON = json.JSONEncoder(separators=(",", ":")).encode  # json.dumps with separators makes an encoder for each call
TOGETHER = 100  # acks in one write: of a burst the first ones do not wait until the last are made


class Line(Protocol):
    """Where an ack goes: the socket that the envelope came down."""

    async def send(self, texts: list[str]) -> None:
        """Send text frames, in one write; ConnectionError when the socket is dead."""
        ...


@dataclass(slots=True)
class Delivery:
    """One thing that Slack handed over, committed. Not frozen: that takes 2 µs more of each ack.

    *text* is the payload as its row keeps it: a backlog of thousands is a quarter of the size of parsed ones.
    *resumed*: taken up again after a restart. *acked* false: Slack may have told the person that it failed.
    *begun*: what it asks for may have been done before the restart.
    *signed*: whether its row is the one that was committed (store.inbox.Unfinished).
    *entered*: the values of secrets that came with it, by name; in no row, so a resumed one has none.
    """

    id: int
    kind: str
    text: str
    received_at: datetime
    resumed: bool = False
    acked: bool = True
    reply: tuple[str, str] | None = None
    begun: bool = False
    signed: bool | None = True
    entered: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    _parsed: dict[str, Any] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def payload(self) -> dict[str, Any]:
        """The payload, parsed when it is first looked at."""
        parsed = self._parsed
        if parsed is None:
            parsed = self._parsed = json.loads(self.text)
        return parsed

    @classmethod
    def of(cls, row: Unfinished) -> "Delivery":
        """Take up a row that an earlier run left unfinished."""
        return cls(
            id=row.id,
            kind=row.kind,
            text=row.payload,
            received_at=row.received_at,
            resumed=True,
            acked=row.acked_at is not None and row.signed is True,  # the mark of an unsigned one is no ack of ours
            reply=(row.reply_channel, row.reply_ts) if row.reply_channel and row.reply_ts else None,
            begun=row.begun,
            signed=row.signed,
        )


@dataclass(slots=True)
class _Waiting:
    line: Line
    envelope_id: str
    kind: str
    text: str
    key: str
    since: float
    entered: dict[str, str]


Validate = Callable[[Delivery], Awaitable[dict[str, Any] | None]]


class Observe(Protocol):
    """Told of each ack: the kind, seconds since the envelope came in, and whether it was new."""

    def __call__(self, kind: str, seconds: float, *, fresh: bool) -> None:
        """Count it."""
        ...


def _unobserved(kind: str, seconds: float, *, fresh: bool) -> None:
    """Count nothing."""


class Inbox:
    """Takes envelopes; *work* gets each committed delivery once, *validate* answers a modal's submission."""

    def __init__(
        self,
        rows: Rows,
        clock: Clock,
        work: Callable[[Delivery], None],
        validate: Validate,
        *,
        observe: Observe = _unobserved,
        repeated: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        self._rows = rows
        self._clock = clock
        self._work = work
        self._validate = validate
        self._observe = observe
        self._repeated = repeated
        self._waiting: list[_Waiting] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def arrive(self, line: Line, envelope: dict[str, Any]) -> None:
        """Take an envelope off a socket. Returns at once; it is committed at the loop's next turn."""
        payload = envelope.get("payload")
        if not isinstance(payload, dict):
            log.warning("inbox.unreadable", envelope=str(envelope["envelope_id"])[:80])
            return
        kind = _kind(str(envelope["type"]), payload)
        key = _key(kind, payload, str(envelope["envelope_id"]))
        if envelope.get("retry_attempt") and envelope.get("retry_reason") == "timeout":
            self._repeated("an event was repeated: an earlier copy was not acknowledged")
        ident, since = str(envelope["envelope_id"]), time.perf_counter()
        try:
            kept = cut(kind, payload)
            text = _JSON(kept.payload)
        except RecursionError:  # nested as nothing of Slack's is; the socket must go on reading
            log.warning("inbox.unreadable", envelope=str(envelope["envelope_id"])[:80])
            return
        self._waiting.append(_Waiting(line, ident, kind, text, key, since, kept.entered))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._commit)

    def _commit(self) -> None:
        batch, self._waiting = self._waiting, []
        now = self._clock.now()
        try:
            admitted = self._rows.admit(
                [Arrival(one.key, one.kind, _plain(one.envelope_id), one.text) for one in batch], now
            )
        except StoreError as error:
            log.error("inbox.refused", count=len(batch), error=str(error))  # noqa: TRY400  # the sentence says it all
            return
        log.debug("inbox.committed", count=len(batch))
        rows = list(zip(batch, admitted, strict=True))
        for line in {id(one.line): one.line for one in batch}.values():
            # A task a line: one that takes no more bytes holds up nobody else's acks.
            self._begin(self._acknowledge([row for row in rows if row[0].line is line], now))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _acknowledge(self, batch: list[tuple[_Waiting, Admitted]], now: datetime) -> None:
        for at in range(0, len(batch), TOGETHER):
            some = [(one, row) for one, row in batch[at : at + TOGETHER] if not self._waits(one, row, now)]
            acked = await self._send(some)
            for one, row in some:
                if row.fresh:
                    self._work(Delivery(row.id, one.kind, one.text, now, acked=acked))

    def _waits(self, one: _Waiting, row: Admitted, now: datetime) -> bool:
        """Whether its ack waits for an answer: a modal's."""
        if row.fresh and one.kind == "submission":
            self._begin(self._submission(one, row, Delivery(row.id, one.kind, one.text, now, entered=one.entered)))
            return True
        if not row.fresh:
            log.info("inbox.repeated", delivery=row.id, kind=one.kind)
        return False

    async def _submission(self, one: _Waiting, row: Admitted, delivery: Delivery) -> None:
        answer = await self._validate(delivery)
        await self._send([(one, row._replace(ack=json.dumps(answer) if answer else None))])

    async def _send(self, acks: list[tuple[_Waiting, Admitted]]) -> bool:
        """Send *acks* down their line, in one write, and mark them as sent."""
        if not acks:
            return True
        try:
            await acks[0][0].line.send([_frame(one.envelope_id, row.ack) for one, row in acks])
        except (ConnectionError, RuntimeError) as error:
            # The person is told by Slack that it failed. A read is answered all the same; what could change
            # something asks for the mark that is now missing (bot.door.recovery).
            for _, row in acks:
                log.warning("inbox.ack.lost", delivery=row.id, error=type(error).__name__)
            return False
        now, done = self._clock.now(), time.perf_counter()
        for one, row in acks:
            self._rows.later_acked(row.id, now, row.ack)
            self._observe(one.kind, done - one.since, fresh=row.fresh)
            log.debug("inbox.acked", delivery=row.id)
        return True

    async def idle(self) -> None:
        """Return when everything that has arrived is committed and acknowledged."""
        while self._waiting or self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0)


def _frame(envelope_id: str, ack: str | None) -> str:
    head = f'{{"envelope_id":{_JSON(envelope_id)}'
    return f'{head},"payload":{ack}}}' if ack else head + "}"


def _kind(envelope_type: str, payload: dict[str, Any]) -> str:
    """command, click, submission, closed, shortcut, options or event."""
    if envelope_type == "slash_commands":
        return "command"
    if envelope_type != "interactive":
        return "event"
    return {
        "block_actions": "click",
        "view_submission": "submission",
        "view_closed": "closed",
        "block_suggestion": "options",
    }.get(text(payload, "type"), "shortcut")


def _key(kind: str, payload: dict[str, Any], envelope_id: str) -> str:
    """What two deliveries of the same thing have in common.

    An event keeps its event_id over redeliveries while its envelope changes; a trigger_id is made for each
    command, click and submission (docs.slack.dev: Events API retries; trigger_id).
    """
    own = text(payload, "event_id" if kind == "event" else "trigger_id")
    return f"{kind}:{_plain(own or envelope_id)}"


def _plain(id_: str) -> str:
    """An id of Slack's in ASCII: half a surrogate cannot be stored, and one envelope must not fail its whole batch."""
    return ascii(id_[:200])[1:-1]
