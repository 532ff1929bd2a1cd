"""Many at once: one incident, one message, all counted; and what had 202 outlives kill -9."""

import asyncio
import json
from statistics import median

import aiohttp
import pytest

from store.database import look_into
from tests.chat import words
from tests.incoming.conftest import TOKEN, alert, webhook
from tests.life.test_ready import listened_to
from tests.survival.conftest import Bots
from tests.wait import eventually

MANY, KINDS, LINES = 2_000, 200, 32


async def storm(address: str, count: int, had: list[int] | None = None) -> int:
    """*count* alerts, a body each, as fast as they are taken; how many had 202. Ends with the other side."""
    numbers, taken = iter(range(count)), had if had is not None else []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    bodies = [json.dumps(webhook(alert("Storm", node=str(kind)))).encode() for kind in range(KINDS)]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=LINES), headers=headers) as web:

        async def line() -> None:
            for number in numbers:
                try:
                    async with web.post(f"{address}/alerts", data=bodies[number % KINDS]) as response:
                        if response.status == 202:
                            taken.append(number)
                except aiohttp.ClientError:
                    return

        await asyncio.gather(*(line() for _ in range(LINES)))
    return len(taken)


async def test_a_storm_is_one_incident_and_acks_go_on(bot, town, chat, clock):
    town.slack.limits.off = True  # so many answers are not what is measured
    blowing = asyncio.create_task(storm(bot.port.address, MANY))
    acks: list[float] = []
    while not blowing.done():
        acks += await town.slack.flood(1, "approvals", at_once=1)
        await asyncio.sleep(0.02)
    assert await blowing == MANY
    await clock.passes(seconds=11)
    card = await chat.until(f"{MANY:,} alerts of {KINDS} kinds, all firing")
    assert "Alert: Storm" in words(card)
    assert len(bot.store.incidents.recent(50)) == 1
    assert len([one for one in chat.sees("ana") if "Alert: Storm" in words(one)]) == 1
    assert len(bot.store.incidents.story("incident/1")) == 1
    assert median(acks) <= 0.3, "the figure itself is measured by make bench, on a quiet machine"


@pytest.mark.parametrize("point", [("alerts.committed", 1), ("alerts.committed", 9), None])
async def test_kill_9_loses_nothing_that_had_202(
    nursery, town, settings, environment, tmp_path, unused_tcp_port, point
):
    environment = environment | {"AIKEYS_HTTP": f"127.0.0.1:{unused_tcp_port}"}
    bots = Bots(nursery, town, environment, tmp_path)
    await bots.starts(*(point or ()))
    await eventually(lambda: listened_to(unused_tcp_port))
    had: list[int] = []
    blowing = asyncio.create_task(storm(f"http://127.0.0.1:{unused_tcp_port}", 50_000, had))
    if point is None:
        await eventually(lambda: len(had) > 300)
        assert bots.process is not None
        await bots.process.killed()
    else:
        await bots.died()
    sent = await blowing
    db = look_into(settings.data / "aikeys.sqlite")
    try:
        (count,) = db.conn.execute("SELECT coalesce(sum(count), 0) FROM alert_groups").fetchone()
        (kinds,) = db.conn.execute("SELECT coalesce(sum(count), 0) FROM alert_kinds").fetchone()
    finally:
        db.close()
    assert count == kinds
    assert sent <= count <= sent + LINES, "what is beyond was committed, and its 202 died on the way"
    await bots.starts()
    await bots.ends()
