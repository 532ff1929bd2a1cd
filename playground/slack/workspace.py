"""The workspace: one object that starts the server, and does what people do."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from aiohttp import web

from bot.clock import Clock, SystemClock
from playground.clock import moving
from playground.dates import dated
from playground.slack import page, payloads
from playground.slack.api import Api
from playground.slack.app import AppManifest
from playground.slack.backend import Backend, Tokens
from playground.slack.control import Control
from playground.slack.doors import Doors
from playground.slack.events import Events
from playground.slack.faults import Faults
from playground.slack.feed import Feed
from playground.slack.files import Files
from playground.slack.flood import Flood
from playground.slack.hands import Hands
from playground.slack.hooks import Hooks
from playground.slack.journal import Journal
from playground.slack.limits import Limits
from playground.slack.live import Live
from playground.slack.sockets import Sockets
from playground.slack.state import State
from playground.slack.timers import Tasks
from playground.slack.triggers import Triggers
from playground.slack.views import Views
from playground.switches import Switch
from playground.underway import Underway

T = TypeVar("T")
MOST_BYTES = 25_000_000
# Seconds that a test's wait lasts before it has failed. Far more than anything takes: the bot posts one message a
# second to a channel (Slack allows no more), a dozen may be in front, and a loaded machine stands still for seconds.
# What comes is heard of at once.
PATIENCE = 30.0


class Workspace(Hands):
    """A Slack workspace on loopback with the app installed.

    `say`, `click`, `submit`, `close`, `shortcut`, `open_home`, `react`, `messages` and `views` are what people do and
    see (`Hands`). `bot_token` and `app_token` are made up anew for each workspace. `app.scopes` may be changed while it
    runs. `limits.off = True` stops the rate limits, for measurements of something else.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        links: dict[str, str] | None = None,
        switches: Iterable[Switch] = (),
        app: AppManifest | None = None,
    ) -> None:
        clock = clock or SystemClock()
        app = app or AppManifest()
        feed = Feed()
        journal = Journal(clock, feed)
        state = State(clock, feed, app.bot_name, app.name)
        sockets = Sockets(clock, app, journal, feed)
        self.backend = Backend(
            clock,
            app,
            Tokens(),
            feed,
            journal,
            state,
            Limits(clock),
            Triggers(clock),
            Views(state, feed),
            sockets,
            Faults(feed, sockets, switches),
            Tasks(),
        )
        self.backend.hooks = Hooks(self.backend)
        self.backend.files = Files(self.backend)
        self.backend.events = Events(self.backend)
        super().__init__(self.backend)
        self.app, self.state, self.faults, self.sockets = app, state, self.backend.faults, sockets
        self.journal, self.limits, self.tokens = journal, self.backend.limits, self.backend.tokens
        self.links, self.underway = links or {}, Underway()
        self._host, self._port = host, port
        self._live = Live(self.backend)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return self.backend.base

    @property
    def api_url(self) -> str:
        """What slack_sdk takes as `base_url`."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """An xoxb token."""
        return self.tokens.bot

    @property
    def app_token(self) -> str:
        """An xapp token."""
        return self.tokens.app

    @property
    def failures(self) -> list[dict[str, str]]:
        """What Slack said in grey: `{user, channel, text}`, oldest first."""
        return self.backend.failures

    async def start(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        seen = [self.underway.middleware, page.same_origin]
        application = web.Application(middlewares=seen, client_max_size=MOST_BYTES)
        dated(application, self.backend.clock)
        application[page.BOUND] = self._host
        control = Control(self.backend, self, self.links)
        doors = Doors(self.backend, Api(self.backend), self._live)
        application.add_routes([*control.routes(), *doors.routes()])
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.backend.base = f"http://{self._host}:{port}"

    async def stop(self) -> None:
        """Close every connection and forget what was under way."""
        await asyncio.gather(self.sockets.stop(), self._live.stop())
        await self.backend.tasks.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def until(self, condition: Callable[[], T | Awaitable[T]], timeout: float = PATIENCE) -> T:  # noqa: ASYNC109
        """Wait for a truthy answer of *condition*, which is asked again at each change of anything here.

        A clock that is moved by hand is moved on where it takes long (`moving`). Raises TimeoutError, with the last
        messages, after *timeout* real seconds.
        """
        try:
            found = await moving(self.backend.clock, self.backend.feed.until(condition, timeout))
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s; the last messages:\n{self._last()}") from None
        await self.underway.lag()
        return found

    def _last(self, count: int = 8) -> str:
        messages = [message for each in self.state.channels for message in self.state.seen(each)]
        messages.sort(key=lambda message: message.ts)
        lines = [json.dumps(message.as_control(), ensure_ascii=False)[:400] for message in messages[-count:]]
        grey = [f"(grey) {each['text']}" for each in self.failures[-3:]]
        return "\n".join([*lines, *grey, f"{len(self.sockets.open)} sockets open"])

    async def flood(
        self, count: int, text: str, *, at_once: int = 0, user: str = "U0ANA", channel: str = "C0OPS"
    ) -> list[float]:
        """Deliver *count* slash commands over the open sockets as fast as they are acknowledged.

        At most *at_once* are under way (0: all at once). Returns the seconds from write to acknowledgement. Nothing is
        journalled or remembered: the trigger ids and response_urls lead nowhere.
        """
        person, room = self.state.users[user], self.state.channels[channel]
        url = f"{self.url}/actions/flood"
        payload = payloads.slash(self.tokens.verification, person, room, self.app.commands[0].command, text, url, "-")
        flood = Flood(list(self.sockets.open), payload, count, at_once or count, self.backend.clock.monotonic)
        self.sockets.flood = flood
        try:
            flood.start()
            await flood.done
        finally:
            self.sockets.flood = None
        return flood.latencies
