"""The door of the Management API: the token, the deadline, what the rate limit has left; the calls go through it.

Rate limit: 120 requests in 60 s per user, project and endpoint; each answer says how many are left.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
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


class Duty(StrEnum):
    """What a call is for: each may have a token of its own, which may do that and nothing else.

    The value is the setting that names it; where it is not set, the general one serves.
    """

    READ = "SUPABASE_ACCESS_TOKEN"
    DEPLOY = "SUPABASE_TOKEN_DEPLOY"
    SECRETS = "SUPABASE_TOKEN_SECRETS"
    MIGRATE = "SUPABASE_TOKEN_MIGRATE"
    RESTORE = "SUPABASE_TOKEN_RESTORE"


class Door:
    """One project's door. Raises bot.clients.errors.Failure and nothing else.

    *base_url* is `https://api.supabase.com`, or the playground's; *ref* 20 small letters. *token* is for looking, and
    for whatever has none of its own in *tokens*. They are in the headers of each request and nowhere else.
    """

    def __init__(
        self, base_url: str, token: str, ref: str, clock: Clock, tokens: Mapping[Duty, str] | None = None
    ) -> None:
        if not _REF.fullmatch(ref):
            raise ValueError("a project ref is 20 small letters")
        for one in (token, *(tokens or {}).values()):
            if not one.isascii() or not one.isprintable() or " " in one or not one:
                raise ValueError("an access token has no blanks or special characters")  # an HTTP error would quote it
        self.ref = ref
        self._clock = clock
        self._tokens = dict(tokens or {})
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
    def tightest(self) -> tuple[str, int] | None:
        """The endpoint (method, path) with the fewest questions left this minute, and how many; None: none asked."""
        now = self._clock.monotonic()
        left = ((name, limit.left) for name, limit in self._limits.items() if limit.resets > now)
        return min(left, key=lambda one: one[1], default=None)

    def tell_dates(self, heard: Callable[[str], None]) -> None:
        """Let *heard* be told of the Date header of each answer."""
        self._http.heard = heard

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
        duty: Duty = Duty.READ,
        repeatable: bool = True,
    ) -> Answer:
        """Ask with the token of *duty*, a second time when no connection came about.

        Only a look may be *repeatable*: see `_change`. *json* and bodies are never shown by “How I know”.
        """
        answer = await self._http.ask(
            method,
            f"/v1/projects/{self.ref}{path}",
            query=query,
            json=json,
            accept=accept,
            cap=cap,
            patience=patience,
            headers=self._as(duty),
            repeatable=repeatable,
            detail=detail,
        )
        self._remember(f"{method} {path}", answer)
        if not 200 <= answer.status < 300:
            raise turned_away(answer, self._named(duty))
        return answer

    async def _change(
        self, duty: Duty, method: str, path: str, *, json: Any = None, patience: float = PATIENCE
    ) -> Answer:
        """Ask for something that has an effect: once, whatever becomes of it. The caller asks what became of it."""
        return await self._ask(method, path, json=json, patience=patience, duty=duty, repeatable=False)

    def _as(self, duty: Duty) -> dict[str, str]:
        """The header that says who asks: nothing where the general token serves."""
        token = self._tokens.get(duty)
        return {"Authorization": f"Bearer {token}"} if token else {}

    def _named(self, duty: Duty) -> str:
        """The setting that the token of *duty* came from, for sentences."""
        return duty if duty in self._tokens else Duty.READ

    def _remember(self, endpoint: str, answer: Answer) -> None:
        left, reset = (answer.headers.get(f"x-ratelimit-{name}", "") for name in ("remaining", "reset"))
        if all(value.isascii() and value.isdigit() and len(value) < 7 for value in (left, reset)):
            self._limits[endpoint] = RateLimit(int(left), self._clock.monotonic() + int(reset))
