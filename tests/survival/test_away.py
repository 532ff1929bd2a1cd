"""Starting while Slack is away: the bot waits, says over its port that it is not ready, and stops when told to."""

import asyncio
import signal

import aiohttp
import pytest

from tests.chat import verdict


@pytest.fixture
def environment(environment, unused_tcp_port):
    return environment | {"AIKEYS_HTTP": f"127.0.0.1:{unused_tcp_port}"}


async def port_says(environment, path: str):
    """Status and body, once the port is open."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(15):
        while True:
            try:
                async with session.get(f"http://{environment['AIKEYS_HTTP']}{path}") as response:
                    return response.status, await response.json()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.02)


async def test_it_stops_when_told_to_while_it_waits_for_slack(town, mortal, environment):
    await town.slack.faults.set("slack_away", True)
    await mortal.spawns()
    assert await port_says(environment, "/healthz") == (200, {"alive": True})
    status, ready = await port_says(environment, "/readyz")
    assert status == 503
    assert not ready["sockets"]

    mortal.process.sends(signal.SIGTERM)

    assert await mortal.died() == 0


async def test_it_begins_to_answer_when_slack_is_back(chat, town, mortal, environment):
    await town.slack.faults.set("slack_away", True)
    await mortal.spawns()
    await port_says(environment, "/healthz")

    await town.slack.faults.set("slack_away", False)
    await town.slack.until(lambda: len(town.slack.sockets.open) == 2)
    await chat.says("ana", "/aikeys health")

    await chat.until(verdict)


async def test_ready_means_sockets_database_and_a_look(town, mortal, environment):
    await mortal.starts()
    async with asyncio.timeout(15):
        while (await port_says(environment, "/readyz"))[0] != 200:  # noqa: ASYNC110 — another process, asked over HTTP
            await asyncio.sleep(0.05)
    assert (await port_says(environment, "/readyz"))[1] == {
        "ready": True,
        "sockets": True,
        "database": True,
        "look": True,
        "sockets_up": 2,
    }
