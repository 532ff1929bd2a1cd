"""A WebSocket whose frames can leave together: the acks of one commit in few calls of the kernel, not one each.

aiohttp hands every frame to the kernel by itself, and each wakes who listens; docs/performance.md has what that costs.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import aiohttp


class _Gathering:
    """What a writer of aiohttp's asks of its transport, with writes that may be kept back for a moment."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._kept: list[bytes] | None = None

    def write(self, data: bytes) -> None:
        if self._kept is None:
            self._transport.write(data)
        else:
            self._kept.append(data)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    @contextmanager
    def together(self) -> Iterator[None]:
        if self._kept is not None:  # of two at once the outer one writes
            yield
            return
        self._kept = []
        try:
            yield
        finally:
            kept, self._kept = self._kept, None
            if kept:
                self._transport.write(b"".join(kept))


class Frames(aiohttp.ClientWebSocketResponse):
    """For `aiohttp.ClientSession(ws_response_class=Frames)`."""

    def __init__(self, reader: Any, writer: Any, *rest: Any, **named: Any) -> None:
        super().__init__(reader, writer, *rest, **named)
        self._gathering = _Gathering(writer.transport)
        writer.transport = cast("asyncio.Transport", self._gathering)

    async def send_together(self, texts: list[str]) -> None:
        """Send *texts*, a frame each, in one write. Raises ConnectionError where the socket is dead: all are lost."""
        with self._gathering.together():
            for text in texts:
                await self.send_str(text)
