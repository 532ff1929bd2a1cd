"""Supabase's Management API: the only file that knows its paths (api.supabase.com/api/v1).

Rate limit: 120 requests in 60 s per user, project and endpoint; each answer says how many are left.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.bundle import LARGEST, Bundle
from bot.clients import bodies
from bot.clients.address import host_of
from bot.clients.errors import Source
from bot.clients.http import CAP, PATIENCE, Answer, Http
from bot.clients.replies import turned_away
from bot.clock import Clock

SERVICES = ("auth", "db", "pooler", "realtime", "rest", "storage")
_REF = re.compile(r"[a-z]{20}")
_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
DEPLOY_PATIENCE = 120.0  # seconds: the platform bundles before it answers
_BODY_PATIENCE = 60.0  # seconds
_LARGEST_BODY = LARGEST + 2_000_000  # bytes: a function at the limit, and the headers of its parts
T = TypeVar("T")


class _Read(BaseModel):
    """Read strictly: a number in quotes is not a number. Keys that the bot does not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Database(_Read):
    """The part of a project that says which PostgreSQL runs."""

    version: str = ""


class Project(_Read):
    """A project. *status* is ACTIVE_HEALTHY, INACTIVE, COMING_UP, RESTORING, …: an open list."""

    name: str
    region: str
    status: str
    database: Database = Database()


class Service(_Read):
    """One service of a project. *status* is ACTIVE_HEALTHY, COMING_UP or UNHEALTHY."""

    name: str
    status: str
    error: str | None = None


class Function(_Read):
    """An edge function as listed. *status* is ACTIVE, REMOVED or THROTTLED; *updated_at* is in ms since 1970.

    ACTIVE is no proof that it can be invoked (github.com/supabase/supabase/issues/47739).
    """

    id: str
    slug: str
    status: str
    version: int
    name: str = ""
    entrypoint_path: str | None = None
    import_map_path: str | None = None
    created_at: int | None = None
    verify_jwt: bool | None = None
    updated_at: int | None = None
    ezbr_sha256: str | None = None


class Secret(_Read):
    """A secret's name. *digest* is the SHA-256 of its value in hex: guessable for a weak value, so never shown."""

    name: str
    digest: SecretStr = Field(alias="value")
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What an endpoint said last: *left* questions until *resets* (the clock's monotonic seconds)."""

    left: int
    resets: float


class Supabase:
    """One project, through the Management API. Raises bot.clients.errors.Failure and nothing else.

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
        return f"Supabase({self.ref!r})"

    @property
    def source(self) -> Source:
        """Who is asked, for sentences."""
        return self._source

    @property
    def rate_limit_left(self) -> int | None:
        """The fewest questions left at any endpoint asked in the running minute; None where none was asked."""
        now = self._clock.monotonic()
        return min((limit.left for limit in self._limits.values() if limit.resets > now), default=None)

    async def project(self, *, patience: float = PATIENCE) -> Project:
        """The project itself. Permission: project_admin_read."""
        return await self._get("", Project, patience=patience)

    async def health(self, services: Sequence[str] = SERVICES) -> list[Service]:
        """The state of each of *services*. Permission: project_admin_read."""
        return await self._get("/health", list[Service], [("services", service) for service in services])

    async def functions(self) -> list[Function]:
        """All functions. Permission: edge_functions_read."""
        return await self._get("/functions", list[Function])

    async def function(self, slug: str) -> Function:
        """One function. Permission: edge_functions_read."""
        return await self._get(f"/functions/{_checked(slug)}", Function)

    async def body(self, slug: str) -> Bundle:
        """The code that is live, as it can be sent again. Permission: edge_functions_read. Raises WrongShape too."""
        listed = await self.function(slug)
        answer = await self._ask(
            "GET",
            f"/functions/{_checked(slug)}/body",
            accept="multipart/form-data",  # without it the answer is a binary that nobody documents
            cap=_LARGEST_BODY,
            patience=_BODY_PATIENCE,
        )
        return bodies.bundle(
            answer,
            slug,
            verify_jwt=listed.verify_jwt,
            name=listed.name,
            import_map=listed.import_map_path or "",
        )

    async def deploy(self, slug: str, bundle: Bundle, *, patience: float = DEPLOY_PATIENCE) -> Function:
        """Send *bundle* and make it live. Permission: edge_functions_write. Never repeated here.

        Never with `bundleOnly`, which bumps the version without keeping what goes with it (Supabase docs): one
        function at a time, and one deploy per project at a time, which is the caller's part.
        Raises Rejected, Conflict and the others; `bodies.may_have_happened` tells which leave it open.
        """
        answer = await self._http.ask(
            "POST",
            f"/v1/projects/{self.ref}/functions/deploy",
            query=[("slug", _checked(slug))],
            form=bodies.form(bundle),
            patience=patience,
        )
        self._remember("POST /functions/deploy", answer)
        if not 200 <= answer.status < 300:
            raise bodies.refused(answer, slug)
        return answer.read(Function)

    async def secrets(self) -> list[Secret]:
        """The names and digests of all secrets. Permission: edge_functions_secrets_read."""
        return await self._get("/secrets", list[Secret])

    async def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run one read-only statement as `supabase_read_only_user`; names must be schema-qualified ($1, $2 …).

        Permission: database_read. Raises SqlFailed for what PostgreSQL refuses.
        """
        return await self.rows(dict[str, Any], sql, parameters)

    async def rows(self, shape: type[T], sql: str, parameters: Sequence[Any] = ()) -> list[T]:
        """The same, each row read as *shape*. Counts need `::int`: a bigint may come as text."""
        body: dict[str, Any] = {"query": sql}
        if parameters:
            body["parameters"] = list(parameters)
        answer = await self._ask("POST", "/database/query/read-only", json=body)
        many: Any = list[shape]  # type: ignore[valid-type]  # a type made at run time, for pydantic
        return cast("list[T]", answer.read(many))

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
    ) -> Answer:
        answer = await self._http.ask(
            method,
            f"/v1/projects/{self.ref}{path}",
            query=query,
            json=json,
            accept=accept,
            cap=cap,
            patience=patience,
            repeatable=True,
        )
        self._remember(f"{method} {path}", answer)
        if not 200 <= answer.status < 300:
            raise turned_away(answer)
        return answer

    def _remember(self, endpoint: str, answer: Answer) -> None:
        left, reset = (answer.headers.get(f"x-ratelimit-{name}", "") for name in ("remaining", "reset"))
        if all(value.isascii() and value.isdigit() and len(value) < 7 for value in (left, reset)):
            self._limits[endpoint] = RateLimit(int(left), self._clock.monotonic() + int(reset))


def _checked(slug: str) -> str:
    """Return *slug*. Raises ValueError where it would change the path that it is put into."""
    if not _SLUG.fullmatch(slug):
        raise ValueError("a function's name has letters, digits, - and _")
    return slug
