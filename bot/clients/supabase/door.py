"""The door of the Management API: the token, the deadline, what the rate limit has left; the calls go through it.

Rate limit: 120 requests in 60 s per user, project and endpoint; each answer says how many are left.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.clients.address import host_of
from bot.clients.errors import Source
from bot.clients.http import CAP, PATIENCE, Answer, Http
from bot.clients.replies import turned_away
from bot.clock import Clock

_REF = re.compile(r"[a-z]{20}")
T = TypeVar("T")


class Read(BaseModel):
    """Read strictly: a number in quotes is not a number. Keys that the bot does not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


def moment(text: str | None) -> datetime | None:
    """A time as the API writes it, in UTC; None where it cannot be read. One without a zone is UTC."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What an endpoint said last: *left* questions until *resets* (the clock's monotonic seconds)."""

    left: int
    resets: float


class Door:
    """One project's door. Raises bot.clients.errors.Failure and nothing else.

    *base_url* is `https://api.supabase.com`, or the playground's; *ref* 20 small letters. The token is in the
    headers of each request and nowhere else.
    """

    def __init__(self, base_url: str, token: str, ref: str, clock: Clock) -> None:
        if not _REF.fullmatch(ref):
            raise ValueError("a project ref is 20 small letters")
        if not token.isascii() or not token.isprintable() or " " in token or not token:
            raise ValueError("an access token has no blanks or special characters")  # an HTTP error would quote it
        self.ref = ref
        self._clock = clock
        self._source = Source("Supabase's Management API", host_of(base_url), ref)
        self._http = Http(self._source, base_url, clock, {"Authorization": f"Bearer {token}"})
        self._limits: dict[str, RateLimit] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.ref!r})"

    @property
    def source(self) -> Source:
        """Who is asked, for sentences."""
        return self._source

    @property
    def rate_limit_left(self) -> int | None:
        """The fewest questions left at any endpoint asked in the running minute; None where none was asked."""
        return found[1] if (found := self.tightest) else None

    @property
    def tightest(self) -> tuple[str, int] | None:
        """The endpoint (method and path) with the fewest questions left in the running minute, and how many."""
        now = self._clock.monotonic()
        left = ((name, limit.left) for name, limit in self._limits.items() if limit.resets > now)
        return min(left, key=lambda one: one[1], default=None)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def _get(
        self, path: str, shape: type[T], query: Sequence[tuple[str, str]] = (), patience: float = PATIENCE
    ) -> T:
        return (await self._ask("GET", path, query=query, patience=patience)).read(shape)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        json: Any = None,
        accept: str = "application/json",
        cap: int = CAP,
        patience: float = PATIENCE,
        detail: str | None = None,
    ) -> Answer:
        """Ask what changes nothing: it is asked a second time when no connection came about."""
        answer = await self._http.ask(
            method,
            f"/v1/projects/{self.ref}{path}",
            query=query,
            json=json,
            accept=accept,
            cap=cap,
            patience=patience,
            repeatable=True,
            detail=detail,
        )
        self._remember(f"{method} {path}", answer)
        if not 200 <= answer.status < 300:
            raise turned_away(answer)
        return answer

    def _remember(self, endpoint: str, answer: Answer) -> None:
        left, reset = (answer.headers.get(f"x-ratelimit-{name}", "") for name in ("remaining", "reset"))
        if all(value.isascii() and value.isdigit() and len(value) < 7 for value in (left, reset)):
            self._limits[endpoint] = RateLimit(int(left), self._clock.monotonic() + int(reset))
