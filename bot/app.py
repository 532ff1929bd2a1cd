"""The one place that wires: settings in, a running bot out, and an orderly end."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics, startup
from bot.anchor import Anchor
from bot.asking import Desk
from bot.clients.slack import TIMEOUT, Slack, web_client
from bot.clients.supabase import Supabase
from bot.clients.wallet import Wallet
from bot.clock import Clock, SystemClock
from bot.command import Command
from bot.context import Caller, Context
from bot.http import HttpPort
from bot.inbox import Delivery, Inbox
from bot.registry import load
from bot.roles import Roles
from bot.rounds import Rounds
from bot.router import Router
from bot.settings import Settings
from bot.slack import dispatcher
from bot.sockets import Line, Sockets
from bot.watch import Watch
from bot.work import Work
from store.database import Store

log = structlog.get_logger(__name__)

Commands = Mapping[str, Command[Any, Any]]

LINES = ("a", "b")  # two sockets: one is always there while the other is renewed
DRAIN = 20.0  # seconds for work under way when the bot is told to stop
KEEP = timedelta(days=7)  # inbox rows
PULSE = 60.0  # seconds between auth.test calls: a revoked token is noticed, a sleepy socket woken (bolt-python #1529)
HOUR = 3600.0


class Bot:
    """Everything that runs. What `start` opens is closed by `stop`, the last opened first, however far it came."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, commands: Commands | None = None) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self._commands = load() if commands is None else commands
        self._open = AsyncExitStack()

    async def start(self) -> None:
        """Check the tokens, open the lines, take up what was left unfinished.

        Waits for as long as Slack is away. Raises startup.CannotStart with a sentence for each thing that is wrong,
        and http.PortTaken.
        """
        settings, clock = self.settings, self.clock
        session = await self._open.enter_async_context(aiohttp.ClientSession(timeout=TIMEOUT))
        client = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session, clock)
        self.slack = Slack(client, session)
        supabase = Supabase(
            settings.supabase_api_url,
            settings.supabase_access_token.get_secret_value(),
            settings.supabase_project_ref,
            clock,
        )
        wallet = Wallet(settings.functions_url, clock, settings.supabase_project_ref)
        self._open.push_async_callback(supabase.close)
        self._open.push_async_callback(wallet.close)
        await self._open_port()
        self.who, self.target = await startup.check(settings, client, supabase, clock)
        self.ctx = Context(
            clock=clock,
            settings=settings,
            store=self.store,
            supabase=supabase,
            wallet=wallet,
            commands=self._commands,
            target=self.target,
            caller=Caller(user="bot", channel="", roles=frozenset(), asked_at=clock.now()),
        )
        self._wire(client, session)
        self.sockets.open()
        self._open.push_async_callback(self._finish)
        self._take_up()
        self._start_rounds()

    def _wire(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        """Sockets → inbox → work → Bolt → router."""
        router = Router(
            desk=Desk(self.ctx, self._commands),
            slack=self.slack,
            rows=self.store.inbox,
            roles=Roles(self.settings, self.slack, self.clock, self.who.team_id),
            who=self.who,
        )
        self._dispatch = dispatcher(client, self.who, router)
        self.work = Work(self._work_on)
        self.inbox = Inbox(
            self.store.inbox,
            self.clock,
            self.work.add,
            self._dispatch,
            observe=_acknowledged,
            repeated=lambda why: self.sockets.suspect(why),  # noqa: PLW0108  # the sockets are made after the inbox
        )
        self.sockets = Sockets([Line(name, session, self._socket_url, self.inbox.arrive, self.clock) for name in LINES])
        metrics.figures().inbox_depth.set_function(lambda: self.work.depth)

    async def _work_on(self, delivery: Delivery) -> None:
        try:
            with metrics.dispatching(delivery.kind):
                await self._dispatch(delivery)
        finally:
            # Settled by its route in any usual case; what no route took must not come back at every start.
            if not self.work.stopping:
                self.store.inbox.later_settled(delivery.id, "not taken", self.clock.now())

    async def _socket_url(self) -> str:
        token = self.settings.slack_app_token.get_secret_value()
        return str((await self.slack.call("apps.connections.open", app_token=token))["url"])

    def _take_up(self) -> None:
        rows = self.store.inbox.unfinished()
        for row in rows:
            self.work.add(Delivery.of(row))
        if rows:
            log.info("inbox.resumed", count=len(rows))

    def _start_rounds(self) -> None:
        rounds = Rounds(self.clock)
        self._open.push_async_callback(rounds.close)
        self.watch = Watch(self.ctx)
        rounds.every(self.settings.look_every, "watch", self.watch.round, first=1)
        rounds.every(PULSE, "pulse", self._pulse, first=PULSE)
        rounds.every(HOUR, "tidy", self._tidy, first=5)
        rounds.every(1, "flush", self._flush, first=1)
        if self.settings.ops_channel:
            anchor = Anchor(self.store, self.slack, self.clock, self.settings.ops_channel)
            rounds.every(30, "anchor", anchor.round, first=10)

    async def _pulse(self) -> None:
        await self.slack.call("auth.test")

    async def _tidy(self) -> None:
        now = self.clock.now()
        more = True
        while more:
            more = self.store.inbox.purge(now - KEEP) > 0
            await asyncio.sleep(0)  # a few thousand rows at a time: acks go between
        self.store.samples.roll_up(now)

    async def _flush(self) -> None:
        self.store.inbox.flush()

    async def _open_port(self) -> None:
        """Before Slack is asked: while the bot waits for it, /readyz says that it is not ready."""
        if self.settings.http:
            port = HttpPort(self.settings.http, self)
            await port.open()
            self._open.push_async_callback(port.close)

    # What /readyz asks (bot.http.Readiness).

    def sockets_up(self) -> int:
        """How many lines hear Slack."""
        return self.sockets.up if hasattr(self, "sockets") else 0

    def database_writable(self) -> bool:
        """True when a row could be written now."""
        return self.store.writable()

    def looked_recently(self) -> bool:
        """True while looks finish in time."""
        return hasattr(self, "watch") and self.watch.recent

    async def _finish(self) -> None:
        """Hear nothing more, then finish what runs within 20 s; the rest is taken up at the next start."""
        await self.sockets.close()
        await self.inbox.idle()
        left = await self.work.drain(DRAIN)
        self.store.inbox.flush()
        log.info("bot.stopped", left=left)

    async def stop(self) -> None:
        """Close what `start` opened. Twice is once."""
        await self._open.aclose()


def _acknowledged(kind: str, seconds: float, *, fresh: bool) -> None:
    if fresh:
        metrics.acknowledged(kind, seconds)
    else:
        metrics.repeated(kind)


async def run(
    settings: Settings,
    store: Store,
    *,
    clock: Clock | None = None,
    commands: Commands | None = None,
    ready: Callable[[Bot], None] | None = None,
) -> int:
    """Run until SIGINT or SIGTERM; return the exit code. *ready* is called once the lines are being opened."""
    bot = Bot(settings, store, clock or SystemClock(), commands)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    starting, told = asyncio.create_task(bot.start()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            if ready is not None:
                ready(bot)
            await told
        return 0
    finally:
        starting.cancel()
        told.cancel()
        await asyncio.gather(starting, told, return_exceptions=True)
        await bot.stop()
