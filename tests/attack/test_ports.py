"""Slow, endless and oversize on every port: memory stays where it was, and who comes next is served."""

import asyncio
import gzip
import socket
import time
import zlib
from contextlib import suppress

import aiohttp
import pytest

from bot.incoming.taking import LARGEST, Taking
from bot.telemetry import http
from bot.telemetry.http import HttpPort
from playground.clock import ManualClock
from tests.chat import words
from tests.cli.test_http import Parts
from tests.wait import eventually

TOKEN = "a-token-of-the-tests-0123456789"
HEAD = f"POST /alerts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n"
ROOM = 24 * 2**20  # bytes that may come and go; what is sent is four times that


def resident() -> int:
    with open("/proc/self/statm") as file:  # noqa: PTH123  # one line of the kernel's
        return int(file.read().split()[1]) * 4096


@pytest.fixture
async def port(store):
    taking = Taking(store.alerts, ManualClock(), TOKEN, "alertname")
    port = HttpPort(("127.0.0.1", 0), Parts(), taking.answer)
    await port.open()
    yield port
    await port.close()


@pytest.fixture
def knocks(port):
    """Opens a connection and says *begin*."""
    host, _, number = port.address.removeprefix("http://").rpartition(":")
    left = []

    async def knock(begin: bytes):
        reader, writer = await asyncio.open_connection(host, int(number))
        writer.write(begin)
        left.append(writer)
        return reader, writer

    yield knock
    for writer in left:
        writer.close()


async def said_to(port, begin: bytes) -> bytes:
    """All that is answered to *begin* until the end, which is a reset where the server has not read all of it.

    By the socket itself: the kernel gives what came before a reset, a StreamReader throws it away.
    """
    host, _, number = port.address.removeprefix("http://").rpartition(":")
    loop, answer = asyncio.get_running_loop(), b""
    with socket.socket() as ours:
        ours.setblocking(False)
        async with asyncio.timeout(5):
            await loop.sock_connect(ours, (host, int(number)))
            with suppress(ConnectionError):
                await loop.sock_sendall(ours, begin)
            with suppress(ConnectionResetError):
                while part := await loop.sock_recv(ours, 65_536):
                    answer += part
    return answer


async def served(port) -> float:
    """Seconds until /healthz has answered."""
    began = time.monotonic()
    async with aiohttp.ClientSession() as web, web.get(f"{port.address}/healthz") as response:
        assert response.status == 200
    return time.monotonic() - began


async def test_who_holds_every_connection_keeps_nobody_out(port, knocks):
    """Two and a half times as many as there is room for, each in the middle of its first line, then somebody honest."""
    for _ in range(http.MOST * 5 // 2):
        await knocks(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")
    assert await served(port) < 5
    assert port._runner is not None
    assert len(port._runner.server.connections) <= http.MOST + 64, "one batch of the backlog more, at most"


async def test_a_head_that_never_ends_is_cut_off():
    """Slowloris: the whole head has its time, not each line of it; the first of a connection as well."""
    port = HttpPort(("127.0.0.1", 0), Parts(), patience=0.3)
    await port.open()
    host, _, number = port.address.removeprefix("http://").rpartition(":")
    for path in (b"/metrics", b"/healthz", b"/readyz", b"/alerts"):
        reader, writer = await asyncio.open_connection(host, int(number))
        reading = asyncio.create_task(reader.read())
        writer.write(b"GET " + path + b" HTTP/1.1\r\n")
        async with asyncio.timeout(5):
            while not reading.done():
                writer.write(b"X-Slow: a\r\n")
                await asyncio.sleep(0.02)
        writer.close()
    await port.close()


@pytest.mark.parametrize(
    "begin",
    [
        b"GET /healthz HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % number for number in range(5_000)) + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nX-Long: " + b"a" * 200_000,
        b"GET /" + b"a" * 200_000,
        b"POST /alerts HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /alerts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /",
        b"POST /alerts HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    ids=["headers", "one header", "a line", "two lengths", "smuggled", "negative", "TLS", "HTTP/2"],
)
async def test_a_head_that_is_none_is_answered_shortly_and_closed(port, knocks, begin):
    answer = await said_to(port, begin)
    assert answer.split(b"\r\n")[0].endswith(
        (b"400 Bad Request", b"401 Unauthorized", b"431 Request Header Fields Too Large")
    )
    assert answer.count(b"HTTP/1.") == 1, "one answer: what follows is no second request"
    assert b"Traceback" not in answer
    assert await served(port) < 2


async def test_a_body_without_an_end_costs_no_memory(port, knocks):
    """To /metrics by chunks, to /healthz beyond its length, to /alerts with the token: a hundred megabytes each."""
    before = resident()
    part = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    for head in (
        b"GET /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /nowhere HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode(),
    ):
        _, writer = await knocks(head)
        try:
            async with asyncio.timeout(10):
                for _ in range(1_600):
                    writer.write(part)
                    await writer.drain()
        except (ConnectionError, TimeoutError):
            pass
        assert writer.transport.is_closing() or resident() - before < ROOM
    assert resident() - before < ROOM
    assert await served(port) < 2


async def test_a_bomb_is_not_unpacked(port):
    """Half a megabyte that would be a hundred: it is refused, or read no further than a body may be."""
    many = b" " * (100 * 2**20)
    bomb = gzip.compress(many, 1)
    assert len(bomb) < LARGEST
    before, given = resident(), {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(auto_decompress=False) as web:
        for coding, body in (("gzip", bomb), ("deflate", zlib.compress(many, 1))):
            headers = given | {"Content-Encoding": coding}
            async with web.post(f"{port.address}/alerts", data=body, headers=headers) as response:
                assert response.status in (400, 413, 415)
    assert resident() - before < ROOM
    assert await served(port) < 2


async def test_half_of_a_hundred_bodies_holds_up_nobody(port, knocks):
    """More than are read at once, each without its end: the next is told to wait, and looking goes on."""
    for _ in range(70):
        await knocks(f"{HEAD}Content-Length: 100\r\n\r\n{{".encode())
    reader, _ = await knocks(f"{HEAD}Content-Length: 2\r\n\r\n{{}}".encode())
    async with asyncio.timeout(5):
        answer = await reader.read(12)
    assert answer == b"HTTP/1.1 429"
    assert await served(port) < 2


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
@pytest.mark.parametrize("framing", ["Content-Length: 100000", "Transfer-Encoding: chunked"])
async def test_a_slow_body_where_none_is_wanted_is_not_waited_for(port, knocks, path, framing):
    """The answer comes before it, and soon after that the line is closed, whatever still trickles in."""
    reader, writer = await knocks(f"GET {path} HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n".encode())
    async with asyncio.timeout(5):
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    reading = asyncio.create_task(reader.read())
    part = b"1\r\na\r\n" if "chunked" in framing else b"a"
    await eventually(lambda: writer.write(part) or reading.done(), 5)
    assert await served(port) < 2


async def test_a_message_of_a_hundred_megabytes_on_the_socket_is_not_read(chat, bot, town):
    """Whatever speaks for Slack: the line is dropped at the length it announces, and another is opened."""
    before, sockets = resident(), list(town.slack.sockets.open)
    size = 100 * 2**20
    for one in sockets:
        one.write(b"\x81\x7f" + size.to_bytes(8, "big") + b"a" * 65_536)
    await eventually(lambda: not set(sockets) & set(town.slack.sockets.open) and bot.sockets.up == 2, 15)
    assert resident() - before < ROOM
    await chat.says("ana", "/aikeys afterwards")
    assert "afterwards" in words(await chat.until("afterwards"))


async def test_a_bomb_on_the_socket_is_not_unpacked(bot):
    """Slack offers no compression to this client, which asks for none."""
    current = bot.sockets.lines[0].current
    assert current is not None
    assert current.ws.compress == 0
