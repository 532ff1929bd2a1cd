"""The Supabase project as one object: two servers on loopback, a PostgreSQL beneath, switches to break it."""

from random import Random

from aiohttp import web

from bot.clock import Clock, SystemClock
from playground.circle import Circle
from playground.dates import dated
from playground.supabase.answers import Answers
from playground.supabase.archive import Archive
from playground.supabase.attack import Attack
from playground.supabase.faults import make_switches
from playground.supabase.functions.database import WalletDatabase
from playground.supabase.functions.edge import invoke
from playground.supabase.journal import Journal
from playground.supabase.keys import ARCHIVE, SQL, STATE, WALLET, Runners
from playground.supabase.management import OPERATIONS
from playground.supabase.management.elsewhere import logs_all, nowhere
from playground.supabase.management.gate import Gate
from playground.supabase.management.limits import Limits
from playground.supabase.management.operation import Operation
from playground.supabase.page import page
from playground.supabase.postgres import Postgres
from playground.supabase.sql import Sql
from playground.supabase.state import State
from playground.supabase.status_page import status
from playground.supabase.traffic import Traffic
from playground.underway import Underway

_LARGEST_BODY = 20 * 1024 * 1024  # a function's bundle


class Project:
    """`await start()`, then the addresses below answer; `await stop()` leaves nothing behind.

    `api_url` stands for https://api.supabase.com, `functions_url` for https://{ref}.functions.supabase.co; the latter
    also serves /functions/v1/{slug}, as https://{ref}.supabase.co does. `status_url` is the JSON of their status page.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        functions_port: int = 0,
        *,
        random: Random | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.postgres = Postgres(self.clock)
        self.state = State(self.clock, self.postgres, random or Random())
        self.journal, self.underway = Journal(self.clock, self.state.hidden), Underway()
        self.archive = Archive(self.state, self.postgres, self.clock)
        self.limits = Limits(self.clock)
        self.gate = Gate(self.limits)
        self.wallet = WalletDatabase(self.postgres)
        self.circle = Circle(self.clock, Random(random.random() if random else None), host)
        self._circle_knows()
        self.traffic = Traffic(self, Random(random.random() if random else None))
        self._attack = Attack(self, Random(0))
        self._answers = Answers(self.clock)
        self.answers = self._answers.answers
        self.switches = make_switches(self, self._attack)
        self._sql = Runners(Sql(self.postgres, "postgres"), Sql(self.postgres, "supabase_read_only_user"))
        self._host = host
        self._ports = (port, functions_port)
        self._runners: list[web.AppRunner] = []
        self.api_url = ""
        self.functions_url = ""
        self.status_url = ""

    @property
    def ref(self) -> str:
        """The project's ref, 20 letters."""
        return self.state.ref

    @property
    def region(self) -> str:
        """Where it runs."""
        return self.state.region

    @property
    def access_token(self) -> str:
        """A made-up token that may do all."""
        return self.state.access_token

    @property
    def circle_secret(self) -> str:
        """What Circle signs its events with."""
        return self.circle.secret

    @circle_secret.setter
    def circle_secret(self, secret: str) -> None:
        self.circle.secret = secret

    def _circle_knows(self) -> None:
        self.circle.reset(self.secrets["CIRCLE_API_KEY"], self.secrets["CIRCLE_WEBHOOK_SECRET"])

    def issue_token(self, *permissions: str) -> str:
        """A scoped token that may do only this, such as `edge_functions_read`."""
        return self.state.issue_token(permissions)

    @property
    def secrets(self) -> dict[str, str]:
        """The functions' secrets by name, in clear: what Circle's dashboard would know."""
        return self.state.secrets

    async def start(self) -> None:
        """Start PostgreSQL and both servers. Raises `DatabaseFailed`, OSError for a port that is taken."""
        try:
            await self.circle.start()
            await self.postgres.start()
            self.state.server_log.skip(self.postgres.log)
            for part in (self.wallet, self._sql.admin, self._sql.reader):
                await part.start()
            self.api_url = await self._serve(self._management(), self._ports[0])
            self.functions_url = await self._serve(self._functions(), self._ports[1])
            self.status_url = await self._serve(self._status_page(), 0) + "/api/v2/status.json"
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop everything that was started."""
        await self.traffic.stop()
        await self._attack.stop()
        await self.archive.stop()
        self._answers.release()
        while self._runners:
            await self._runners.pop().cleanup()
        await self.circle.stop()
        await self.postgres.stop()

    async def reset(self) -> None:
        """As after the start: switches off, data, secrets and functions of the first day, nothing counted."""
        self.traffic.forget()
        await self.archive.forget()
        for switch in self.switches:
            await switch.set(False)
        self.state.restore()
        self._circle_knows()
        self.limits.clear()
        await self.postgres.reset()
        self.state.server_log.skip(self.postgres.log)
        self.journal.clear()

    def _management(self) -> web.Application:
        app = self._app("management")
        for operation in OPERATIONS:
            for path in (operation.path, f"{operation.path}/"):  # the real router takes a slash at the end too
                app.router.add_route(operation.method, path, self.gate.guard(operation))
        removed = Operation(
            "GET", "/v1/projects/{ref}/analytics/endpoints/logs.all", "v1-get-project-logs-all", logs_all
        )
        app.router.add_get(removed.path, self.gate.guard(removed))
        app.router.add_get("/", page)
        app.router.add_route("*", "/{anything:.*}", nowhere)
        return app

    def _functions(self) -> web.Application:
        app = self._app("functions")
        app.router.add_route("*", "/functions/v1/{slug}", invoke)
        app.router.add_route("*", "/{slug}", invoke)
        return app

    def _status_page(self) -> web.Application:
        app = self._app("status page")
        app.router.add_get("/api/v2/status.json", status)
        return app

    def _app(self, server: str) -> web.Application:
        passes = [self.underway.middleware, self.journal.middleware(server), self._answers.middleware]
        app = web.Application(middlewares=passes, client_max_size=_LARGEST_BODY)
        app[STATE], app[WALLET], app[SQL] = self.state, self.wallet, self._sql
        app[ARCHIVE] = self.archive
        return dated(app, self.clock)

    async def _serve(self, app: web.Application, port: int) -> str:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, self._host, port)
        await site.start()
        return f"http://{self._host}:{runner.addresses[0][1]}"
