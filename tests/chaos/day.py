"""What goes on around the bot of `tests.chaos.soak`: people type and deploy, alerts come in, now and then a fault."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

from playground.slack.errors import ControlError, SlackError
from playground.town import Town
from tests.chaos.growth import Soaked

COMMANDS = (
    "health", "incident", "operations", "approvals", "deploys", "logs db error", "contacts", "help", "nonsense",
    "functions", "secrets", "migrations", "webhooks", "timeline deploy", "stats", "runbook webhook 401", "project",
)  # fmt: skip
QUICK = ("incident", "operations", "approvals", "contacts", "help", "nonsense", "deploys", "reviews")
FAULTS = ("slack_5xx", "slack_store_then_drop", "management_down", "socket_kill", "slow_database")


class Day:
    """Without an end: each of `lived` goes on until it is cancelled. With a *rate* they only ask, so often a second."""

    def __init__(
        self, town: Town, chance: Random, found: Soaked, path: Path, alert: Callable[[str], Awaitable[int]], rate: float
    ) -> None:
        self.town, self.chance, self.found, self.path, self.alert, self.rate = town, chance, found, path, alert, rate

    def lived(self) -> list[asyncio.Task[None]]:
        """All that goes on, begun."""
        return [asyncio.create_task(one) for one in (self._people(), self._alerts(), self._faults())]

    async def _people(self) -> None:
        """Everybody asks; where no rate is given once or twice a second."""
        rate = self.rate or 1.5
        asking: set[asyncio.Task[None]] = set()
        began, count = time.monotonic(), 0
        while True:
            if len(asking) < 200:
                task = asyncio.create_task(self._asks(count))
                asking.add(task)
                task.add_done_callback(asking.discard)
            count += 1
            await asyncio.sleep(max(0.0, began + count / rate - time.monotonic()))

    async def _asks(self, count: int) -> None:
        chance, slack = self.chance, self.town.slack
        with contextlib.suppress(ControlError, SlackError):
            if not self.rate and count % 30 == 0:
                return await self._deploy()
            if not self.rate and count % 12 == 1:
                title = f"trouble {count}"
                await slack.say("ana", "#ops", f'/aikeys incident open "{title}"')
                await asyncio.sleep(chance.uniform(1, 8))
                found = self._rows("SELECT number FROM incidents WHERE title = ?", title)
                for (number,) in found:
                    await slack.say("ana", "#ops", f'/aikeys incident note "seen {count}" {number}')
                    await slack.say("ana", "#ops", f"/aikeys incident resolve {number} over")
                return None
            line = chance.choice(QUICK if self.rate else COMMANDS)
            said = await slack.say(chance.choice(["ana", "ben", "zoe"]), "#ops", f"/aikeys {line}")
            self.found.asked += 1
            self.found.failed += said.get("acked") is False
        return None

    async def _deploy(self) -> None:
        slack = self.town.slack
        before = len(self.town.project.state.deploys)
        await slack.say("ana", "#ops", "/aikeys deploy health --again")
        await asyncio.sleep(2)
        for message in list(reversed(slack.messages("#ops", "ben")))[:60]:
            for block in message.get("blocks") or []:
                for element in block.get("elements", []):
                    if element.get("action_id") == "aikeys:approve":
                        await slack.click("ben", "C0OPS", message["ts"], "aikeys:approve", block_id=block["block_id"])
                        await asyncio.sleep(3)
                        self.found.deploys += len(self.town.project.state.deploys) > before
                        return

    async def _alerts(self) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0.5, 4))
            self.found.alerts[await self.alert(f"Soak{self.chance.randrange(5)}")] += 1

    async def _faults(self) -> None:
        """Now and then, and for a moment."""
        faults = self.town.slack.faults
        while True:
            await asyncio.sleep(self.chance.uniform(20, 60))
            name = self.chance.choice(FAULTS)
            await faults.set(name, True)
            await asyncio.sleep(1)
            if name != "socket_kill":
                await faults.set(name, False)

    def _rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=5)) as db:
            return db.execute(sql, values).fetchall()
