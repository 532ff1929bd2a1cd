"""The thin client against a server that does everything wrong."""

import asyncio
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from bot.clients.address import checked
from bot.clients.errors import (
    BrokenOff,
    NameUnknown,
    NobodyThere,
    NotJson,
    NotProven,
    Redirected,
    Source,
    TooLarge,
    TooLate,
    WrongShape,
)
from bot.clients.http import CAP, Answer
from bot.clients.unreached import unreached
from playground.clock import ManualClock

SOURCE = Source("The service", "service.example")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


async def test_an_answer_is_read_whole_and_timed(raw, asking):
    raw.says(b'{"a": 1}', X_Thing="yes")
    answer = await asking(raw.url).ask("GET", "/x", query=[("s", "a"), ("s", "b")])
    assert answer.status == 200
    assert answer.headers["x-thing"] == "yes"
    assert answer.read(dict[str, int]) == {"a": 1}
    assert 0 < answer.seconds < 5
    assert b"GET /x?s=a&s=b HTTP/1.1" in raw.heard


async def test_a_host_that_dns_does_not_know(asking):
    with pytest.raises(NameUnknown) as caught:
        await asking("https://nothing.invalid").ask("GET", "/")
    assert "DNS" in caught.value.what


async def test_a_refused_connection(asking):
    with pytest.raises(NobodyThere) as caught:
        await asking(f"http://127.0.0.1:{free_port()}").ask("GET", "/", repeatable=True)
    assert "nobody listens" in caught.value.what


async def test_tls_to_a_server_that_speaks_none(raw, asking):
    raw.first = ["hello"]
    with pytest.raises(NotProven) as caught:
        await asking(f"https://127.0.0.1:{raw.port}").ask("GET", "/")
    assert "TLS" in caught.value.what


async def test_a_certificate_that_nobody_vouches_for(asking, self_signed):
    with pytest.raises(NotProven) as caught:
        await asking(f"https://localhost:{self_signed}").ask("GET", "/")
    assert "self-signed certificate" in caught.value.what


@pytest.fixture
async def self_signed():
    """A TLS server whose certificate it signed itself: a fixed pair for localhost, of no value to anybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent / "self_signed.pem")
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def test_a_connection_cut_before_any_answer(raw, asking):
    raw.first = ["reset"]
    with pytest.raises(BrokenOff):
        await asking(raw.url).ask("GET", "/", repeatable=True)
    assert raw.connections == 1  # it may have been heard: never asked again


async def test_a_connection_cut_in_the_middle_of_the_answer(raw, asking):
    raw.reply = b"HTTP/1.1 200 x\r\nContent-Length: 100\r\n\r\n{half"
    with pytest.raises(BrokenOff) as caught:
        await asking(raw.url).ask("GET", "/", repeatable=True)
    assert "before its answer was complete" in caught.value.what
    assert raw.connections == 1


async def test_an_answer_that_is_not_http(raw, asking):
    raw.reply = b"SSH-2.0-OpenSSH_9.2\r\n"
    with pytest.raises(BrokenOff):
        await asking(raw.url).ask("GET", "/")


async def test_a_redirect_is_refused_and_the_token_stays(raw, asking):
    raw.says(b"", status=302, Location="https://elsewhere.example/steal?x=1")
    with pytest.raises(Redirected) as caught:
        await asking(raw.url, headers={"Authorization": "Bearer sbp_secret"}).ask("GET", "/")
    assert "elsewhere.example" in caught.value.what
    assert "sbp_secret" not in str(caught.value)
    assert raw.connections == 1


async def test_a_huge_body_is_never_read_to_its_end(raw, asking):
    def endless():
        yield b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n"
        for _ in range(2000):  # 125 MB
            yield b"10000\r\n" + b"a" * 65536 + b"\r\n"

    raw.reply = endless()
    with pytest.raises(TooLarge) as caught:
        await asking(raw.url).ask("GET", "/")
    assert "2 MB" in caught.value.what
    assert raw.sent < 4 * CAP + 8_000_000  # what the kernel's buffers took before the door closed


async def test_a_compressed_bomb_is_not_unpacked(raw, asking):
    raw.says(b"\x1f\x8b" + b"\0" * 1000, Content_Encoding="gzip")
    answer = await asking(raw.url).ask("GET", "/")
    assert len(answer.body) == 1002
    assert b"accept-encoding: identity" in raw.heard.lower()
    with pytest.raises(NotJson):
        answer.read(dict[str, int])


async def test_a_server_that_hangs_until_the_deadline_on_the_clock(raw, asking):
    clock = ManualClock()
    client = asking(raw.url, clock=clock)
    question = asyncio.create_task(client.ask("GET", "/", patience=10))
    await raw.asked.wait()
    await clock.passes(seconds=9.9)
    assert not question.done()
    await clock.passes(seconds=0.1)
    with pytest.raises(TooLate) as caught:
        await question
    assert "within 10 s" in caught.value.what


async def test_a_body_that_never_ends_is_cut_off_at_the_same_deadline(raw, asking):
    clock = ManualClock()
    raw.reply = b"HTTP/1.1 200 x\r\nContent-Length: 100\r\n\r\n{"
    raw.holds_open = True
    question = asyncio.create_task(asking(raw.url, clock=clock).ask("GET", "/", patience=3))
    await raw.answered.wait()
    await clock.passes(seconds=3)
    with pytest.raises(TooLate):
        await question


@pytest.mark.parametrize(("repeatable", "connections"), [(True, 2), (False, 1)])
async def test_only_a_read_is_asked_again_and_only_where_no_connection_came_about(raw, asking, repeatable, connections):
    raw.first = ["reset"] * 3  # during the TLS handshake: nothing has been asked yet
    with pytest.raises(BrokenOff):
        await asking(f"https://127.0.0.1:{raw.port}").ask("GET", "/", repeatable=repeatable)
    assert raw.connections == connections


@pytest.mark.parametrize(
    ("body", "leaf"),
    [
        (b"<html>", NotJson),
        (b"", NotJson),
        (b'{"a": 1', NotJson),
        (b"[" * 100_000, NotJson),
        (b'"\\ud800"', NotJson),
        (b'{"a": "1"}', WrongShape),
        (b'{"a": 1.5}', WrongShape),
        (b'{"a": null}', WrongShape),
        (b"[]", WrongShape),
        (b"null", WrongShape),
    ],
)
def test_bodies_that_make_no_sense(body, leaf):
    with pytest.raises(leaf) as caught:
        Answer(SOURCE, 200, {}, body, 0.1).read(dict[str, int])
    assert caught.value.what.startswith("The service answered")
    assert caught.value.do


async def test_a_proxy_in_the_environment_is_not_used(raw, asking, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    raw.says(b"{}")
    assert (await asking(raw.url).ask("GET", "/")).status == 200


def test_no_token_in_what_is_shown_of_a_client(asking):
    client = asking("https://api.supabase.com", headers={"Authorization": "Bearer sbp_secret"})
    assert "sbp_secret" not in repr(client) + str(client)


@pytest.mark.parametrize(
    "address",
    [
        "http://api.supabase.com",
        "ftp://127.0.0.1",
        "https://",
        "api.supabase.com",
        "https://user:password@api.supabase.com",
        "https://api.supabase.com?x=1",
        "http://127.0.0.1.evil.example",
        "http://10.0.0.1",
    ],
)
def test_addresses_that_would_give_the_token_away_are_refused(address):
    with pytest.raises(ValueError, match="address"):
        checked(address)


@pytest.mark.parametrize(
    "address", ["https://a.example/", "http://127.0.0.1:80/", "http://localhost:1", "http://[::1]:1"]
)
def test_addresses_that_are_accepted(address):
    assert checked(address) == address.rstrip("/")


def test_the_reason_is_found_however_deep_it_lies():
    inner = ConnectionResetError()
    group = ExceptionGroup("all failed", [inner])
    outer = RuntimeError()
    outer.__cause__ = group
    group.__cause__ = outer  # a ring does no harm
    assert isinstance(unreached(SOURCE, outer, connecting=True), BrokenOff)


def test_the_bot_starts_without_the_http_library():
    """It takes 180 ms to import; Slack comes first. It is loaded at the first question, beside the event loop."""
    code = "import sys, commands.health, bot.clients.supabase; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0
