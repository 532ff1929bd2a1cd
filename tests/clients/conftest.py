import asyncio
import contextlib
from typing import Any

import pytest

from bot.clients.errors import Source
from bot.clients.http import Http
from bot.clients.wallet import Wallet


class Raw:
    """A server on loopback that sends exactly the bytes it is told, and keeps what it was sent."""

    def __init__(self):
        self.connections = 0
        self.heard = b""
        self.sent = 0
        self.reply: Any = b""  # bytes, or an iterable of them
        self.first = []  # what the first connections get before they ask: "reset" or "hello"
        self.holds_open = False
        self.asked = asyncio.Event()
        self.answered = asyncio.Event()
        self._held = asyncio.Event()
        self._server: asyncio.Server

    async def start(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def stop(self):
        self._held.set()
        self._server.close()
        await self._server.wait_closed()

    def says(self, body: bytes, status: int = 200, **headers: str):
        lines = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.reply = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    async def _serve(self, reader, writer):
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            match self.first.pop(0) if self.first else "":
                case "reset":
                    writer.transport.abort()
                    return
                case "hello":
                    writer.write(b"220 mail.example ESMTP\r\n")
                    writer.close()
                    return
            head = await reader.readuntil(b"\r\n\r\n")
            self.heard += head
            length = next(
                (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
            )
            self.heard += await reader.readexactly(length)
            self.asked.set()
            if not self.reply:
                await self._held.wait()
            blocks = [self.reply] if isinstance(self.reply, bytes) else self.reply
            for block in blocks:
                writer.write(block)
                self.sent += len(block)
                await writer.drain()
            self.answered.set()
            if self.holds_open:
                await self._held.wait()
        writer.close()


@pytest.fixture
async def raw():
    """A raw server on loopback."""
    server = Raw()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def asking(clock):
    """Makes clients of the thin wrapper, closed at the end."""
    made = []

    def make(url, clock=clock, **arguments):
        made.append(Http(Source("The service", "service.example", "abcdefghijklmnopqrst"), url, clock, **arguments))
        return made[-1]

    yield make
    for client in made:
        await client.close()


@pytest.fixture
async def wallet(project, clock):
    client = Wallet(project.functions_url, clock, project.ref)
    yield client
    await client.close()
