"""Every call to the project's two servers, kept in order, without secrets."""

import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.clock import Clock

_KEPT = 5000
_BODY = 2000  # characters of a body
_TOKENS = re.compile(r"\bsbp_[A-Za-z0-9_]{8,}|\bey[\w-]{8,}\.[\w-]+\.[\w-]+")
_HIDDEN = "•••"


@dataclass(frozen=True)
class Call:
    """One call and its answer. `status` is 0 where the connection was broken off; `ms` is on the playground's clock."""

    n: int
    at: datetime
    server: str
    method: str
    path: str
    status: int
    ms: float
    request: str
    answer: str

    def as_json(self) -> dict[str, Any]:
        """For the page and for tests."""
        return asdict(self) | {"at": self.at.isoformat()}


class Journal:
    """The last 5,000 calls; oldest first in `entries`."""

    def __init__(self, clock: Clock, hidden: Callable[[], Iterable[str]]) -> None:
        self._clock = clock
        self._hidden = hidden
        self._count = 0
        self.entries: deque[Call] = deque(maxlen=_KEPT)

    def clear(self) -> None:
        """Forget what was written so far."""
        self.entries.clear()

    def middleware(self, server: str) -> Callable[..., Awaitable[web.StreamResponse]]:
        """Writes down each call to *server*."""

        @web.middleware
        async def write(request: web.Request, handler: Any) -> web.StreamResponse:
            begun, status, answer = self._clock.monotonic(), 0, ""
            try:
                response: web.StreamResponse = await handler(request)
                if request.transport is not None and not request.transport.is_closing():
                    status, answer = response.status, _text(response)
            except web.HTTPException as error:
                status, answer = error.status, error.text or ""
                raise
            else:
                return response
            finally:
                self._write(server, request, status, self._clock.monotonic() - begun, await _asked(request), answer)

        return write

    def _write(self, server: str, request: web.Request, status: int, took: float, body: str, answer: str) -> None:
        self._count += 1
        if request.path.endswith("/secrets") and request.method != "GET":
            body = _HIDDEN  # values on their way in are not known yet, so none of it is kept
        call = Call(
            self._count,
            self._clock.now(),
            server,
            request.method,
            self._clean(request.path_qs),
            status,
            round(took * 1000, 1),
            self._clean(body),
            self._clean(answer),
        )
        self.entries.append(call)

    def _clean(self, text: str) -> str:
        for value in self._hidden():
            text = text.replace(value, _HIDDEN)
        return _TOKENS.sub(_HIDDEN, text)[:_BODY]


async def _asked(request: web.Request) -> str:
    """The request's body; nothing where it never came, or is larger than the server takes."""
    try:
        return (await request.read()).decode(errors="replace") if request.body_exists else ""
    except (web.HTTPException, ConnectionError, TimeoutError):
        return ""


def _text(response: web.StreamResponse) -> str:
    body = response.body if isinstance(response, web.Response) else b""
    return body.decode(errors="replace") if isinstance(body, bytes | bytearray) else ""
