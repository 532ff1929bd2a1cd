"""A bot whose looks are made by hand, on a clock that is moved by hand."""

import pytest

from bot.app import Bot
from bot.clock import SystemClock
from bot.incidents.asking import ALL
from bot.incidents.wider import Wider
from playground.clock import ManualClock
from tests.chat import Chat
from tests.running import unwatched

USUALLY = ALL - {Wider.BACKUPS}  # the project keeps the machine's clock: by one that is moved its backups are old

SECOND_BY_SECOND = 10  # seconds


class Watching:
    """`looks(n)`: so many looks in a row, five seconds apart."""

    def __init__(self, bot: Bot, clock: ManualClock, town) -> None:
        self.bot, self.clock, self.town = bot, clock, town
        self.incidents = bot.store.incidents
        assert bot._answering is not None
        self.eyes = bot._answering.watch._eyes
        self.errands = bot._answering._errands

    async def looks(self, times: int = 1, asked=USUALLY, apart: float = 5) -> None:
        for _ in range(times):
            await self.eyes.once(asked)
            # Of a long time the most in one go: whoever sleeps by the second need not be woken for each of them.
            if apart > SECOND_BY_SECOND and isinstance(self.clock, ManualClock):
                await self.clock.jumps(seconds=apart - SECOND_BY_SECOND)
                await self.clock.passes(seconds=SECOND_BY_SECOND)
            else:
                await self.clock.passes(seconds=apart)

    async def later(self, minutes: float) -> None:
        """All at once: what was due meanwhile is late."""
        await self.clock.jumps(minutes=minutes)
        await self.clock.passes(seconds=3)

    async def switch(self, name: str, on: bool = True) -> None:
        await self.town.slack.faults.set(name, on)


@pytest.fixture
def clock() -> ManualClock:
    """Of the bot and of Slack, so that Slack's limits pass with it; the project keeps the machine's."""
    return ManualClock(SystemClock().now())


@pytest.fixture
async def watching(town, settings, clock):
    async with unwatched(settings, clock) as bot:
        yield Watching(bot, clock, town)


@pytest.fixture
def chat(town, watching) -> Chat:
    return Chat(town.slack)
