"""Socket Mode: the app's connections and the envelopes that go through them.

Rules (docs.slack.dev, “Using Socket Mode”): at most ten connections; each envelope goes to any one of them; it must be
acknowledged on that same connection within 3 s; a payload in the acknowledgement counts only where the envelope says
`accepts_response_payload`; the server asks for a new connection every few hours, mostly with a `warning` ten seconds
before it closes the old one.
"""

import asyncio
import json
import random
from typing import Any
from uuid import uuid4

from aiohttp import web

from bot.clock import Clock
from playground.slack.app import AppManifest
from playground.slack.feed import Feed
from playground.slack.flood import Flood
from playground.slack.journal import Journal
from playground.slack.socket import Reason, Socket, hello
from playground.slack.tickets import Tickets
from playground.slack.timers import Tasks, within

MOST = 10
ACK_WITHIN = 3.0
LIFE = 18060
DEBUG_LIFE = 360
NOTICE = 10.0


class NotConnectedError(Exception):
    """No connection is open: Slack shows `dispatch_failed`."""


class NoAckError(Exception):
    """Nobody acknowledged within 3 s."""


class Sockets:
    """The app's connections."""

    def __init__(self, clock: Clock, app: AppManifest, journal: Journal, feed: Feed) -> None:
        self._clock = clock
        self._app = app
        self._journal = journal
        self._feed = feed
        self._random = random.Random(7)
        self._pending: dict[str, tuple[Socket, asyncio.Future[Any], bool]] = {}
        self._tasks = Tasks()
        self.tickets = Tickets(clock)
        self.open: list[Socket] = []
        self.flood: Flood | None = None
        self.wedged = False
        self.refusing = False

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`GET /link/?ticket=…`: the handshake, then the connection until it ends."""
        if self.refusing:
            return _cut(request)
        status = self.tickets.take(request.query.get("ticket", ""))
        self._journal.note("in", "socket", "handshake", {"ticket": request.query_string}, status=status)
        if status != 101:
            return web.Response(status=status, text="the ticket is not good")
        response = web.WebSocketResponse(autoping=False, compress=False, timeout=0.5)
        await response.prepare(request)
        socket = Socket(response, request.transport)
        if not self._app.socket_mode or len(self.open) >= MOST:
            reason: Reason = "too_many_websockets" if self._app.socket_mode else "link_disabled"
            await self._disconnect(socket, reason)
            await socket.close()
            return response
        life = DEBUG_LIFE if request.query.get("debug_reconnects") == "true" else LIFE
        self.open.append(socket)
        await socket.send(hello(len(self.open), life))
        self._journal.note("out", "socket", "hello", {"num_connections": len(self.open)})
        self._count_changed()
        timer = self._tasks.start(self._retire(socket, life - NOTICE))
        try:
            await socket.texts(lambda text: self._frame(socket, text))
        finally:
            timer.cancel()
            self.open.remove(socket)
            self._count_changed()
        return response

    async def deliver(self, kind: str, payload: dict[str, Any], *, accepts: bool, **retry: Any) -> Any:
        """Send an envelope over any one connection and return the acknowledgement's payload (None for a bare one).

        Raises NotConnectedError, NoAckError.
        """
        socket = self._any()
        if socket is None:
            raise NotConnectedError
        ident = str(uuid4())
        envelope = {"envelope_id": ident, "type": kind, "payload": payload, "accepts_response_payload": accepts}
        frame = json.dumps(envelope | retry)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[ident] = (socket, future, accepts)
        self._journal.note("out", "socket", kind, frame)
        try:
            await socket.send(frame)
            return await within(self._clock, ACK_WITHIN, future)
        except TimeoutError:
            raise NoAckError from None
        finally:
            del self._pending[ident]

    def _any(self) -> Socket | None:
        """One of those not about to close, if there is such a one; frozen ones count, they look alive to Slack."""
        choice = [socket for socket in self.open if not socket.leaving] or self.open
        return self._random.choice(choice) if choice else None

    def _frame(self, socket: Socket, text: str) -> None:
        try:
            frame = json.loads(text)
            ident = str(frame["envelope_id"])
        except (ValueError, TypeError, KeyError, RecursionError):
            self._journal.note("in", "socket", "unreadable", {"text": text[:500]}, status="ignored")
            return
        if self.flood is not None and self.flood.acknowledged(ident):
            return
        pending = self._pending.get(ident)
        if pending is None or pending[0] is not socket or pending[1].done():
            why = "late or unknown" if pending is None or pending[1].done() else "on another connection"
            self._journal.note("in", "socket", "ack", text, status=f"ignored: {why}")
            return
        _, future, accepts = pending
        payload = frame.get("payload")
        ignored = payload is not None and not accepts
        self._journal.note("in", "socket", "ack", text, status="payload ignored" if ignored else None)
        future.set_result(payload if accepts else None)

    async def _retire(self, socket: Socket, after: float) -> None:
        await self._clock.sleep(after)
        await self._warn(socket)

    async def _warn(self, socket: Socket) -> None:
        socket.leaving = True
        await self._disconnect(socket, "warning")
        await self._clock.sleep(NOTICE)
        await socket.close()

    async def _disconnect(self, socket: Socket, reason: Reason) -> None:
        self._journal.note("out", "socket", "disconnect", {"reason": reason})
        await socket.disconnect(reason)

    async def refresh(self, *, notice: bool = True) -> None:
        """Ask every connection to make way: `warning` and ten seconds, or `refresh_requested` and the close at once."""
        self._rearm()
        for socket in list(self.open):
            if notice:
                self._tasks.start(self._warn(socket))
            else:
                await self._disconnect(socket, "refresh_requested")
                self._tasks.start(socket.close())

    async def disable(self, on: bool) -> None:
        """Socket Mode switched off in the app's settings: `link_disabled`, and no new connection lives."""
        self._app.socket_mode = not on
        for socket in list(self.open) if on else ():
            await self._disconnect(socket, "link_disabled")
            self._tasks.start(socket.close())

    async def kill(self) -> None:
        """Cut all, without a close frame."""
        self._rearm()
        for socket in list(self.open):
            socket.abort()

    async def freeze(self, on: bool) -> None:
        """Those open now fall silent, or may speak again; new ones are well."""
        for socket in self.open:
            socket.frozen = on

    async def wedge(self, on: bool) -> None:
        """Refuse the handshakes that follow a refresh, each ticket once: one for each connection open at that time."""
        self.wedged = on
        self.tickets.refusals = 0
        self._rearm()

    def _rearm(self) -> None:
        if self.wedged:
            self.tickets.refusals = max(1, len(self.open))

    async def stop(self) -> None:
        """Close all connections and end their timers."""
        await asyncio.gather(*(socket.close() for socket in list(self.open)))
        await self._tasks.stop()

    def _count_changed(self) -> None:
        self._feed.publish({"type": "sockets", "count": len(self.open)})


def _cut(request: web.Request) -> web.Response:
    """Break the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)
