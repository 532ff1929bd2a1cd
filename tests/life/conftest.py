"""A bot on a clock of its own, stopped and started again on the same memory."""

import socket
from contextlib import AsyncExitStack

import pytest

from bot.app import Bot
from store.database import look_into
from tests.chat import Chat
from tests.running import KEY, running, unwatched
from tests.shell import Shell


@pytest.fixture
def environment(environment):
    """The key is set, so that `aikeys audit` can be given the same; the bot's own port is a free one."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return environment | {"AIKEYS_AUDIT_KEY": KEY.decode(), "AIKEYS_HTTP": f"127.0.0.1:{port}"}


class Life:
    """`await begins()` starts the bot, `await ends()` stops it; what it remembers stays."""

    watching = True  # the bot looks by itself

    def __init__(self, settings, clock) -> None:
        self.settings, self.clock = settings, clock
        self._open = AsyncExitStack()
        self.file = settings.data / "aikeys.sqlite"

    async def begins(self) -> Bot:
        begun = running if self.watching else unwatched
        self.bot = await self._open.enter_async_context(begun(self.settings, self.clock))
        self.store = self.bot.store
        return self.bot

    async def ends(self) -> None:
        await self._open.aclose()

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
    await life.ends()


@pytest.fixture
def chat(town, moved) -> Chat:
    """The channel; the bot in it comes and goes."""
    return Chat(town.slack, moved)


@pytest.fixture
def shell() -> Shell:
    """`aikeys …` beside the bot."""
    return Shell()
