"""The bot's own HTTP port, loopback by default: is it alive, is it ready, what does it count; and alerts, where set."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import structlog
from aiohttp import web

from bot import metrics
from bot.errors import PortTaken
from bot.figures import CONTENT_TYPE

log = structlog.get_logger(__name__)

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

    *alerts* answers `POST /alerts`; without it there is no such path.
    """

    def __init__(self, door: tuple[str, int], readiness: Readiness, alerts: Take | None = None) -> None:
        self._door = door
        self._readiness = readiness
        self._alerts = alerts
        self._runner: web.AppRunner | None = None
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
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=15, handle_signals=False, lingering_time=1)
        await self._runner.setup()
        host, port = self._door
        try:
            await web.TCPSite(self._runner, host, port, backlog=64).start()
        except OSError as error:
            await self.close()
            raise PortTaken(
                f"Nothing can listen at {host}:{port} ({error.strerror or 'no such address'}). Set AIKEYS_HTTP to "
                "another address, such as 127.0.0.1:8081, or to off."
            ) from error
        bound = self._runner.addresses[0]
        self.address = f"http://{f'[{bound[0]}]' if ':' in bound[0] else bound[0]}:{bound[1]}"
        log.info("http.open", address=self.address)

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

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
