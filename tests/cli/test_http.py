"""The bot's own port."""

import asyncio

import aiohttp
import pytest

from bot.errors import PortTaken
from bot.telemetry.http import HttpPort
from bot.version import version


class Parts:
    """What the bot says of itself, as a test sets it."""

    sockets, database, look = 2, True, True

    def sockets_up(self) -> int:
        return self.sockets

    def database_writable(self) -> bool:
        return self.database

    def looked_recently(self) -> bool:
        return self.look

    def open_incidents(self) -> dict[str, int]:
        return {"P0": 1, "P1": 0}


@pytest.fixture
def parts():
    return Parts()


@pytest.fixture
async def port(parts):
    port = HttpPort(("127.0.0.1", 0), parts)
    await port.open()
    yield port
    await port.close()


@pytest.fixture
async def web(port):
    async with aiohttp.ClientSession(port.address) as web:
        yield web


async def test_alive(web):
    """Alive is alive, whatever else is wrong."""
    async with web.get("/healthz") as response:
        assert (response.status, await response.json()) == (200, {"alive": True})


@pytest.mark.parametrize(("name", "value"), [("sockets", 0), ("database", False), ("look", False)])
async def test_not_ready_names_what_is_missing(web, parts, name, value):
    """Each of the three is enough for 503."""
    async with web.get("/readyz") as response:
        assert (response.status, (await response.json())["ready"]) == (200, True)
    setattr(parts, name, value)
    async with web.get("/readyz") as response:
        body = await response.json()
        assert (response.status, body["ready"], body[name]) == (503, False, False)


async def test_metrics_are_prometheus_text(web):
    """Ours are there, and the sockets are counted when asked."""
    async with web.get("/metrics") as response:
        text = await response.text()
        assert response.headers["Content-Type"].startswith("text/plain; version=")
    assert "aikeys_sockets_up 2.0" in text
    assert 'aikeys_ready{part="look"} 1.0' in text
    assert 'aikeys_open_incidents{severity="P0"} 1.0' in text
    assert f'aikeys_build_info{{version="{version()}"}} 1.0' in text
    for name in (
        "deliveries_total",
        "ack_seconds",
        "dispatch_seconds",
        "api_calls_total",
        "inbox_depth",
        "look_seconds",
    ):
        assert f"aikeys_{name}" in text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_nothing_is_taken_in(web, method):
    """Looking is all there is, whatever is sent along."""
    async with web.request(method, "/readyz", data=b"x" * 500_000) as response:
        assert response.status == 405


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere", "/../etc/passwd", "/readyz/"])
async def test_no_banner(web, path):
    """Neither the server's name nor its version, on good and bad paths."""
    async with web.get(path) as response:
        assert "Server" not in response.headers
        assert "aiohttp" not in (await response.text()).lower()


async def test_a_malformed_request_is_answered_shortly(port):
    """Bytes that are no HTTP get a 400, and the port goes on."""
    host, _, number = port.address.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(number))
    writer.write(b"GET / HTTP/9.9\x00\r\n\r\n")
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    assert answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    async with aiohttp.ClientSession() as web, web.get(f"{port.address}/healthz") as response:
        assert response.status == 200


async def test_a_taken_port_is_a_sentence(port, parts):
    """With the setting's name and a way out."""
    taken = int(port.address.rpartition(":")[2])
    with pytest.raises(PortTaken, match=f"127.0.0.1:{taken}.*AIKEYS_HTTP"):
        await HttpPort(("127.0.0.1", taken), parts).open()
