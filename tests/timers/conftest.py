import pytest

from bot.clockwork.timers import Timers
from playground.clock import ManualClock
from tests.running import remembering


@pytest.fixture
def path(tmp_path):
    return tmp_path / "aikeys.sqlite"


@pytest.fixture
def store(path):
    opened = remembering(path)
    yield opened
    opened.close()


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def timers(store, clock):
    timers = Timers(store, clock)
    yield timers
    await timers.close()
