"""A bot on a clock of its own, stopped and started again on the same memory."""

import socket

import pytest

from bot.app import Bot
from playground.clock import ManualClock
from store.database import look_into, open_store
from tests.chat import Chat
from tests.shell import Shell
from tests.unwatched import unwatched
from tests.wait import eventually

KEY = "a key for tests, 32 bytes at least"


@pytest.fixture
def moved(town) -> ManualClock:
    """The bot's own clock. Slack and the project keep the machine's."""
    return ManualClock(town.clock.now())


@pytest.fixture
def environment(environment):
    """The key is set, so that `aikeys audit` can be given the same; the bot's own port is a free one."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return environment | {"AIKEYS_AUDIT_KEY": KEY, "AIKEYS_HTTP": f"127.0.0.1:{port}"}


class Life:
    """`await begins()` starts the bot, `await ends()` stops it; what it remembers stays."""

    watching = True  # the bot looks by itself

    def __init__(self, settings, clock) -> None:
        self.settings, self.clock = settings, clock
        self.file = settings.data / "aikeys.sqlite"

    async def begins(self) -> Bot:
        self.store = open_store(self.file, audit_key=KEY.encode())
        self.bot = Bot(self.settings, self.store, self.clock)
        await self.bot.start()
        await eventually(lambda: self.bot.sockets.up == 2)
        if not self.watching:
            unwatched(self.bot)
        return self.bot

    async def ends(self) -> None:
        await self.bot.stop()
        self.store.close()  # both may be called twice

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What is in the file, read beside the bot."""
        db = look_into(self.file)
        try:
            return db.conn.execute(sql).fetchall()
        finally:
            db.close()


@pytest.fixture
async def life(settings, moved):
    life = Life(settings, moved)
    yield life
    if hasattr(life, "bot"):
        await life.ends()


@pytest.fixture
def chat(town) -> Chat:
    """The channel; the bot in it comes and goes."""
    return Chat(town.slack)


@pytest.fixture
def shell() -> Shell:
    """`aikeys …` beside the bot."""
    return Shell()
