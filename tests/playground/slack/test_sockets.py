"""Socket Mode: tickets, hello, ten at most, one socket an envelope, disconnects."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from playground.slack.socket import Socket


async def soon(work):
    """Start it and let it reach the wire."""
    task = asyncio.ensure_future(work)
    await asyncio.sleep(0)
    return task


async def test_hello_counts_the_connections(line):
    first = await (await line(hello=False)).frame()
    second = await (await line(hello=False, more="&debug_reconnects=true")).frame()
    assert (first["type"], first["num_connections"], first["connection_info"]) == ("hello", 1, {"app_id": "A0AIKEYS"})
    assert first["debug_info"]["approximate_connection_time"] == 18060
    assert second["num_connections"] == 2
    assert second["debug_info"]["approximate_connection_time"] == 360


async def test_a_ticket_opens_once_and_not_for_long(ws, http, clock, slack):
    opened = await slack.apps_connections_open(app_token=ws.app_token)
    async with http.ws_connect(opened["url"]):
        with pytest.raises(aiohttp.WSServerHandshakeError) as again:
            await http.ws_connect(opened["url"])
    assert again.value.status == 403
    late = await slack.apps_connections_open(app_token=ws.app_token)
    await clock.passes(seconds=61)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(late["url"])


async def test_the_eleventh_is_sent_away(ws, line):
    for _ in range(10):
        await line()
    eleventh = await line(hello=False)
    assert (await eleventh.frame())["reason"] == "too_many_websockets"
    assert await eleventh.closed()
    assert len(ws.sockets.open) == 10


async def test_each_envelope_goes_to_one_socket_and_all_get_some(ws, line):
    lines = [await line() for _ in range(3)]
    got: list[int] = []

    async def read(number):
        while True:
            await lines[number].take()
            got.append(number)

    readers = [asyncio.create_task(read(number)) for number in range(3)]
    for _ in range(30):
        assert (await ws.say("ana", "ops", "/aikeys health"))["acked"]
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    assert len(got) == 30
    assert set(got) == {0, 1, 2}


async def test_an_ack_on_another_socket_counts_for_nothing(ws, line, clock):
    lines = [await line(), await line()]
    saying = await soon(ws.say("ana", "ops", "/aikeys health"))
    reads = [asyncio.create_task(each.frame()) for each in lines]
    await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
    taken = 0 if reads[0].done() else 1
    envelope = await reads[taken]
    reads[1 - taken].cancel()
    await asyncio.gather(*reads, return_exceptions=True)
    await lines[1 - taken].ack(envelope)
    await ws.until(lambda: [e for e in ws.journal.entries("ack") if e["status"] == "ignored: on another connection"])
    await clock.passes(seconds=3)
    assert (await saying)["failed"] == "/aikeys failed because the app did not respond"


async def test_a_warning_comes_ten_seconds_before_the_close(ws, line, clock):
    held = await line()
    await ws.faults.set("socket_refresh", True)
    frame = await held.frame()
    assert (frame["type"], frame["reason"]) == ("disconnect", "warning")
    await clock.passes(seconds=9)
    assert len(ws.sockets.open) == 1
    await clock.passes(seconds=2)
    assert await held.closed()
    assert {each["name"]: each["on"] for each in ws.faults.as_json()}["socket_refresh"] is False


async def test_a_refresh_comes_by_itself_after_hours(line, clock):
    held = await line()
    await clock.passes(seconds=18049)
    young = await line()
    await clock.passes(seconds=2)
    assert (await held.frame())["reason"] == "warning"
    await clock.passes(seconds=10)
    assert await held.closed()
    assert not young.socket.closed


async def test_while_one_is_leaving_the_others_get_the_work(ws, line):
    leaving = await line()
    await ws.faults.set("socket_refresh", True)
    assert (await leaving.frame())["reason"] == "warning"
    new = await line()
    for _ in range(8):
        saying = await soon(ws.say("ana", "ops", "/aikeys health"))
        await new.take()
        assert (await saying)["acked"]


async def test_refresh_requested_closes_at_once(ws, line):
    held = await line()
    await ws.faults.set("socket_refresh_now", True)
    assert (await held.frame())["reason"] == "refresh_requested"
    assert await held.closed()


async def test_socket_mode_switched_off(ws, line):
    held = await line()
    await ws.faults.set("socket_disabled", True)
    assert (await held.frame())["reason"] == "link_disabled"
    assert await held.closed()
    assert (await (await line(hello=False)).frame())["reason"] == "link_disabled"
    await ws.faults.set("socket_disabled", False)
    await line()


async def test_pings_are_answered(line):
    held = await line()
    await held.socket.ping(b"sdk-ping-pong:1.5")
    await held.socket.close()
    assert held.socket.close_code == 1000


async def test_a_ping_of_a_line_that_is_cut_just_then_is_nobodys_error(http):
    """Read already, and no way left to answer it: the line ends, as any that is cut."""
    ended = asyncio.Event()

    async def serve(request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse(autoping=False)
        await response.prepare(request)
        socket = Socket(response, request.transport)
        await socket.texts(lambda _: socket.abort())
        ended.set()
        return response

    app = web.Application()
    app.router.add_get("/", serve)
    async with TestServer(app) as server:
        held = await http.ws_connect(server.make_url("/"))
        # Two frames in one piece, a text and a ping, each masked with noughts (RFC 6455, 5.2)
        held._writer.transport.write(b"\x81\x83\0\0\0\0cut" + b"\x89\x81\0\0\0\0?")
        async with asyncio.timeout(3):
            await ended.wait()


async def test_a_killed_socket_ends_without_a_close_frame(ws, line):
    held = await line()
    await ws.faults.set("socket_kill", True)
    message = await held.socket.receive()
    assert message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert held.socket.close_code == 1006
    await ws.until(lambda: not ws.sockets.open)


async def test_a_frozen_socket_says_nothing_and_still_gets_the_work(ws, http, line, clock, slack):
    opened = await slack.apps_connections_open(app_token=ws.app_token)
    held = await http.ws_connect(opened["url"], autoping=False)
    assert (await held.receive()).type is aiohttp.WSMsgType.TEXT
    await ws.faults.set("socket_freeze", True)
    await held.ping(b"anybody there")
    saying = await soon(ws.say("ana", "ops", "/aikeys health"))
    await clock.passes(seconds=3)
    assert (await saying)["failed"] == "/aikeys failed because the app did not respond"
    with pytest.raises(TimeoutError):
        await held.receive(timeout=0.2)  # no pong, no envelope
    new = await line()  # one opened since is well
    await ws.faults.set("socket_freeze", False)
    await new.socket.close()
    await held.ping(b"and now")
    assert (await held.receive(timeout=3)).type is aiohttp.WSMsgType.PONG


async def test_the_wedge_refuses_each_new_ticket_once(ws, line, http, slack):
    await line()
    await ws.faults.set("socket_wedge", True)
    await ws.faults.set("socket_refresh_now", True)
    opened = await slack.apps_connections_open(app_token=ws.app_token)
    for expected in (408, 403, 403):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(opened["url"])
        assert refused.value.status == expected
    await line()  # a new ticket is good


async def test_nonsense_on_the_socket_is_ignored(ws, line):
    held = await line()
    await held.socket.send_str("not json")
    await held.socket.send_str('{"envelope_id": ["x"]}')
    await held.socket.send_json({"envelope_id": "nobody's"})
    saying = await soon(ws.say("ana", "ops", "/aikeys health"))
    await held.take()
    assert (await saying)["acked"]


async def test_away_means_nothing_gets_through(ws, line, http, slack):
    held = await line()
    opened = await slack.apps_connections_open(app_token=ws.app_token)
    await ws.faults.set("slack_away", True)
    await held.socket.receive()
    with pytest.raises(aiohttp.ClientError):
        await http.ws_connect(opened["url"])
    with pytest.raises(aiohttp.ClientError):
        await slack.auth_test()
    await ws.faults.set("slack_away", False)
    await line()
