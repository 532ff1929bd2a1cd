"""A bot's life: the tokens are checked, the lines opened, what comes is kept and answered, and all of it ends in order.

Up to the first line little is imported: what answers (bot.answering) is loaded once Slack is heard.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import structlog

from bot.clients.slack import Slack, new_session, web_client
from bot.clock import Clock
from bot.context import Caller, Context
from bot.door.arrivals import Arrivals
from bot.door.sockets import Line, Sockets
from bot.settings import Settings
from bot.start import startup
from bot.telemetry import metrics

if TYPE_CHECKING:
    from bot.answering import Answering
    from bot.changes import Changes
    from bot.clients.supabase import Supabase
    from bot.command import Command
    from bot.door.inbox import Delivery, Inbox
    from bot.door.work import Work
    from bot.telemetry.http import HttpPort
    from store.alerts import Arrived
    from store.database import Store

log = structlog.get_logger(__name__)

Commands = Mapping[str, "Command[Any, Any]"]

LINES = ("a", "b")  # two sockets: one is always there while the other is renewed
DRAIN = 20.0  # seconds for work under way when the bot is told to stop


class Bot:
    """Everything that runs. What `start` opens is closed by `stop`, the last opened first, however far it came.

    *store* is one that is open, and stays the caller's; or what opens it, called once Slack is heard: then it is
    closed at the stop. `store`, `inbox` and `work` are there from then on.
    """

    store: "Store"
    inbox: "Inbox"
    work: "Work"
    port: "HttpPort"

    def __init__(
        self,
        settings: Settings,
        store: "Store | Callable[[], Store]",
        clock: Clock,
        commands: Commands | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self._commands = commands
        self._open = AsyncExitStack()
        self._answering: Answering | None = None
        self._arrivals = Arrivals()
        self._memory: asyncio.Task[None] | None = None
        self._opens = store if callable(store) else None
        self._outside: Supabase | None = None
        self.sockets = Sockets((), clock)
        if not callable(store):
            self._remember(store)

    async def start(self) -> None:
        """Check the tokens, open the lines, open the memory, take up what was left unfinished.

        Waits for as long as Slack is away. Raises startup.CannotStart with a sentence for each thing that is wrong,
        store.errors.StoreError and errors.PortTaken.
        """
        settings, clock = self.settings, self.clock
        self._open.callback(self._forget)
        session = await self._open.enter_async_context(new_session())
        client = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session, clock)
        self.slack = Slack(client, session)
        self._open.push_async_callback(self._close_outside)
        lines = [Line(name, session, self._socket_url, self._arrivals.arrive, clock) for name in LINES]
        self.sockets = Sockets(lines, clock)
        port = asyncio.create_task(self._open_port())
        self._open.push_async_callback(_end, port)
        self._open.push_async_callback(self._hush)  # after `_finish`: work under way still needs it
        self._memory = asyncio.create_task(self._open_memory())
        self._open.push_async_callback(_end, self._memory)
        checking = asyncio.create_task(startup.check(settings, client, self._supabase, clock, self._listen))
        self._open.push_async_callback(_end, checking)
        # A database that cannot be used is said at once, also while Slack is waited for.
        done, _ = await asyncio.wait({checking, self._memory}, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
        self.who, self.target = checking.result()
        metrics.figures().inbox_depth.set_function(lambda: self.work.depth)
        from bot.answering import Answering  # noqa: PLC0415  # see the module's docstring
        from bot.clients.status_page import StatusPage  # noqa: PLC0415  # the same
        from bot.clients.wallet import Wallet  # noqa: PLC0415  # the same
        from bot.registry import load  # noqa: PLC0415  # the same

        token = settings.supabase_access_token.get_secret_value()
        wallet = Wallet(settings.functions_url, clock, settings.supabase_project_ref, token.encode())
        status_page = StatusPage(settings.status_url, clock)
        ctx = Context(
            clock=clock,
            settings=settings,
            store=self.store,
            supabase=self._supabase(),
            wallet=wallet,
            status_page=status_page,
            commands=load() if self._commands is None else self._commands,
            target=self.target,
            caller=Caller(user="bot", channel="", roles=frozenset(), asked_at=clock.now()),
        )
        self._answering = Answering(
            ctx, self.slack, client, self.who, also_close=(wallet.close, status_page.close), holds=self.holds
        )
        self._answering.start()
        await self._answering.door.open()
        self.work.release()
        await port

    def _supabase(self) -> "Supabase":
        """The client; made when it is first asked for."""
        if self._outside is None:
            from bot.clients.supabase import Duty, Supabase  # noqa: PLC0415  # its models take 15 ms to build

            settings = self.settings
            token = settings.supabase_access_token.get_secret_value()
            tokens = {Duty(name): one.get_secret_value() for name, one in settings.tokens.items()}
            self._outside = Supabase(
                settings.supabase_api_url, token, settings.supabase_project_ref, self.clock, tokens
            )
        return self._outside

    async def _close_outside(self) -> None:
        if self._outside is not None:
            await self._outside.close()

    def _remember(self, store: "Store") -> None:
        from bot.door.inbox import Inbox  # noqa: PLC0415  # see the module's docstring
        from bot.door.work import Work  # noqa: PLC0415  # the same

        self.store = store
        self.work = Work(self._work_on, self.clock, store.inbox.payload)
        self.inbox = Inbox(
            store.inbox,
            self.clock,
            self.work.add,
            self._validate,
            observe=_acknowledged,
            repeated=lambda why: self.sockets.suspect(why),  # noqa: PLW0108  # the sockets change at the start
        )

    async def _open_memory(self) -> None:
        """Once Slack is heard, or after a second without it. What comes meanwhile waits, and is not acknowledged."""
        if self._opens is not None:
            await self.sockets.heard(within=1.0)
            self._remember(self._opens())
        from bot.door.inbox import Delivery  # noqa: PLC0415  # see the module's docstring

        rows = self.store.inbox.unfinished()  # before anything that has come since
        for row in rows:
            self.work.add(Delivery.of(row))
        if rows:
            log.info("inbox.resumed", count=len(rows))
        self._arrivals.open(self.inbox.arrive)

    def _forget(self) -> None:
        if self._opens is not None and hasattr(self, "store"):
            self.store.close()

    async def _listen(self) -> None:
        """Open the lines; return when one hears Slack, or after a second, and the memory is there."""
        self.sockets.open()
        self._open.push_async_callback(self._finish)
        await self.sockets.heard(within=1.0)
        if self._memory is not None:
            await asyncio.wait({self._memory})

    async def _dispatch(self, delivery: "Delivery") -> dict[str, Any]:
        if self._answering is None:
            raise RuntimeError("work was released before there was anybody to answer")
        return await self._answering.dispatch(delivery)

    async def _validate(self, delivery: "Delivery") -> dict[str, Any]:
        """A modal's submission waits for its answer; at a start also for somebody to give it."""
        await self.work.released.wait()
        return await self._dispatch(delivery)

    async def _work_on(self, delivery: "Delivery") -> None:
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

    async def _open_port(self) -> None:
        """Soon, whether Slack is there or not: while the bot waits for it, /readyz says that it is not ready."""
        if self.settings.http:
            await self.sockets.heard(within=0.5)
            from bot.telemetry.http import HttpPort  # noqa: PLC0415  # not needed where the port is off

            take = None
            if self.settings.alerts_token is not None:
                from bot.incoming.gate import Gate  # noqa: PLC0415  # the same

                take = Gate(
                    self.settings, self.clock, lambda: self.store if self._arrivals.opened else None, self._come
                ).answer
            self.port = HttpPort(self.settings.http, self, take)
            await self.port.open()
            self._open.push_async_callback(self.port.close)

    def _come(self, batch: "Sequence[Arrived]") -> None:
        if self._answering is not None:  # what comes sooner is judged in its first round
            self._answering.own.come(batch)

    # What /readyz asks (bot.telemetry.http.Readiness).

    def sockets_up(self) -> int:
        """How many lines hear Slack."""
        return self.sockets.up

    def database_writable(self) -> bool:
        """True when a row could be written now."""
        return self._arrivals.opened and self.store.writable()

    def looked_recently(self) -> bool:
        """True while looks finish in time."""
        return self._answering is not None and self._answering.watch.recent

    def open_incidents(self) -> Mapping[str, int]:
        """How many are open, by severity; empty while the memory is not there yet."""
        from bot.own.facts import open_incidents  # noqa: PLC0415  # see the module's docstring

        return open_incidents(self.store) if self._arrivals.opened else {}

    def holds(self) -> str:
        """Why no heartbeat may be sent now, in a word or two; empty while the bot looks and can tell."""
        if not self.sockets.up:
            return "Slack is not heard"
        if not self.looked_recently():
            return "no look has ended lately"
        return "" if self.database_writable() else "no row can be written"

    async def _finish(self) -> None:
        """Hear nothing more, then finish what runs within 20 s; the rest is taken up at the next start."""
        await self.sockets.close()
        if not hasattr(self, "store"):
            return
        await self.inbox.idle()
        left = await self.work.drain(DRAIN)
        self.store.inbox.flush()
        log.info("bot.stopped", left=left)

    async def _hush(self) -> None:
        if self._answering is not None:
            await self._answering.close()

    @property
    def changes(self) -> "Changes":
        """What changes something outside. Raises RuntimeError before the bot has started."""
        if self._answering is None:
            raise RuntimeError("the bot has not started")
        return self._answering.changes

    async def stop(self) -> None:
        """Begin nothing more, then close what `start` opened. Twice is once."""
        if self._answering is not None:
            self._answering.drain()
        await self._open.aclose()


async def _end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _acknowledged(kind: str, seconds: float, *, fresh: bool) -> None:
    if fresh:
        metrics.acknowledged(kind, seconds)
    else:
        metrics.repeated(kind)
