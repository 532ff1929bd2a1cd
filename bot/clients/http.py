"""One thin HTTP client: a deadline, a size cap, no redirects, no proxy from the environment, errors as sentences."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from bot import how
from bot.clients.address import checked
from bot.clients.deadline import within
from bot.clients.errors import Failure, NotJson, Redirected, Source, TooLarge, TooLate, WrongShape
from bot.clients.unreached import unreached
from bot.clock import Clock

if TYPE_CHECKING:
    import httpx

CAP = 2_000_000  # bytes: the largest honest answer (1,000 log rows) is below one million
PATIENCE = 10.0  # seconds: a function's cold start may take that long (Supabase docs)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names are lower case, *seconds* from the question to the last byte."""

    source: Source
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    def read(self, shape: type[T]) -> T:
        """The body as *shape*, read strictly: a number in quotes is no number. Raises NotJson or WrongShape."""
        key: Any = shape
        adapter: TypeAdapter[T] = _adapter(key)
        try:
            return adapter.validate_json(self.body, strict=True)
        except ValidationError as wrong:
            first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
            if first["type"] == "json_invalid":
                raise NotJson(self.source, self.status) from None
            where = ".".join(str(step) for step in first["loc"])
            raise WrongShape(self.source, where[:80], first["msg"][:120]) from None


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form: *fields* by name, then each of *files* (file name, bytes, type) as `file`."""

    fields: Mapping[str, str]
    files: Sequence[tuple[str, bytes, str]]


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    url: str
    query: tuple[tuple[str, str], ...]
    json: Any
    form: Form | None
    content: bytes | None
    headers: Mapping[str, str]
    cap: int
    began: float


class Http:
    """Asks one server. *base_url* is https, or http on loopback; *headers* go with every question."""

    def __init__(self, source: Source, base_url: str, clock: Clock, headers: Mapping[str, str] | None = None) -> None:
        self.source = source
        self._base = checked(base_url)
        self._clock = clock
        self._headers = {"Accept": "application/json", **(headers or {}), "Accept-Encoding": "identity"}
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self.heard: Callable[[str], None] = lambda _date: None  # told of each answer: its Date header

    def __repr__(self) -> str:
        return f"Http({self._base!r})"  # the headers hold the token

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        json: Any = None,
        form: Form | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = "application/json",
        cap: int = CAP,
        patience: float = PATIENCE,
        repeatable: bool = False,
        detail: str | None = None,
    ) -> Answer:
        """Ask once and return the answer, whatever its status but 3xx. *cap* is the most bytes it may have.

        *content* is sent byte for byte, with *headers* of its own.
        *repeatable* (reads only) asks a second time, within the same deadline, when no connection came about;
        never otherwise: an answer that got lost may have had its effect. *detail* is what “How I know” shows of it,
        else the query; bodies and headers are never shown.
        Raises NotReached, Redirected or TooLarge.
        """
        began, own = self._clock.monotonic(), {"Accept": accept, **(headers or {})}
        question = _Question(method, self._base + path, tuple(query), json, form, content, own, cap, began)
        outcome = "given up"  # by whoever asked
        try:
            answer = await within(self._clock, patience, self._ask(question, tries=2 if repeatable else 1))
            outcome = str(answer.status)
            self.heard(answer.headers.get("date", ""))
        except TimeoutError:
            outcome = "no answer"
            raise TooLate(self.source, patience) from None
        except Failure as failed:
            outcome = failed.what
            raise
        finally:
            said = "\n".join(f"{name} = {value}" for name, value in question.query) if detail is None else detail
            how.note(f"{method} {self.source.host}{path}", said, outcome, self._clock.monotonic() - question.began)
        return answer

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ask(self, question: "_Question", *, tries: int) -> Answer:
        client = await self._open()
        from bot.clients.plain_httpx import httpx  # noqa: PLC0415  # already loaded by _open

        request = client.build_request(
            question.method,
            question.url,
            params=question.query or None,
            json=question.json,
            data=dict(question.form.fields) if question.form else None,
            files=[("file", item) for item in question.form.files] if question.form else None,
            content=question.content,
            headers=dict(question.headers),
        )
        for left in reversed(range(tries)):
            try:
                response = await client.send(request, stream=True)
                try:
                    return await self._read(response, question)
                finally:
                    await response.aclose()
            except httpx.ConnectError as failed:
                if not left:
                    raise unreached(self.source, failed, connecting=True) from None
            except httpx.TransportError as failed:
                raise unreached(self.source, failed, connecting=False) from None
        raise AssertionError("unreachable: the last try returned or raised")

    async def _read(self, response: "httpx.Response", question: "_Question") -> Answer:
        if 300 <= response.status_code < 400:
            to = urlsplit(response.headers.get("location", "")).netloc
            raise Redirected(self.source, response.status_code, to[:80])
        body = bytearray()
        # Raw bytes: compression was not asked for, so a few kilobytes cannot unpack into gigabytes.
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > question.cap:
                raise TooLarge(self.source, question.cap)
        headers = {name.lower(): value for name, value in response.headers.items()}
        seconds = self._clock.monotonic() - question.began
        return Answer(self.source, response.status_code, headers, bytes(body), seconds)

    async def _open(self) -> "httpx.AsyncClient":
        async with self._opening:
            if self._client is None:
                # httpx costs about 180 ms to import and certificates 20 ms to read: not at start, where the bot
                # must be connected to Slack within 0.9 s, and not on the event loop.
                self._client = await asyncio.to_thread(_new_client, self._headers)
            return self._client


def _new_client(headers: Mapping[str, str]) -> "httpx.AsyncClient":
    from bot.clients.plain_httpx import httpx  # noqa: PLC0415  # see _open

    # trust_env=False: a proxy in the environment would be handed the token. timeout=None: the deadline is ours.
    return httpx.AsyncClient(
        headers=dict(headers),
        timeout=None,  # `within` is the time limit
        follow_redirects=False,
        trust_env=False,
        verify=_certificates(),
    )


@cache
def _certificates() -> ssl.SSLContext:
    from bot.clients.plain_httpx import httpx  # noqa: PLC0415  # see _open

    return httpx.create_ssl_context(trust_env=False)


@cache
def _adapter(shape: Any) -> Any:
    return TypeAdapter(shape)
