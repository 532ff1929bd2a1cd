"""Two lines to Slack's Socket Mode, each kept open for ever, a new socket made before the old one goes.

The SDK's client is not used: it closes the old socket before it asks for a new one, and after one failed
handshake it retries a used-up address for ever (slack_sdk 3.47.0, socket_mode/aiohttp). Here each attempt asks
for a new address, so that cannot happen. docs/decisions/0002 has the figures.
"""

import asyncio
import json
import math
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, cast

import aiohttp
import structlog

from bot.clients.frames import Frames
from bot.clock import Clock
from bot.errors import Unanswered

log = structlog.get_logger(__name__)

HEARTBEAT = 5.0  # seconds between pings; no pong for half of that and aiohttp drops the socket: deaf for 7.5 s at most
# Looks, a heartbeat apart, that see no whole frame come, not even a pong: for aiohttp each byte of half a one is a sign
# of life. Then the socket goes. At one it may be this process that stood still.
SILENT = 3
LARGEST = 4 * 2**20  # bytes: a message has fewer, else its socket is dropped at the length that it announces
HANDSHAKE = 5.0  # seconds for the address, the handshake and the hello, each
RENEW_AFTER = 1200.0  # seconds: a socket that answers pings but gets no envelopes (bolt-python #1529) is gone by then
BACKOFF = (0.2, 0.5, 1.0, 2.0, 4.0)  # seconds; stays at the last, so that an outage of any length ends within it
SWITCHED_OFF = 30.0  # seconds: Socket Mode was switched off or the token revoked; asking hotly does not help
SUSPECTS = 60.0  # seconds between two suspicions: Slack repeats an event at once and after a minute, and so each event
LINGER = 10.0  # seconds that a replaced socket still listens for what Slack already sent down it

Open = Callable[[], Awaitable[str]]
Arrive = Callable[["Socket", dict[str, Any]], None]


class Socket:
    """One WebSocket. `send` is for acks; a send on a dead socket raises ConnectionError."""

    def __init__(self, ws: Frames, number: int) -> None:
        self.ws = ws
        self.number = number
        self.frames = 0  # whole ones that came down it, pings and pongs among them

    async def send(self, texts: list[str]) -> None:
        """Send text frames, in one write."""
        await self.ws.send_together(texts)

    async def close(self) -> None:
        """Say goodbye, without waiting long for the answer."""
        try:
            async with asyncio.timeout(1):
                await self.ws.close()
        except TimeoutError:
            log.debug("socket.close.slow", socket=self.number)


class Line:
    """Keeps one socket open. *open_url* asks Slack for an address; it raises when Slack refuses or is away."""

    def __init__(self, name: str, session: aiohttp.ClientSession, open_url: Open, arrive: Arrive, clock: Clock) -> None:
        self.name = name
        self._session = session
        self._open_url = open_url
        self._arrive = arrive
        self._clock = clock
        self._renew = asyncio.Event()
        self._opened = 0
        self._readers: set[asyncio.Task[None]] = set()
        self._hello: set[int] = set()
        self.current: Socket | None = None
        self.greeted = asyncio.Event()  # once, at the first hello
        self.fresh = asyncio.Event()  # since `renew` was called last
        self.pause = 0.0

    @property
    def up(self) -> bool:
        """True while a socket that said hello is open."""
        return self.current is not None and not self.current.ws.closed

    def renew(self, why: str) -> None:
        """Have a new socket opened, and the present one closed after it."""
        log.info("socket.renew", line=self.name, why=why)
        self.fresh.clear()
        self._renew.set()

    async def keep(self) -> None:
        """Run until cancelled."""
        try:
            while True:
                fresh, reader = await self._connect()
                old, self.current = self.current, fresh
                self.fresh.set()
                if old is not None:
                    self._spawn(self._retire(old))
                await self._until_stale(fresh, reader)
        finally:
            await self._close_all()

    async def _connect(self) -> tuple[Socket, asyncio.Task[None]]:
        attempt = 0
        while True:
            if self.pause:
                await self._clock.sleep(self.pause)
                self.pause = 0.0
            try:
                return await self._handshake()
            except (aiohttp.ClientError, OSError, TimeoutError, Unanswered) as error:
                # Whatever Slack says to it, a line that stops asking is deaf for ever.
                wait = BACKOFF[min(attempt, len(BACKOFF) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311  # spreads load
                log.warning("socket.failed", line=self.name, error=type(error).__name__, wait=round(wait, 2))
                attempt += 1
                await self._clock.sleep(wait)

    async def _handshake(self) -> tuple[Socket, asyncio.Task[None]]:
        self._renew.clear()
        async with asyncio.timeout(HANDSHAKE):
            url = await self._open_url()
        async with asyncio.timeout(HANDSHAKE):
            made = await self._session.ws_connect(url, heartbeat=HEARTBEAT, autoping=False, max_msg_size=LARGEST)
        ws = cast("Frames", made)  # what the session was told to make (bot.clients.slack.new_session)
        self._opened += 1
        socket = Socket(ws, self._opened)
        greeted = asyncio.Event()
        reader = self._spawn(self._read(socket, greeted))
        try:
            async with asyncio.timeout(HANDSHAKE):
                await greeted.wait()
        except BaseException:
            await socket.close()
            raise
        if ws.closed:
            raise ConnectionResetError("closed before it said hello")
        self.greeted.set()
        log.info("socket.open", line=self.name, socket=socket.number)
        return socket, reader

    async def _until_stale(self, socket: Socket, reader: asyncio.Task[None]) -> None:
        """Return when a new socket is needed: this one ended or is stuck, Slack asks for it, or it is old."""
        heard = asyncio.ensure_future(self._heard_out(socket, reader))
        asked = asyncio.ensure_future(self._renew.wait())
        old = asyncio.ensure_future(self._clock.sleep(RENEW_AFTER * random.uniform(0.9, 1.1)))  # noqa: S311
        try:
            await asyncio.wait({heard, asked, old}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()
            asked.cancel()
            old.cancel()

    async def _heard_out(self, socket: Socket, reader: asyncio.Task[None]) -> None:
        """Return when *socket* has ended; close it where it ends in half a frame.

        Counted beside the reading, on the loop's time as aiohttp's pings: a time limit on each frame costs 4 µs, a
        tenth of what an ack takes.
        """
        silent = 0
        while silent < SILENT:
            before = socket.frames
            ended, _ = await asyncio.wait({reader}, timeout=HEARTBEAT)
            if ended:
                return
            silent = silent + 1 if socket.frames == before else 0
        log.warning("socket.half", line=self.name, socket=socket.number)
        await socket.close()  # now: what Slack still sends down it would go into that half

    async def _read(self, socket: Socket, greeted: asyncio.Event) -> None:
        try:
            async for frame in socket.ws:
                socket.frames += 1
                if frame.type is aiohttp.WSMsgType.TEXT:
                    self._frame(socket, frame.data, greeted)
                elif frame.type is aiohttp.WSMsgType.PING:
                    await socket.ws.pong(frame.data)
        finally:
            greeted.set()
            log.debug("socket.ended", line=self.name, socket=socket.number, code=socket.ws.close_code)

    def _frame(self, socket: Socket, data: str, greeted: asyncio.Event) -> None:
        try:
            frame = json.loads(data)
            kind = frame["type"]
        except (ValueError, KeyError, TypeError, RecursionError):
            log.warning("socket.frame.unreadable", line=self.name, size=len(data))
            return
        if kind == "hello":
            greeted.set()
        elif kind == "disconnect":
            self._disconnect(str(frame.get("reason", "")))
        elif "envelope_id" in frame:
            self._arrive(socket, frame)

    def _disconnect(self, reason: str) -> None:
        if reason in ("link_disabled", "too_many_websockets"):
            # Asking at once would be refused at once, for as long as somebody else holds the sockets.
            self.pause = SWITCHED_OFF if reason == "link_disabled" else BACKOFF[-1]
            log.error("socket.refused", line=self.name, reason=reason)
        self.renew(reason)

    async def _retire(self, old: Socket) -> None:
        """Let the replaced socket hear out what is under way, then close it."""
        try:
            if not old.ws.closed:
                await self._clock.sleep(LINGER)
        finally:  # also where the bot stops meanwhile
            await old.close()

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._readers.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._readers.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("socket.broke", line=self.name, error=type(error).__name__)

    async def _close_all(self) -> None:
        current, self.current = self.current, None
        if current is not None:
            await current.close()
        for task in list(self._readers):
            task.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)


class Sockets:
    """The lines together: Slack gives each envelope to any one of them."""

    def __init__(self, lines: Sequence[Line], clock: Clock) -> None:
        self.lines = lines
        self._clock = clock
        self._suspected = -math.inf
        self._suspicion: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Start keeping the lines open."""
        self._tasks = [asyncio.create_task(line.keep(), name=f"line-{line.name}") for line in self.lines]

    async def close(self) -> None:
        """Close them and wait until they are closed."""
        tasks = [*self._tasks, *([self._suspicion] if self._suspicion else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def up(self) -> int:
        """How many lines hear Slack now."""
        return sum(line.up for line in self.lines)

    async def heard(self, within: float) -> None:
        """Return when one line hears Slack, or after *within* seconds."""
        try:
            async with asyncio.timeout(within):
                await asyncio.wait(
                    [asyncio.ensure_future(line.greeted.wait()) for line in self.lines],
                    return_when=asyncio.FIRST_COMPLETED,
                )
        except TimeoutError:
            log.debug("socket.slow", within=within)

    def suspect(self, why: str) -> None:
        """Renew every line: Slack repeats an event, so an earlier copy went down a socket that nobody reads.

        One line after the other, and not again within a minute: a storm of repeated events must not cost both.
        """
        now = self._clock.monotonic()
        if now - self._suspected >= SUSPECTS:
            self._suspected = now
            self._suspicion = asyncio.create_task(self._renew_each(why), name="suspicion")

    async def _renew_each(self, why: str) -> None:
        for line in self.lines:
            line.renew(why)
            with suppress(TimeoutError):
                async with asyncio.timeout(3 * HANDSHAKE):
                    await line.fresh.wait()
