"""The fast path for measurements: all sent, all counted, nothing kept."""

import asyncio
import json

import aiohttp


async def acknowledge(line, ids):
    async for message in line.socket:
        if message.type is not aiohttp.WSMsgType.TEXT:
            return
        envelope = json.loads(message.data)
        ids.append((envelope["envelope_id"], envelope["payload"]["trigger_id"]))
        await line.ack(envelope)


async def test_a_flood_is_acknowledged_one_by_one(ws, line):
    lines = [await line(), await line()]
    ids: list[tuple[str, str]] = []
    readers = [asyncio.create_task(acknowledge(each, ids)) for each in lines]
    before = len(ws.journal.entries())
    for at_once in (0, 1, 7):
        assert len(await ws.flood(300, "health", at_once=at_once)) == 300
    assert len(set(ids)) == 900
    assert len(ws.journal.entries()) == before
    assert await ws.flood(0, "nothing") == []
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
