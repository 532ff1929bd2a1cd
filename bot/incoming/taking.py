"""`POST /alerts`: who may, how much, and a commit before the answer.

The first is committed at once, those of the next 20 ms together, in one transaction and one fsync (as in
bot.door.inbox): a storm is committed some dozens at a time, and a command from Slack waits for one such commit at
most.
"""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from aiohttp import web

from bot.clients.deadline import within
from bot.clock import Clock
from bot.incoming.door import WINDOW, Claim, claimed, known, signed
from bot.incoming.room import Once, Room
from bot.incoming.shapes import NotAnAlert, read
from bot.telemetry import metrics
from store.alerts import Alerts as Rows
from store.alerts import Arrived
from store.errors import StoreError

log = structlog.get_logger(__name__)

LARGEST = 1024 * 1024  # bytes of a body: some two thousand alerts
PATIENCE = 5.0  # seconds for a whole body; who sends slower is cut off
AT_ONCE = 64  # bodies that are being read: each may take memory for so long
GATHER = 0.02  # seconds from one commit to the next: an fsync holds up the loop, and acks of Slack go between
RATE = 2_000.0  # alerts a second that are taken
COMPLAIN = 60.0  # seconds between two lines of the log about refused requests: who knocks must not fill it


class Taking:
    """Answers `POST /alerts`. *come* is told of what has just been committed."""

    def __init__(
        self,
        rows: Rows,
        clock: Clock,
        secret: str,
        root_label: str,
        come: Callable[[Sequence[Arrived]], None] = lambda _batch: None,
    ) -> None:
        self._rows = rows
        self._clock = clock
        self._secret = secret.encode()
        self._root_label = root_label
        self._come = come
        self._room = Room(RATE)
        self._once = Once(WINDOW)
        self._reading = 0
        self._waiting: list[tuple[Sequence[Arrived], asyncio.Future[bool]]] = []
        self._committed_at = -GATHER
        self._complained = -COMPLAIN

    async def answer(self, request: web.Request) -> web.Response:
        """202 once all of it is on disk; else why not."""
        claim = claimed(request.headers)
        if claim is None or not known(claim, self._secret):
            return self._refuse(401, "A bearer token or a signature is needed, and the right one: see docs/alerts.md.")
        wait = self._room.wait(self._clock.monotonic())
        if wait:
            return self._refuse(429, f"More than {RATE:,.0f} alerts a second are not taken.", wait)
        if (request.content_length or 0) > LARGEST:
            return self._refuse(413, f"A body has at most {LARGEST:,} bytes.")
        if self._reading >= AT_ONCE:
            return self._refuse(429, f"{AT_ONCE} bodies are being read already.", 1)
        self._reading += 1
        try:
            body = await self._read(request)
        except TimeoutError:
            return self._refuse(408, f"The body did not come within {PATIENCE:g} s.")
        finally:
            self._reading -= 1
        if body is None:
            return self._refuse(413, f"A body has at most {LARGEST:,} bytes.")
        return await self._take(claim, body)

    async def _read(self, request: web.Request) -> bytes | None:
        if request.content.is_eof():  # all of it is here, as in a storm: no clock need be set for it
            return await _body(request)
        return await within(self._clock, PATIENCE, _body(request))

    async def _take(self, claim: Claim, body: bytes) -> web.Response:
        if not signed(claim, body, self._secret, self._clock.now().timestamp()):
            return self._refuse(401, f"The signature is not the right one, or older than {WINDOW:g} s.")
        mark = claim.signed[1] if claim.signed is not None else ""
        if mark and self._once.seen(mark):
            return web.json_response({"taken": 0, "before": True}, status=202)
        try:
            alerts = read(body, self._root_label)
        except NotAnAlert as error:
            return self._refuse(400, str(error))
        if wait := self._room.wait(self._clock.monotonic()):  # others have come while this one was read
            return self._refuse(429, f"More than {RATE:,.0f} alerts a second are not taken.", wait)
        self._room.take(len(alerts))
        if alerts and not await self._committed(alerts):
            return self._refuse(503, "It could not be kept: the disk takes nothing. Send it again.", 5)
        if mark:
            self._once.keep(mark, self._clock.monotonic())
        left_out = sum(one.more for one in alerts)
        return web.json_response({"taken": len(alerts)} | ({"left_out": left_out} if left_out else {}), status=202)

    def _committed(self, alerts: Sequence[Arrived]) -> asyncio.Future[bool]:
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((alerts, done))
        if len(self._waiting) == 1:
            loop = asyncio.get_running_loop()
            loop.call_at(max(loop.time(), self._committed_at + GATHER), self._commit)
        return done

    def _commit(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._committed_at = asyncio.get_running_loop().time()
        batch = [one for alerts, _ in waiting for one in alerts]
        try:
            self._rows.admit(batch, self._clock.now())
        except StoreError as error:
            log.error("alerts.refused", count=len(batch), error=str(error))  # noqa: TRY400  # the sentence says it all
            kept = False
        else:
            kept = True
            metrics.alerts("taken", len(batch))
            log.debug("alerts.committed", count=len(batch))
        for _, done in waiting:
            if not done.done():  # whoever waited may have hung up
                done.set_result(kept)
        if kept:
            self._come(batch)

    def _refuse(self, status: int, why: str, wait: int = 0) -> web.Response:
        metrics.alerts("refused", 1)
        now = self._clock.monotonic()
        if now - self._complained >= COMPLAIN:
            self._complained = now
            log.warning("alerts.not.taken", status=status, reason=why)
        headers = {"Retry-After": str(wait)} if wait else {}
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        response = web.json_response({"error": why}, status=status, headers=headers)
        if status in (401, 408, 413):
            response.force_close()  # what still comes of the body is not waited for
        return response


async def _body(request: web.Request) -> bytes | None:
    """The body; None where it is too large, whatever its header said."""
    body = bytearray()
    async for part in request.content.iter_any():
        body += part
        if len(body) > LARGEST:
            return None
    return bytes(body)
