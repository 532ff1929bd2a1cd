"""Frames that leave together, seen by a server that counts what each read of its socket brings."""

import asyncio
import base64
import hashlib
import re

import aiohttp
import pytest

from bot.clients.frames import Frames

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 §1.3


def texts(seen: bytes) -> list[str]:
    """The short masked text frames in *seen* (RFC 6455 §5.2)."""
    found = []
    while seen:
        assert seen[0] == 0x81
        size, mask = seen[1] & 0x7F, seen[2:6]
        found.append(bytes(byte ^ mask[n % 4] for n, byte in enumerate(seen[6 : 6 + size])).decode())
        seen = seen[6 + size :]
    return found


@pytest.fixture
async def line():
    """A socket of ours, and the other end's reader and writer."""
    taken: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def accept(reader, writer):
        key = re.search(rb"Sec-WebSocket-Key: (\S+)", await reader.readuntil(b"\r\n\r\n"), re.IGNORECASE)
        assert key is not None
        proof = base64.b64encode(hashlib.sha1(key[1] + GUID, usedforsecurity=False).digest())
        upgrade = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        writer.write(upgrade + b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n")
        taken.put_nowait((reader, writer))

    async with (
        await asyncio.start_server(accept, "127.0.0.1", 0) as server,
        aiohttp.ClientSession(ws_response_class=Frames) as session,
    ):
        ws = await session.ws_connect(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        reader, writer = await taken.get()
        yield ws, reader, writer
        writer.transport.abort()


async def test_what_is_sent_together_arrives_in_one_read(line):
    ws, reader, _ = line
    await ws.send_together(["one", "two", "three"])
    assert texts(await reader.read(1000)) == ["one", "two", "three"]
    await ws.send_str("and alone")
    assert texts(await reader.read(1000)) == ["and alone"]


async def test_two_who_send_at_once_lose_nothing(line):
    ws, reader, _ = line
    await asyncio.gather(ws.send_together(["a", "b"]), ws.send_together(["c"]), ws.send_str("d"))
    seen: list[str] = []
    while len(seen) < 4:
        seen += texts(await reader.read(1000))
    assert sorted(seen) == ["a", "b", "c", "d"]


async def test_a_dead_socket_says_so(line):
    ws, _, writer = line
    writer.transport.abort()
    await ws.receive()
    with pytest.raises(ConnectionError):
        await ws.send_together(["one", "two"])
