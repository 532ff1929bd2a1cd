"""Who is let in, what is taken, and what is said to the rest: over the wire, each refusal once."""

import asyncio
import io
import json

import aiohttp
import pytest

from bot.incoming import taking
from bot.incoming.door import SIGNATURE, signature
from bot.incoming.room import Once, Room
from tests.incoming.conftest import TOKEN, Sender, alert, webhook
from tests.running import unwatched
from tests.wait import eventually

OURS = {"title": "The nightly export failed", "severity": "critical", "text": "exit code 3"}


async def test_our_own_small_shape(sender, chat, bot):
    assert await sender.posts(OURS) == (202, {"taken": 1})
    card = await chat.until("Alert: The nightly export failed", channel="#incidents")
    assert "exit code 3" in str(card)
    assert await sender.posts(OURS | {"status": "resolved"}) == (202, {"taken": 1})
    await eventually(lambda: bot.store.alerts.live()[0].firing == 0)


def signed(clock, body: bytes, *, off: int = 0, secret: str = TOKEN) -> dict[str, str]:
    at = str(int(clock.now().timestamp()) + off)
    return {"Authorization": "", SIGNATURE: f"t={at},v1={signature(at, body, secret.encode())}"}


async def test_a_signature_instead_of_a_token(sender, bot, clock):
    body = json.dumps(OURS).encode()
    assert (await sender.posts(body, **signed(clock, body)))[0] == 202
    assert await sender.posts(body, **signed(clock, body)) == (202, {"taken": 0, "before": True}), "the same, repeated"
    assert (await sender.posts(body, **signed(clock, body, off=-299)))[0] == 202
    for wrong in (
        signed(clock, body, off=-302),
        signed(clock, body, off=302),
        signed(clock, body + b" "),
        signed(clock, body, secret=TOKEN[::-1]),
        {"Authorization": "", SIGNATURE: "t=1,v1=00"},
    ):
        assert (await sender.posts(body, **wrong))[0] == 401
    assert bot.store.alerts.live()[0].count == 2


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", TOKEN]
)
async def test_without_the_token_nothing_is_read(sender, header):
    status, said = await sender.posts(OURS, Authorization=header)
    assert (status, sender.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert TOKEN not in str(said)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no JSON"),
        (b"[]", "no JSON object"),
        (b"[" * 100_000, "no JSON"),
        (b'{"title": NaN}', "no JSON"),
        (b'{"title": "\\ud800"}', "no JSON"),
        ({}, "title"),
        ({"title": ""}, "title"),
        (OURS | {"severity": "panic"}, "severity"),
        (OURS | {"sevrity": "critical"}, "sevrity"),
        ({"alerts": [{"labels": {}}]}, "alerts.0.status"),
        ({"alerts": [{"status": "firing", "labels": {"a": 1}}]}, "alerts.0.labels.a"),
        ({"alerts": [{"status": "firing", "labels": {}}] * (2_001)}, "alerts"),
    ],
)
async def test_what_is_no_alert_is_a_sentence(sender, body, said):
    status, answer = await sender.posts(body)
    assert status == 400
    assert said in answer["error"]


async def test_too_large_is_not_read_to_its_end(sender):
    given = {"Authorization": f"Bearer {TOKEN}"}
    large = io.BytesIO(b" " * (taking.LARGEST + 1))
    async with sender.web.post(f"{sender.address}/alerts", data=large, headers=given) as response:
        assert response.status == 413

    async def endless():
        for _ in range(40):
            yield b" " * 65536

    async with sender.web.post(f"{sender.address}/alerts", data=endless(), headers=given) as response:
        assert response.status == 413


async def test_a_slow_body_is_cut_off(bot, clock):
    host, _, port = bot.port.address.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /alerts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 100\r\n\r\n{{"
    writer.write(head.encode())
    answering = asyncio.create_task(reader.read())
    while not answering.done():
        await clock.passes(seconds=0.5)
        await asyncio.sleep(0.01)
    answer = answering.result()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"within 5 s" in answer


async def test_more_than_two_thousand_a_second_wait(sender, bot, clock):
    """The clock stands still: what fits into its second is taken, and what is told to wait is taken then."""
    for _ in range(4):
        await sender.sends(*(alert(node=str(number)) for number in range(500)))
    status, said = await sender.posts(webhook(alert()))
    assert (status, sender.headers["Retry-After"]) == (429, "1")
    assert "2,000" in said["error"]
    await clock.passes(seconds=1)
    await sender.sends(alert())
    assert bot.store.alerts.live()[0].count == 2_001


async def test_a_disk_that_takes_nothing_is_not_202(sender, bot):
    bot.store.db.conn.execute("PRAGMA query_only = ON")
    status, _ = await sender.posts(OURS)
    bot.store.db.conn.execute("PRAGMA query_only = OFF")
    assert (status, sender.headers["Retry-After"]) == (503, "5")
    assert bot.store.alerts.live() == []


async def test_without_a_token_set_there_is_no_such_path(town, settings, clock):
    none = settings.model_copy(update={"alerts_token": None})
    async with unwatched(none, clock) as bot, aiohttp.ClientSession() as web:
        assert (await web.post(f"{bot.port.address}/alerts", data=b"{}")).status == 404
        assert (await web.get(f"{bot.port.address}/healthz")).status == 200


async def test_what_had_202_is_there_after_a_restart(settings, clock, town):
    async with unwatched(settings, clock) as bot, aiohttp.ClientSession() as web:
        await Sender(web, bot.port.address).sends(alert(node="a"), alert(node="b"))
    await clock.passes(seconds=30)
    async with unwatched(settings, clock) as bot:
        await clock.passes(seconds=2)
        assert [one.title for one in bot.store.incidents.recent()] == ["Alert: DiskFull"]


def test_room_owes_what_was_too_much():
    room = Room(10)
    assert room.wait(100.0) == 0
    room.take(35)
    assert [room.wait(100.0), room.wait(101.0), room.wait(102.0), room.wait(102.7)] == [3, 2, 1, 0]


def test_a_signature_is_known_for_a_window():
    once = Once(300)
    mark = "0123456789abcdef" * 4
    once.keep(mark, 1_000)
    once.keep("f" * 64, 1_550)
    assert once.seen(mark)
    once.keep("e" * 64, 1_650)
    assert once.seen(mark), "one of the two sets still has it"
    once.keep("d" * 64, 2_300)
    assert not once.seen(mark)
