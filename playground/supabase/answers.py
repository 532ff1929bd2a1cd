"""Faults for tests: chosen calls get a chosen answer, a late one, a broken one or none at all."""

import asyncio
import json
import math
import re
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.clock import Clock

Stream = Callable[[], AsyncIterator[bytes]]
Body = bytes | str | dict[str, Any] | list[Any] | Stream
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: closing sends RST, not FIN


@dataclass
class Rule:
    """One fault. `hits` counts the calls it caught, `seen` those it might have (*nth*: only that one).

    `over` is set when it ends, so that no call waits for ever.
    """

    method: str
    path: re.Pattern[str]
    status: int | None = None
    body: Body | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    raw: bytes | None = None
    after: bool = False
    meanwhile: bool = False
    nth: int = 0
    seen: int = 0
    hits: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def catches(self, request: web.Request) -> bool:
        """Whether it is meant for this call."""
        if self.method not in {"*", request.method} or self.path.search(request.path_qs) is None:
            return False
        self.seen += 1
        return self.nth in (0, self.seen)


class Answers:
    """The faults in force; the newest that fits a call has it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rules: list[Rule] = []
        self._at_it: list[asyncio.Future[web.StreamResponse]] = []

    @asynccontextmanager
    async def answers(
        self,
        method: str,
        path_regex: str,
        *,
        status: int | None = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
        drop: bool = False,
        raw: bytes | None = None,
        after: bool = False,
        meanwhile: bool = False,
        nth: int = 0,
    ) -> AsyncIterator[Rule]:
        """Catch calls of *method* (`*` for any) whose path and query match *path_regex* (searched), while this lasts.

        After *delay* seconds on the playground's clock (`math.inf`: until this ends) they get: a connection reset
        (*drop*), *raw* bytes in place of an HTTP answer and the end of the connection, *status* (200 where only a body
        is given) with *body* (bytes or text as they are, a dict or list as JSON, or a function giving a stream), or
        where none of these is given, the true answer. With *after* the call has its effect
        first: only its answer is lost. *meanwhile*: it is at it while its answer is lost, and goes on, as a
        database does behind a gateway that has waited long enough. *nth*: only the n-th of them from now on.
        """
        rule = Rule(
            method, re.compile(path_regex), status, body, headers or {}, delay, drop, raw, after, meanwhile, nth
        )
        self._rules.append(rule)
        try:
            yield rule
        finally:
            self._rules.remove(rule)
            rule.over.set()

    def release(self) -> None:
        """Let every call go that is being held, so that a server can stop."""
        for rule in self._rules:
            rule.over.set()

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Stands before the handlers of both servers."""
        rule = next((rule for rule in reversed(self._rules) if rule.catches(request)), None)
        if rule is None:
            return await handler(request)
        rule.hits += 1
        if rule.meanwhile:
            await request.read()
            self._at_it.append(asyncio.ensure_future(handler(request)))
        true_answer = await handler(request) if rule.after else None
        await self._wait(rule)
        if rule.drop or rule.raw is not None or (rule.delay == math.inf and rule.over.is_set()):
            return _break(request, rule.raw)
        if rule.status is None and rule.body is None:
            return true_answer if true_answer is not None else await handler(request)
        return await _answer(request, rule)

    async def _wait(self, rule: Rule) -> None:
        if rule.delay == math.inf:
            await rule.over.wait()
        elif rule.delay:
            await self._clock.sleep(rule.delay)


def megabytes(count: int, chunk: bytes = b'"aaaaaaaaaaaaaa",') -> Stream:
    """A body of *count* megabytes that is made as it is sent: a JSON list that never seems to end."""
    block = chunk * (65536 // len(chunk))

    async def stream() -> AsyncIterator[bytes]:
        yield b"["
        for _ in range(count * 1024 * 1024 // len(block)):
            yield block
        yield b"0]"

    return stream


def _break(request: web.Request, raw: bytes | None) -> web.Response:
    transport = request.transport
    if transport is not None and raw is not None:
        transport.write(raw)
        transport.close()
    elif transport is not None:
        found = transport.get_extra_info("socket")
        if found is not None:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.abort()
    return web.Response()  # goes nowhere: the connection is closed


async def _answer(request: web.Request, rule: Rule) -> web.StreamResponse:
    status = rule.status or 200
    headers = {"Content-Type": "application/json; charset=utf-8"} | dict(rule.headers)
    if callable(rule.body):
        response = web.StreamResponse(status=status, headers=headers)
        await response.prepare(request)
        async for block in rule.body():
            await response.write(block)
        return response
    body = json.dumps(rule.body) if isinstance(rule.body, dict | list) else rule.body or b""
    return web.Response(status=status, headers=headers, body=body.encode() if isinstance(body, str) else body)
