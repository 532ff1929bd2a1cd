"""The heartbeat: each minute while the bot looks and can tell, else not; a receiver that fails is in the log."""

import asyncio

import pytest
from aiohttp import web

from tests.wait import eventually


class Receiver:
    """Somebody's dead man's switch."""

    def __init__(self) -> None:
        self.beats: list[str] = []
        self.status, self.url = 200, ""

    async def beat(self, request: web.Request) -> web.Response:
        self.beats.append(request.path_qs)
        return web.Response(status=self.status, text="OK")


@pytest.fixture
async def receiver(unused_tcp_port):
    receiver = Receiver()
    app = web.Application()
    app.router.add_get("/{uuid}", receiver.beat)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    receiver.url = f"http://127.0.0.1:{unused_tcp_port}/0c1e-secret?from=aikeys"
    yield receiver
    await runner.cleanup()


@pytest.fixture
def environment(environment, receiver):
    return environment | {"AIKEYS_HEARTBEAT_URL": receiver.url}


async def beats(receiver, moved, count: int) -> None:
    for _ in range(400):
        if len(receiver.beats) >= count:
            return
        await moved.passes(seconds=5)
        await asyncio.sleep(0.01)
    raise AssertionError(f"{len(receiver.beats)} beats")


async def test_a_beat_means_i_look_and_i_can_tell(life, receiver, moved, town, capsys):
    await life.begins()
    await beats(receiver, moved, 2)
    assert receiver.beats[0] == "/0c1e-secret?from=aikeys"
    receiver.status = 404
    await beats(receiver, moved, 4)
    await eventually(lambda: "heartbeat.failed" in (log := capsys.readouterr().err) and "0c1e-secret" not in log)
    receiver.status = 200
    await town.slack.sockets.disable(True)
    await eventually(lambda: life.bot.sockets.up == 0)
    await moved.passes(seconds=61)
    seen = len(receiver.beats)
    for _ in range(5):
        await moved.passes(seconds=60)
    assert len(receiver.beats) == seen
    assert "heartbeat.held" in capsys.readouterr().err
    await town.slack.sockets.disable(False)
    await beats(receiver, moved, seen + 1)


def test_the_address_is_nowhere_shown(settings):
    from bot.cli.settings import shown

    assert shown(settings, "heartbeat_url") == "(set, hidden)"
    assert any("0c1e-secret" in one for one in settings.secrets)
