import pytest

from bot.timers import Timers
from playground.clock import ManualClock
from store.database import open_store

KEY = b"a key for tests, 32 bytes at least"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "aikeys.sqlite"


@pytest.fixture
def store(path):
    opened = open_store(path, audit_key=KEY)
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
