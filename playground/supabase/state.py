"""What the platform knows of the project: status, functions, secrets, tokens. One object that all parts share."""

import hashlib
from collections import deque
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.clock import Clock
from playground.supabase.bundling import Upload
from playground.supabase.deployed import SLUG, SLUGS, Deploy, Function, first
from playground.supabase.logs import shapes
from playground.supabase.logs.book import Book
from playground.supabase.logs.scenery import Scenery
from playground.supabase.logs.server import ServerLog
from playground.supabase.postgres import Postgres

__all__ = ["REF", "REGION", "SLUG", "SLUGS", "Deploy", "Function", "Line", "State", "Taken", "Token", "digest"]

EXECUTION: ContextVar[str] = ContextVar("execution", default="")  # of the call that is being answered
REF = "emolyyvmvvfjyxbguhyn"
REGION = "eu-central-1"


@dataclass
class Token:
    """A personal access token: the whole account, or only the named permissions."""

    value: str
    permissions: frozenset[str] | None = None


@dataclass(frozen=True)
class Line:
    """One console line of a function."""

    at: datetime
    slug: str
    level: str
    text: str


@dataclass(frozen=True)
class Taken:
    """One POST of secrets: digests by name. Not *live* where a value stayed as it was all the same."""

    digests: Mapping[str, str]
    live: bool


@dataclass
class State:
    """The project as the platform sees it."""

    clock: Clock
    postgres: Postgres
    random: Random
    ref: str = REF
    region: str = REGION
    name: str = "aikeys-wallet"
    bundling: float = 0.0  # seconds that a deploy takes
    function_limit: int = 100  # of the Free plan (Supabase docs)
    cold_start: float = 0.0  # seconds before the first answer after a deploy or five idle minutes
    older_health: bool = False  # answer as the wallet's older copies: no `security`, no `version`
    status: str = "ACTIVE_HEALTHY"
    functions: dict[str, Function] = field(default_factory=dict)
    deploys: list[Deploy] = field(default_factory=list)  # every deploy that took effect, for a checker
    deploying: set[str] = field(default_factory=set)
    bundled: dict[str, Function] = field(default_factory=dict)  # by `bundleOnly`, and not settled yet
    secrets: dict[str, str] = field(default_factory=dict)
    secret_dates: dict[str, datetime] = field(default_factory=dict)
    secret_posts: list[tuple[str, ...]] = field(
        default_factory=list
    )  # names of each POST that was taken, for a checker
    secrets_taken: list[Taken] = field(default_factory=list)  # the same with their digests
    keeps_secrets: frozenset[str] = frozenset()  # names whose value stays as it was, though a POST gets its 201
    # Warm isolates keep the old value for so many seconds, or until a deploy (supabase/supabase#37648, #40365).
    stale_for: float = 0.0
    stale_calls: int = 1  # every how many calls one gets to such an isolate: 1 all, 2 every other
    _before: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _calls: int = 0
    banned: list[str] = field(default_factory=list)
    overridden: dict[str, Any] = field(default_factory=dict)  # PostgreSQL settings changed by hand
    disk_full: bool = False
    incident: str = "none"  # what Supabase's status page says: none, minor, major or critical
    _taken: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    console: deque[Line] = field(default_factory=lambda: deque(maxlen=2000))
    logs_trouble: str = ""  # unpaid, gone or failing: set by a switch
    logs: Book = field(init=False)
    server_log: ServerLog = field(init=False)
    created_at: datetime = field(init=False)
    access_token: str = field(init=False)
    anon_key: str = field(init=False)

    def __post_init__(self) -> None:
        now = self.clock.now()
        self.logs = Book(self.clock)
        self.logs.scenery = Scenery(self)
        self.server_log = ServerLog(self.clock, self.ref)
        self.created_at = now - timedelta(days=420)
        self.access_token = self.issue_token()
        self.anon_key = f"{_word(self.random)}.{_word(self.random)}.{_word(self.random)}"
        self.restore()

    def restore(self) -> None:
        """Status, functions and secrets as on the first day; tokens stay."""
        now, random = self.clock.now(), Random(self.ref)
        self._taken.clear()
        self.status = "ACTIVE_HEALTHY"
        self.cold_start, self.older_health = 0.0, False
        self.bundling, self.function_limit = 0.0, 100
        self.deploys.clear()
        self.deploying.clear()
        self.bundled.clear()
        self.banned.clear()
        self.overridden.clear()
        self.disk_full, self.incident = False, "none"
        self.secret_posts.clear()
        self.secrets_taken.clear()
        self._before.clear()
        self.keeps_secrets, self.stale_for, self.stale_calls, self._calls = frozenset(), 0.0, 1, 0
        self.console.clear()
        self.logs.clear()
        self.functions = {slug: first(slug, jwt, now, random) for slug, jwt in SLUGS.items()}
        self.secrets = {
            "ALERT_EMAIL": "tito.guevara@aikeys.ai",
            "CIRCLE_API_KEY": f"TEST_API_KEY:{random.randbytes(16).hex()}:{random.randbytes(16).hex()}",
            "CIRCLE_WEBHOOK_SECRET": random.randbytes(32).hex(),
            "SUPABASE_ANON_KEY": self.anon_key,
            "SUPABASE_DB_URL": f"postgresql://postgres:{random.randbytes(12).hex()}@db.{self.ref}.supabase.co:5432/postgres",
            "SUPABASE_SERVICE_ROLE_KEY": f"{_word(random)}.{_word(random)}.{_word(random)}",
            "SUPABASE_URL": f"https://{self.ref}.supabase.co",
        }
        self.secret_dates = {name: now - timedelta(days=random.randint(5, 80)) for name in self.secrets}

    def folder(self, slug: str) -> str:
        """Where the platform unpacks the next version of a function."""
        function = self.functions.get(slug)
        return (
            f"/tmp/user_fn_{self.ref}_{function.id if function else 'new'}_{function.version if function else 1}/source"  # noqa: S108
        )

    def deploy(self, slug: str, upload: Upload) -> Function:
        """*upload* is live: the effect, noted for a checker."""
        function = self.functions[slug] = Function.made(
            slug, upload, self.functions.get(slug), self.clock.now(), self.random
        )
        self.deploys.append(Deploy.of(function))
        return function

    def bundle(self, slug: str, upload: Upload) -> Function:
        """*upload* is bundled under the next version; what is listed and called stays as it was."""
        before = self.bundled.get(slug) or self.functions.get(slug)
        self.bundled[slug] = Function.made(slug, upload, before, self.clock.now(), self.random)
        return self.bundled[slug]

    def settle(self, entry: dict[str, Any]) -> None:
        """One entry of the bulk update: what was bundled for it counts from now on."""
        bundled = self.bundled.pop(entry["slug"], None)
        function = bundled or self.functions[entry["slug"]]
        function.name, function.status, function.version = entry["name"], entry["status"], entry["version"]
        function.verify_jwt = entry.get("verify_jwt", function.verify_jwt)
        self.functions[entry["slug"]] = function
        if bundled:
            self.deploys.append(Deploy.of(function))

    def take_away(self, name: str) -> None:
        """A secret goes missing."""
        if name in self.secrets:
            self._taken[name] = (self.secrets.pop(name), self.secret_dates.pop(name))

    def give_back(self, name: str) -> None:
        """It is there again, unless somebody has set a new one meanwhile."""
        if name in self._taken:
            value, date = self._taken.pop(name)
            self.secrets.setdefault(name, value)
            self.secret_dates.setdefault(name, date)

    def set_secrets(self, values: Mapping[str, str]) -> None:
        """A POST of them was taken."""
        now = self.clock.now()
        self.secret_posts.append(tuple(values))
        digests = {name: digest(value) for name, value in values.items()}
        self.secrets_taken.append(Taken(digests, live=not values.keys() & self.keeps_secrets))
        for name in values.keys() - self.keeps_secrets:
            if name in self.secrets:
                self._before[name] = (self.secrets[name], now)
            self.secrets[name] = values[name]
        self.secret_dates |= dict.fromkeys(values, now)

    def secret(self, slug: str, name: str) -> str:
        """What a call of *slug* sees of *name*: a warm isolate may have read it before it was changed. KeyError."""
        value = self.secrets[name]
        old, changed = self._before.get(name, (value, self.clock.now()))
        warm = self.functions[slug].updated_at < changed
        if not (self.stale_for and warm) or (self.clock.now() - changed).total_seconds() >= self.stale_for:
            return value
        self._calls += 1
        return old if self._calls % self.stale_calls == 0 else value

    def issue_token(self, permissions: Iterable[str] | None = None) -> str:
        """A new token; with *permissions* a scoped one (prefix `sbp_fc`, Supabase docs 2026-09-28)."""
        scoped = permissions is not None
        value = "sbp_fc" + self.random.randbytes(19).hex() if scoped else "sbp_" + self.random.randbytes(20).hex()
        self.tokens[value] = Token(value, frozenset(permissions) if permissions is not None else None)
        return value

    def say(self, slug: str, level: str, text: str, *, event: str = "Log") -> None:
        """A line that a function wrote to its console."""
        self.console.append(Line(self.clock.now(), slug, level, text[:10_000]))
        if function := self.functions.get(slug):
            attributes = shapes.console(function, self.region, level, event, EXECUTION.get())
            self.logs.write("function_logs", level.upper(), text, attributes)

    def read_server_log(self) -> None:
        """What PostgreSQL wrote since the last time becomes rows. Blocks for the length of a read."""
        self.server_log.read(self.postgres.log, self.logs)

    def hidden(self) -> list[str]:
        """Every value that no journal and no page may show."""
        taken = (value for value, _ in self._taken.values())
        old = (value for value, _ in self._before.values())
        return [value for value in (*self.secrets.values(), *taken, *old, *self.tokens) if len(value) >= 8]


def digest(value: str) -> str:
    """What `GET /secrets` shows in place of a value."""
    return hashlib.sha256(value.encode()).hexdigest()


def _word(random: Random) -> str:
    return "ey" + random.randbytes(18).hex()
