"""A life: a town, a bot in a process of its own, so many rotations, and then every byte is searched."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import aiohttp

from playground.supabase.project import Project
from playground.town import Town
from tests.canaries.desk import Desk
from tests.canaries.record import Doors, Record
from tests.canaries.rotation import Rotations, Tally
from tests.canaries.search import Canaries, Found, files
from tests.mortal.door import Door

ROOT = Path(__file__).parents[2]


@dataclass
class Looked:
    """What was searched, and what was found. *bytes* by place; *posts*: calls that had to hold a value, and did."""

    rotations: int = 0
    values: int = 0
    bytes: dict[str, int] = field(default_factory=dict)
    posts: int = 0
    children: int = 0
    found: list[Found] = field(default_factory=list)


class Life:
    """`live`, then `looked` holds what the search found. `values` are those that were entered."""

    def __init__(self, project: Project, source: Path, folder: Path, chance: Random, tally: Tally) -> None:
        self._project, self._source, self._folder, self._chance, self._tally = project, source, folder, chance, tally
        self._bot: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self._door = Door()
        self.looked = Looked()
        self.values: list[str] = []

    async def live(self, rotations: int, troubles: tuple[str, ...] = (), on: Callable[[], bool] = lambda: True) -> None:
        """So many rotations, the first ones with these *troubles*, while it is *on*. Then the search."""
        await self._project.reset()
        town = Town(self._project.clock, project=self._project)
        await town.start()
        async with AsyncExitStack() as stack:
            stack.push_async_callback(town.stop)
            town.slack.limits.off = town.project.limits.off = True  # how fast people may type is not the subject
            self._record = Record(self._folder / "sent")
            stack.callback(self._record.close)
            town.slack.backend.journal.listeners.add(self._record.slack)
            doors = Doors(town, self._record)
            await doors.open()
            stack.push_async_callback(doors.close)
            self._town, self._doors = town, doors
            stack.push_async_callback(self._dies, signal.SIGTERM)
            await self._born()
            desk = Desk(town, self._folder / "data" / "aikeys.sqlite")
            stack.callback(desk.close)
            people = Rotations(town, desk, self._folder / "data", self._chance, self._tally, self._reborn)
            self.values = people.values
            await desk.says("ana", "/aikeys deploy health --plan")  # git is a child
            await desk.hears("Deploy health")
            await desk.says("ana", '/aikeys incident open "a day of rotations"')
            await desk.hears("a day of rotations")
            for number in range(rotations):
                if not on():
                    break
                await people.one(troubles[number] if number < len(troubles) else None)
                self.looked.rotations += 1
            await self._metrics()
            await desk.says("ana", "/aikeys incident export 1")  # the report of all that went on
            await desk.until(
                lambda: any(one.name.endswith(".html") and one.data for one in town.slack.backend.files.by_id.values())
            )
            self._record.files(town)
        await asyncio.to_thread(self.search)

    def search(self) -> None:
        """Look through everything that was written and sent."""
        canaries, looked = Canaries(self.values), self.looked
        looked.found.clear()
        for place in ("data", "sent", "said"):
            found = files(self._folder / place)
            looked.bytes[place] = sum(path.stat().st_size for path in found)
            looked.found += canaries.in_files(found)
        looked.values, looked.posts, looked.children = len(self.values), self._record.posts, len(self._record.children)

    async def _born(self) -> None:
        said = self._folder / "said"
        said.mkdir(exist_ok=True)
        environment = self._doors.settings(self._folder / "data") | {
            "AIKEYS_LOOK_EVERY": "600",
            "AIKEYS_SOURCE": str(self._source),
            "AIKEYS_HTTP": self._door.address,
            "AIKEYS_SYNTHETIC": "true",
        }
        with (said / "log").open("ab") as log:
            self._bot = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.canaries.bot"),
                env={"PATH": os.environ["PATH"]} | environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self._watching = asyncio.create_task(self._record.watch(self._bot.pid))
        await self._town.slack.until(lambda: len(self._town.slack.sockets.open) == 2)

    async def _dies(self, how: signal.Signals) -> None:
        if self._bot is None:
            return
        self._bot.send_signal(how)
        await asyncio.wait_for(self._bot.wait(), 40)
        self._bot = None
        if self._watching is not None:
            self._watching.cancel()

    async def _reborn(self) -> None:
        await self._dies(signal.SIGKILL)
        await self._town.slack.until(lambda: not self._town.slack.sockets.open)
        await self._born()

    async def _metrics(self) -> None:
        async with aiohttp.ClientSession() as session, session.get(f"http://{self._door.address}/metrics") as answer:
            (self._folder / "said" / "metrics").write_bytes(await answer.read())
