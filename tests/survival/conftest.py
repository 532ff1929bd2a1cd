"""A bot in a process of its own, to be killed and started again."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.chat import Chat

ROOT = Path(__file__).parents[2]


class Mortal:
    """Starts and ends the bot's process; one at a time."""

    def __init__(self, town, environment) -> None:
        self._town = town
        self._environment = {"PATH": os.environ["PATH"]} | environment
        self.process: asyncio.subprocess.Process | None = None

    async def starts(self, *point: str) -> None:
        """Start it, to die at *point* (an event's name, and the how-manieth time)."""
        slack = self._town.slack
        await slack.until(lambda: not slack.sockets.open, timeout=10)
        await self.spawns(*point)
        await slack.until(lambda: len(slack.sockets.open) == 2, timeout=20)

    async def spawns(self, *point: str) -> None:
        """Start it without waiting for anything."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.survival.dying",
            *point,
            env=self._environment,
            cwd=ROOT,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def died(self) -> int:
        """Wait until it is gone; return the exit code."""
        assert self.process is not None
        async with asyncio.timeout(20):
            return await self.process.wait()

    async def ends(self) -> None:
        """Stop it in order."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await self.died()


@pytest.fixture
async def mortal(town, environment):
    mortal = Mortal(town, environment)
    yield mortal
    await mortal.ends()


@pytest.fixture
def chat(town) -> Chat:
    """The channel; the bot in it comes and goes."""
    return Chat(town.slack)
