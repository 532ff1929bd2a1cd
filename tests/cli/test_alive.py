"""`aikeys alive`: what it says, and what the shell is told."""

import pytest
from aiohttp import web

from tests.shell import Shell


@pytest.fixture
async def door(unused_tcp_port):
    """A bot's own port that says what a test lets it say; `None` for something that is no bot."""
    said = {"ready": True, "sockets": True, "database": True, "look": True}

    async def readyz(_request: web.Request) -> web.Response:
        return web.json_response(said or [1], status=200 if said.get("ready") else 503)

    app = web.Application()
    app.router.add_get("/readyz", readyz)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    yield said, {"AIKEYS_HTTP": f"0.0.0.0:{unused_tcp_port}"}
    await runner.cleanup()


async def test_what_it_says(door):
    said, environ = door
    shell = Shell()
    said |= {"ready": False, "sockets": False}
    deaf = await shell("alive", environ=environ)
    assert (deaf.code, deaf.out) == (0, "alive, not ready: Slack is not heard\n")
    assert (await shell("alive", "--ready", environ=environ)).code == 1
    said.clear()
    other = await shell("alive", environ=environ)
    assert other.code == 1
    assert other.err.startswith("no bot answers at 127.0.0.1:")


async def test_without_a_door():
    off = await Shell()("alive", environ={"AIKEYS_HTTP": "off"})
    assert (off.code, "AIKEYS_HTTP is off" in off.err) == (2, True)
