"""The one place that wires: settings in, a running bot out, and an orderly end."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import structlog

from bot import metrics, startup
from bot.anchor import Anchor
from bot.asking import Desk
from bot.cards import LetterCards
from bot.changes import Changes
from bot.clients.slack import TIMEOUT, Slack, web_client
from bot.clients.supabase import Supabase
from bot.clients.wallet import Wallet
from bot.clock import Clock, SystemClock
from bot.command import Command
from bot.context import Caller, Context
from bot.deciding import Decisions
from bot.deploys.procedure import procedures
from bot.deploys.watching import watch
from bot.http import HttpPort
from bot.inbox import Delivery, Inbox
from bot.registry import load
from bot.roles import Roles
from bot.rounds import Rounds
from bot.router import Router
from bot.settings import Settings
from bot.slack import dispatcher
from bot.sockets import Line, Sockets
from bot.sources import Sources
from bot.watch import Watch
from bot.work import Work
from store.database import Store

log = structlog.get_logger(__name__)

Commands = Mapping[str, Command[Any, Any]]

LINES = ("a", "b")  # two sockets: one is always there while the other is renewed
DRAIN = 20.0  # seconds for work under way when the bot is told to stop
KEEP = timedelta(days=7)  # inbox rows, timers that fired
KEPT_LETTERS = timedelta(days=90)  # a card can be brought up to date for so long
PULSE = 60.0  # seconds between auth.test calls: a revoked token is noticed, a sleepy socket woken (bolt-python #1529)
HOUR = 3600.0


class Bot:
    """Everything that runs, started and stopped in order."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, commands: Commands | None = None) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self._commands = commands
        self._rounds = Rounds(clock)

    async def start(self) -> None:
        """Check the tokens, open the lines, take up what was left unfinished.

        Raises startup.CannotStart with a sentence for each thing that is wrong.
        """
        settings, clock = self.settings, self.clock
        self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        client = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, self._session, clock)
        self.slack = Slack(client, self._session)
        supabase = Supabase(
            settings.supabase_api_url,
            settings.supabase_access_token.get_secret_value(),
            settings.supabase_project_ref,
            clock,
        )
        self._supabase = supabase
        self._wallet = Wallet(settings.functions_url, clock, settings.supabase_project_ref)
        self.who, self.target = await startup.check(settings, client, supabase, clock)
        commands = load() if self._commands is None else self._commands
        roles = Roles(settings, self.slack, clock, self.who.team_id)
        self.changes = Changes(
            self.store,
            self.slack,
            clock,
            project=self.target.ref,
            can_look="channels:history" in self.who.scopes,
            alone=settings.alone,
            cards=lambda outbox: LetterCards(self.store, outbox),
        )
        self.ctx = Context(
            clock=clock,
            settings=settings,
            store=self.store,
            supabase=supabase,
            wallet=self._wallet,
            commands=commands,
            target=self.target,
            caller=Caller(user="bot", channel="", roles=frozenset(), asked_at=clock.now()),
            changes=self.changes,
            sources=Sources(settings.source, settings.data, clock, self.target.ref) if settings.source else None,
            roles=roles,
        )
        self.changes.procedures.update(procedures(self.ctx))
        watch(self.ctx, self.changes)
        router = Router(
            desk=Desk(self.ctx, commands),
            slack=self.slack,
            rows=self.store.inbox,
            roles=roles,
            who=self.who,
            decisions=Decisions(self.ctx, self.slack, self.changes),
        )
        self._dispatch = dispatcher(client, self.who, router)
        self.work = Work(self._work_on)
        self.inbox = Inbox(
            self.store.inbox,
            clock,
            self.work.add,
            self._dispatch,
            observe=self._acknowledged,
            repeated=lambda why: self.sockets.suspect(why),  # noqa: PLW0108  # the sockets are made after the inbox
        )
        self.sockets = Sockets(
            [Line(name, self._session, self._socket_url, self.inbox.arrive, clock) for name in LINES]
        )
        metrics.figures().inbox_depth.set_function(lambda: self.work.depth)
        self.sockets.open()
        self._take_up()
        self._start_rounds()
        self.changes.open(self._rounds)
        await self._open_port()

    def _acknowledged(self, kind: str, seconds: float, *, fresh: bool) -> None:
        if fresh:
            metrics.acknowledged(kind, seconds)
        else:
            metrics.repeated(kind)

    async def _work_on(self, delivery: Delivery) -> None:
        try:
            with metrics.dispatching(delivery.kind):
                await self._dispatch(delivery)
        finally:
            # Settled by its route in any usual case; what no route took must not come back at every start.
            if not self.work.stopping:
                self.store.inbox.later_settled(delivery.id, "not taken", self.clock.now())

    async def _socket_url(self) -> str:
        answer = await self.slack.call(
            "apps.connections.open", app_token=self.settings.slack_app_token.get_secret_value()
        )
        return str(answer["url"])

    def _take_up(self) -> None:
        rows = self.store.inbox.unfinished()
        for row in rows:
            self.work.add(Delivery.of(row))
        if rows:
            log.info("inbox.resumed", count=len(rows))

    def _start_rounds(self) -> None:
        self.watch = Watch(self.ctx)
        self._rounds.every(self.settings.look_every, "watch", self.watch.round, first=1)
        self._rounds.every(PULSE, "pulse", self._pulse, first=PULSE)
        self._rounds.every(HOUR, "tidy", self._tidy, first=5)
        self._rounds.every(1, "flush", self._flush, first=1)
        if self.settings.ops_channel:
            anchor = Anchor(self.store, self.slack, self.clock, self.settings.ops_channel)
            self._rounds.every(30, "anchor", anchor.round, first=10)

    async def _pulse(self) -> None:
        await self.slack.call("auth.test")

    async def _tidy(self) -> None:
        now = self.clock.now()
        while self.store.inbox.purge(now - KEEP):
            await asyncio.sleep(0)  # not a wait: a few thousand rows at a time: acks go between
        self.store.samples.roll_up(now)
        self.store.timers.purge(now - KEEP)
        self.store.outbox.purge(now - KEPT_LETTERS)

    async def _flush(self) -> None:
        self.store.inbox.flush()

    async def _open_port(self) -> None:
        self.port = HttpPort(self.settings.http, self) if self.settings.http else None
        if self.port is not None:
            await self.port.open()

    # What /readyz asks (bot.http.Readiness).

    def sockets_up(self) -> int:
        """How many lines hear Slack."""
        return self.sockets.up

    def database_writable(self) -> bool:
        """True when a row could be written now."""
        return self.store.writable()

    def looked_recently(self) -> bool:
        """True while looks finish in time."""
        return self.watch.recent

    async def stop(self) -> None:
        """Take no more, finish what runs within 20 s, keep the rest for the next start."""
        self.changes.drain()
        await self.sockets.close()
        await self.inbox.idle()
        left = await self.work.drain(DRAIN)
        await self._rounds.close()
        await self.changes.close(DRAIN)
        if self.port is not None:
            await self.port.close()
        await self._supabase.close()
        await self._wallet.close()
        await self._session.close()
        self.store.inbox.flush()
        log.info("bot.stopped", left=left)


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
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await bot.start()
    if ready is not None:
        ready(bot)
    await stop.wait()
    await bot.stop()
    return 0
