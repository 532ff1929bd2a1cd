"""The wallet's edge functions, as anyone on the internet may call them."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, FiniteFloat

from bot.clients.address import host_of
from bot.clients.errors import Failure, Source
from bot.clients.http import Answer, Http
from bot.clients.platform import refused_by_platform, unexpected
from bot.clock import Clock

_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
Count = Annotated[int, Field(ge=0)]


class _Read(BaseModel):
    """Read strictly: a number in quotes is not a number. Keys that the bot does not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, populate_by_name=True)


class DatabaseSeen(_Read):
    """Whether the wallet reaches its database, and how fast."""

    connected: bool
    latency_ms: Annotated[FiniteFloat, Field(ge=0)] | None = None


class WebhooksSeen(_Read):
    """The wallet's own count of the last hour.

    *status* is always the word `healthy`, whatever the counts, or `unknown` where a database function is missing.
    *failed* counts failed payments, not failed deliveries.
    """

    status: str = "unknown"
    recent: Count | None = Field(None, validation_alias=AliasChoices("recentWebhooks", "recent"))
    failed: Count | None = Field(None, validation_alias=AliasChoices("failedWebhooks", "failed"))
    last: datetime | None = Field(None, validation_alias=AliasChoices("lastWebhookTime", "last"))


class SecuritySeen(_Read):
    """High-risk events (risk_score over 70); older copies of the function leave this out."""

    high_risk: Count | None = Field(None, validation_alias=AliasChoices("recentHighRiskEvents", "high_risk"))


class Report(_Read):
    """What /health says. All but *status* may be missing: after an exception only status and error are there."""

    status: str
    error: str | None = None
    database: DatabaseSeen | None = None
    secrets: dict[str, bool] = {}
    webhooks: WebhooksSeen | None = None
    security: SecuritySeen | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """The wallet's report, and how long it took from the question to the last byte, in seconds."""

    report: Report
    seconds: float


@dataclass(frozen=True, slots=True)
class Pulse:
    """A function that was invoked and answered by itself with *status*, in *seconds*."""

    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a function said to an event: its *status*, and its own *word* (`success`, `already_processed`), if any."""

    status: int
    word: str
    seconds: float


class Wallet:
    """The functions at *functions_url*. Raises bot.clients.errors.Failure and nothing else.

    *key*: what marks the bot's own probes, so that no count takes them for somebody else's and nobody can imitate them.
    """

    def __init__(self, functions_url: str, clock: Clock, ref: str = "", key: bytes = b"") -> None:
        self._source = Source("The wallet", host_of(functions_url), ref)
        self._http = Http(self._source, functions_url, clock)
        self._clock = clock
        self._key = hashlib.sha256(b"aikeys probe\0" + key).digest()

    def __repr__(self) -> str:
        return f"Wallet({self._source.host!r})"

    @property
    def source(self) -> Source:
        """Who is asked, for sentences."""
        return self._source

    async def health(self) -> Health:
        """Ask /health. A 503 whose body is a report is an answer, not an error: it says what is degraded."""
        answer = await self._http.ask("GET", "/health", repeatable=True)
        if refused := refused_by_platform(answer, "health"):
            raise refused
        if answer.status == 200:
            return Health(answer.read(Report), answer.seconds)
        if answer.status == 503:
            try:
                return Health(answer.read(Report), answer.seconds)
            except Failure:
                raise unexpected(answer, "health") from None  # a proxy's page, not the function's report
        raise unexpected(answer, "health")

    def agents(self, hours: int) -> str:
        """The User-Agents of the bot's own probes of the last *hours*, with commas between: their rows are not counted.

        Keyed, and another each hour: a fixed name would be a way for others to stay out of the counts.
        """
        now = int(self._clock.now().timestamp() // 3600)
        return ",".join(self._agent(hour) for hour in range(now, now - hours - 1, -1))

    def _agent(self, hour: int) -> str:
        return f"aikeys-probe/{hmac.new(self._key, str(hour).encode(), 'sha256').hexdigest()[:24]}"

    async def probe(self, slug: str, method: str = "GET") -> Pulse:
        """Invoke *slug* harmlessly. Only for functions with a declared probe: a call may do what it is for."""
        answer = await self._http.ask(method, _path(slug), headers={"User-Agent": self.agents(0)}, repeatable=True)
        if refused := refused_by_platform(answer, slug):
            raise refused
        return Pulse(answer.status, answer.seconds)

    async def deliver(self, slug: str, raw: bytes, headers: Mapping[str, str]) -> Receipt:
        """Post the event *raw* to *slug*, byte for byte. It may write a row, so it is never repeated."""
        own = {"Content-Type": "application/json", "User-Agent": self.agents(0), **headers}
        answer = await self._http.ask("POST", _path(slug), content=raw, headers=own)
        if refused := refused_by_platform(answer, slug):
            raise refused
        return Receipt(answer.status, _word(answer), answer.seconds)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


def _path(slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        raise ValueError("a function's name has letters, digits, - and _")
    return f"/{slug}"


def _word(answer: Answer) -> str:
    """What it says under `status` or `error`; empty where it says nothing of that kind."""
    try:
        said = answer.read(dict[str, Any])
    except Failure:
        return ""
    return str(said.get("status") or said.get("error") or "")[:60]
