"""The door of `aikeys rotate --stdin`: how long a request may take, and how long it may be."""

import asyncio
import json
from contextlib import suppress

import pytest

from bot.vault import door, keyfile, sealing
from playground.clock import ManualClock
from tests.attack.test_ports import ROOM, resident

HOOK = "whsec_9f2b7c41d8e05a63"
HONEST = b'{"approval": "approval/1"}\n'


class Timed:
    """A door that leads to the bot's own rooms, on a *clock* that is moved. *told*: the approvals that got values."""

    def __init__(self, asked, folder) -> None:
        self.clock = ManualClock()
        self.told: list[str] = []
        self._path = folder / door.NAME
        self._left: list[asyncio.StreamWriter] = []
        entering = asked.bot._answering._entering
        self.door = door.Door(
            folder, entering, asked.vault, lambda what, _: self.told.append(what.approval), self.clock
        )

    async def knock(self, begin: bytes):
        """Open a connection and say *begin*."""
        with door.short(self._path) as address:
            reader, writer = await asyncio.open_unix_connection(address)
        self._left.append(writer)
        writer.write(begin)
        return reader, writer

    async def close(self) -> None:
        for writer in self._left:
            writer.close()
        await self.door.close()


@pytest.fixture
async def timed(asked, tmp_path):
    timed = Timed(asked, tmp_path)
    await timed.door.open()
    yield timed
    await timed.close()


async def said(reader: asyncio.StreamReader) -> bytes:
    """What came before the line was closed, or cut: who leaves with something unread cuts it."""
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return b""


async def test_who_is_slow_is_cut_off_and_holds_up_nobody(asked, timed, capsys):
    """The whole request has its time, not each byte of it; of the half that came nothing is kept, nor written."""
    await asked.asked()
    clock = timed.clock
    reader, writer = await timed.knock(f'{{"approval": "approval/1", "values": {{"A": "{HOOK}'.encode())
    ended = asyncio.create_task(said(reader))
    for _ in range(19):
        await clock.passes(seconds=door.WITHIN / 20)
        writer.write(b"x")
        await writer.drain()
    assert not ended.done(), "19 twentieths of its time"
    honest, _ = await timed.knock(HONEST)
    assert b"CIRCLE_API_KEY" in await asyncio.wait_for(honest.readline(), 5)
    assert not ended.done()
    await clock.passes(seconds=door.WITHIN / 20)
    assert await ended == b""
    assert not asked.vault.waiting(asked.approval)
    assert HOOK not in capsys.readouterr().err


@pytest.mark.parametrize(("seconds", "used"), [(door.WITHIN - 0.1, True), (door.WITHIN, False)])
async def test_what_is_made_and_not_fetched_in_time_is_not_used(asked, timed, tmp_path, seconds, used):
    await asked.asked(names=["CIRCLE_WEBHOOK_SECRET"], generate=["CIRCLE_WEBHOOK_SECRET"])
    key = sealing.key_text(keyfile.write(tmp_path / "mine.key"))
    asks = {"approval": asked.approval, "values": {}, "key": key}
    reader, writer = await timed.knock(json.dumps(asks).encode() + b"\n")
    assert b"made" in await asyncio.wait_for(reader.readline(), 5)
    await timed.clock.passes(seconds=seconds)
    with suppress(ConnectionError):
        writer.write(b'"got"\n')
    assert (b"kept" in await said(reader)) == used
    assert timed.told == ([asked.approval] if used else [])


def _of(size: int) -> bytes:
    asks = {"approval": "approval/1", "values": {}, "more": ""}
    return json.dumps(asks | {"more": "a" * (size - len(json.dumps(asks)))}).encode() + b"\n"


async def test_a_request_has_a_longest(asked, timed, caplog):
    await asked.asked()
    reader, _ = await timed.knock(_of(door.LONGEST))
    assert b"wrong" in await asyncio.wait_for(reader.read(), 5), "as long as one may be, and heard"
    reader, _ = await timed.knock(_of(door.LONGEST + 1))
    assert await said(reader) == b""
    assert caplog.text == ""


async def _pour(writer: asyncio.StreamWriter) -> None:
    async with asyncio.timeout(10):
        for _ in range(1_600):
            writer.write(b"a" * 65_536)
            await writer.drain()


async def test_a_line_without_an_end_costs_no_memory(asked, timed):
    await asked.asked()
    before = resident()
    reader, writer = await timed.knock(b'{"approval": "')
    with pytest.raises(ConnectionError):
        await _pour(writer)
    assert resident() - before < ROOM
    assert await said(reader) == b""
    honest, _ = await timed.knock(HONEST)
    assert b"CIRCLE_API_KEY" in await asyncio.wait_for(honest.readline(), 5)
