"""A bot in a process of its own, to be killed and started again."""

import signal

import pytest

from tests.chat import Chat
from tests.mortal.nursery import Mortal


class Bots:
    """Starts and ends the bot's process; one at a time. *hurried*: one that waits a fifth of the time."""

    def __init__(self, nursery, town, environment, folder) -> None:
        self._nursery = nursery
        self._town = town
        self._environment = environment
        self._folder = folder
        self.process: Mortal | None = None
        self.hurried = False

    async def starts(self, *point: object) -> None:
        """Start it, to die at *point* (an event's name, and the how-manieth time)."""
        slack = self._town.slack
        await slack.until(lambda: not slack.sockets.open)
        await self.spawns(*point)
        await slack.until(lambda: len(slack.sockets.open) == 2)

    async def spawns(self, *point: object) -> None:
        """Start it without waiting for anything."""
        wanted = (point[0], point[1] if len(point) > 1 else 1) if point else ()
        self.process = await self._nursery.bears(
            "tests.mortal.bot",
            self._folder / "out",
            *(["hurried"] if self.hurried else []),
            environment=self._environment,
            point=wanted,
        )

    async def died(self) -> int:
        """Wait until it is gone; return the exit code."""
        assert self.process is not None
        return await self.process.died(20)

    async def ends(self) -> None:
        """Stop it in order."""
        if self.process is not None and self.process.code is None:
            self.process.sends(signal.SIGTERM)
            await self.died()


@pytest.fixture
async def mortal(nursery, town, environment, tmp_path):
    bots = Bots(nursery, town, environment, tmp_path)
    yield bots
    await bots.ends()


@pytest.fixture
def chat(town) -> Chat:
    """The channel; the bot in it comes and goes."""
    return Chat(town.slack)
