"""The bot's own HTTP port, loopback by default: is it alive, is it ready, what does it count; and alerts, where set."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import structlog
from aiohttp import web

from bot.errors import PortTaken
from bot.telemetry import metrics
from bot.telemetry.figures import CONTENT_TYPE

log = structlog.get_logger(__name__)

MOST = 200  # connections at once: each takes a descriptor, of which a process often has 1,024 for everything
PATIENCE = 15.0  # seconds for the whole head of a request, the first too: a slow one is cut off
LARGEST = 1024  # bytes of a body; who takes one in reads it with a limit of its own (bot.incoming.taking)

Take = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Readiness(Protocol):
    """What /readyz asks. Cheap: it is asked every few seconds."""

    def sockets_up(self) -> int:
        """How many sockets hear Slack."""
        ...

    def database_writable(self) -> bool:
        """True when a row could be written now."""
        ...

    def looked_recently(self) -> bool:
        """True while the bot's own looks finish in time."""
        ...

    def open_incidents(self) -> Mapping[str, int]:
        """How many are open, by severity; empty while that is not known."""
        ...


class HttpPort:
    """Serves `/healthz`, `/readyz` and `/metrics` at *door*, a host and a port (0: any free one).

    *alerts* answers `POST /alerts`; without it there is no such path. *patience*: seconds for the head of a request.
    """

    def __init__(
        self, door: tuple[str, int], readiness: Readiness, alerts: Take | None = None, *, patience: float = PATIENCE
    ) -> None:
        self._patience = patience
        self._door = door
        self._readiness = readiness
        self._alerts = alerts
        self._runner: web.AppRunner | None = None
        self._listening: asyncio.Server | None = None
        self.address = ""

    async def open(self) -> None:
        """Listen. Raises PortTaken with a sentence."""
        app = web.Application(client_max_size=LARGEST)
        app.on_response_prepare.append(_no_banner)
        # add_get answers HEAD too; every other method gets 405.
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._metrics)
        if self._alerts is not None:
            app.router.add_post("/alerts", self._alerts)
        # After an answer the rest of a body is waited for, so that the answer is read: a second will do.
        self._runner = web.AppRunner(
            app, access_log=None, keepalive_timeout=self._patience, handle_signals=False, lingering_time=1
        )
        await self._runner.setup()
        host, port = self._door
        try:
            loop = asyncio.get_running_loop()
            self._listening = await loop.create_server(self._visitor, host, port, backlog=64)
        except OSError as error:
            await self.close()
            raise PortTaken(
                f"Nothing can listen at {host}:{port} ({error.strerror or 'no such address'}). Set AIKEYS_HTTP to "
                "another address, such as 127.0.0.1:8081, or to off."
            ) from error
        bound = self._listening.sockets[0].getsockname()
        self.address = f"http://{f'[{bound[0]}]' if ':' in bound[0] else bound[0]}:{bound[1]}"
        log.info("http.open", address=self.address)

    async def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _visitor(self) -> asyncio.Protocol:
        """One more connection. Who holds many open and says nothing loses the oldest of them, and keeps nobody out."""
        if self._runner is None or self._runner.server is None:
            return asyncio.Protocol()  # closing: it came a moment too late
        visitors = self._runner.server.connections
        for one in visitors[: max(0, len(visitors) - MOST + 1)]:
            if one.transport is not None:
                one.transport.abort()  # closing would wait until what it was sent is read
        return self._runner.server()

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        parts = self._parts()
        ready = all(parts.values())
        body = {"ready": ready, **parts, "sockets_up": self._readiness.sockets_up()}
        return web.json_response(body, status=200 if ready else 503)

    def _parts(self) -> dict[str, bool]:
        return {
            "sockets": self._readiness.sockets_up() > 0,
            "database": self._readiness.database_writable(),
            "look": self._readiness.looked_recently(),
        }

    async def _metrics(self, _request: web.Request) -> web.Response:
        figures = metrics.figures()
        figures.sockets_up.set(self._readiness.sockets_up())
        for part, good in self._parts().items():
            figures.ready.labels(part).set(good)
        for severity, count in self._readiness.open_incidents().items():
            figures.open_incidents.labels(severity).set(count)
        return web.Response(body=figures.exposition(), headers={"Content-Type": CONTENT_TYPE})


async def _no_banner(_request: web.Request, response: web.StreamResponse) -> None:
    """Take the server's name and version away: they help nobody but who looks for a hole in them."""
    response.headers.pop("Server", None)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
