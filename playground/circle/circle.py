"""A small Circle on loopback: one read endpoint that tells a valid key from another, and a dashboard to make new ones.

Circle's documents ("Authentication", 2026-11): `Authorization: Bearer API_KEY`; whether a key is right is tried with
the read endpoint GET /v1/configuration; a wrong one gets 401 `{"code":401,"message":…}`. Keys are
`TEST_API_KEY:<32 hex>:<32 hex>`.
"""

from html import escape
from random import Random

from aiohttp import web

from bot.clock import Clock
from playground.dates import dated
from playground.supabase.answers import Answers

_MALFORMED = {"code": 401, "message": "Malformed authorization. Are the credentials properly encoded?"}
_INVALID = {"code": 401, "message": "Invalid credentials."}
_DOWN = {"code": -1, "message": "Something went wrong."}
_PAGE = """<!doctype html><meta charset=utf-8><title>Circle (playground)</title>
<style>:root{{color-scheme:light dark;font:16px/1.6 system-ui}}body{{max-width:44rem;margin:2rem auto;padding:0 1rem}}
code{{overflow-wrap:anywhere}}</style>
<h1>Circle, dashboard</h1><p>Made up, as everything here. Events are signed with the newest signing secret from the
moment that it is made.</p><h2>API keys</h2><ul>{keys}</ul>
<form method=post action=/dashboard/key><button>Make a new API key</button></form>
<h2>Signing secret</h2><p><code>{secret}</code></p>
<form method=post action=/dashboard/secret><button>Make a new signing secret</button></form>"""


class Circle:
    """`await start()`, then `url` answers. `keys` are the valid ones, the newest last; `secret` signs the webhooks."""

    def __init__(self, clock: Clock, random: Random, host: str = "127.0.0.1") -> None:
        self._random = random
        self._host = host
        self._runner: web.AppRunner | None = None
        self._clock = clock
        self._answers = Answers(clock)
        self.answers = self._answers.answers
        self.keys: list[str] = []
        self.secret = ""
        self.down = False
        self.asked = 0  # how often its API was asked, for a test
        self.url = ""

    @property
    def check_url(self) -> str:
        """What tells whether a key is valid."""
        return f"{self.url}/v1/configuration"

    async def start(self) -> None:
        """Start the server."""
        app = dated(web.Application(middlewares=[self._answers.middleware]), self._clock)
        app.router.add_get("/v1/configuration", self._configuration)
        app.router.add_get("/", self._dashboard)
        app.router.add_post("/dashboard/{what}", self._made)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, 0).start()
        self.url = f"http://{self._host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop it."""
        self._answers.release()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def reset(self, key: str, secret: str) -> None:
        """As on the first day: one key, one secret."""
        self.keys, self.secret, self.down, self.asked = [key], secret, False, 0

    def new_key(self) -> str:
        """Somebody makes a new API key in the dashboard; the older ones stay valid until they are revoked."""
        self.keys.append(f"TEST_API_KEY:{self._random.randbytes(16).hex()}:{self._random.randbytes(16).hex()}")
        return self.keys[-1]

    def new_secret(self) -> str:
        """Somebody makes a new signing secret: every event from now on is signed with it."""
        self.secret = self._random.randbytes(32).hex()
        return self.secret

    async def _configuration(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.down:
            return web.json_response(_DOWN, status=503)
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not key.startswith(("TEST_API_KEY:", "LIVE_API_KEY:")):
            return web.json_response(_MALFORMED, status=401)
        if key not in self.keys:
            return web.json_response(_INVALID, status=401)
        return web.json_response({"data": {"payments": {"masterWalletId": "1000216185"}}})

    async def _dashboard(self, _: web.Request) -> web.Response:
        keys = "".join(f"<li><code>{escape(key)}</code>" for key in self.keys)
        return web.Response(text=_PAGE.format(keys=keys, secret=escape(self.secret)), content_type="text/html")

    async def _made(self, request: web.Request) -> web.Response:
        if request.match_info["what"] == "key":
            self.new_key()
        else:
            self.new_secret()
        raise web.HTTPSeeOther("/")
