"""`/readyz` of the bot that runs: each of its three parts, broken and mended for real."""

import asyncio
import re
import socket

import aiohttp
import pytest

from tests.chat import verdict
from tests.wait import eventually


@pytest.fixture
async def ready(life):
    """What `/readyz` says: (status, body)."""
    host, port = life.settings.http
    async with aiohttp.ClientSession() as session:

        async def ask():
            async with session.get(f"http://{host}:{port}/readyz") as response:
                return response.status, await response.json()

        yield ask


def listened_to(port: int) -> bool:
    """Whether anybody listens there."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


async def becomes(ready, status: int, **parts: bool) -> None:
    """Ask until it says so; each answer takes a turn on the wire."""
    async with asyncio.timeout(8):
        while True:
            said = await ready()
            if said[0] == status and parts.items() <= said[1].items():
                return


async def test_not_ready_while_slack_is_not_heard(life, ready, town, moved):
    await life.begins()
    await moved.passes(seconds=1)
    assert await ready() == (200, {"ready": True, "sockets": True, "database": True, "look": True, "sockets_up": 2})
    await town.slack.sockets.disable(True)
    await becomes(ready, 503, sockets=False, database=True, look=True)
    await town.slack.sockets.disable(False)
    await moved.passes(seconds=40)
    await becomes(ready, 200, sockets=True)


async def test_not_ready_while_the_database_takes_no_row(life, ready):
    await life.begins()
    life.store.db.conn.execute("PRAGMA query_only = ON")
    assert await ready() == (503, {"ready": False, "sockets": True, "database": False, "look": True, "sockets_up": 2})
    life.store.db.conn.execute("PRAGMA query_only = OFF")
    await becomes(ready, 200)


async def test_not_ready_while_no_look_has_ended_for_three_cadences(life, ready, moved):
    """The machine was asleep, say: nothing that waits has been woken, and the hour is another."""
    await life.begins()
    await moved.passes(seconds=2)
    await eventually(lambda: life.rows("SELECT 1 FROM samples"))
    await becomes(ready, 200, look=True)
    await moved.jumps(seconds=3 * life.settings.look_every + 1)
    assert (await ready())[0] == 503
    await becomes(ready, 503, sockets=True, database=True, look=False)
    await moved.passes(seconds=1)  # the round that was due goes on
    await becomes(ready, 200, look=True)


async def test_alive_but_not_ready_before_slack_has_let_it_in(life, ready, town, moved):
    """The port does not wait for Slack: whoever watches the bot sees that it waits."""
    host, port = life.settings.http
    await town.slack.faults.set("slack_5xx", True)
    beginning = asyncio.create_task(life.begins())
    await town.slack.until(lambda: town.slack.journal.entries("auth.test"))
    await eventually(lambda: listened_to(port))
    async with aiohttp.ClientSession() as session, session.get(f"http://{host}:{port}/healthz") as response:
        assert response.status == 200
    assert await ready() == (503, {"ready": False, "sockets": False, "database": True, "look": False, "sockets_up": 0})
    await town.slack.faults.set("slack_5xx", False)
    while not beginning.done():
        await moved.passes(seconds=0.5)
        await town.slack.until(lambda: True)
    await beginning
    await becomes(ready, 200)


async def test_what_was_done_is_counted(life, chat, town, moved):
    """`/metrics` after one question and one look: nothing on it is an ornament."""
    host, port = life.settings.http
    await life.begins()
    await chat.says("ana", "/aikeys health")
    await chat.until(verdict)
    async with aiohttp.ClientSession() as session, session.get(f"http://{host}:{port}/metrics") as response:
        text = await response.text()
    for line in (
        'aikeys_deliveries_total{fate="new",kind="command"}',
        'aikeys_dispatch_seconds_count{kind="command"}',
        'aikeys_api_calls_total{method="chat.postMessage",outcome="ok",system="slack"}',
        'aikeys_api_calls_total{method="secrets",outcome="ok",system="supabase"}',
        'aikeys_api_calls_total{method="wallet",outcome="ok",system="wallet"}',
        'aikeys_look_seconds_count{source="wallet"}',
        "aikeys_ack_seconds_count",
    ):
        found = re.search(f"^{re.escape(line)} ([0-9.]+)$", text, re.MULTILINE)
        assert found, line
        assert float(found[1]) >= 1
