"""A town, people in it, and a bot in a process of its own whose disk fails when it is told to."""

import asyncio
import json
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

from playground.slack.errors import ControlError
from playground.town import Town
from tests.canaries.desk import Desk, Json
from tests.chaos.checker import Checker
from tests.chaos.sabotage import Orders
from tests.mortal.door import Door
from tests.mortal.nursery import Mortal, Nursery

TOKEN = "the-token-of-the-chaos-0123456789"
OVER = ("done", "failed", "cancelled")
TRIES = 6  # times that somebody asks for one thing before they call it impossible
REFUSED = 0.3  # seconds until they ask again, where they were told no, and not how long to wait
LATER = re.compile(r"Ask again in (\d{1,2}) s\b")
PATIENCE = 8.0  # seconds until they ask again, where nothing came
SETTLED_WITHIN = 30.0
UNTRUE = "The plan is no longer true"
NO = ("🚫", "❓", "Something in me broke", "was not run", "Not delivered")


class Stuck(Exception):
    """It could not be brought about, however often somebody asked."""


class Body:
    """`start`, then `people` talk to it; `stop` leaves no process behind. *more*: settings beside the town's."""

    def __init__(self, town: Town, nursery: Nursery, folder: Path, more: Mapping[str, str] | None = None) -> None:
        self.town, self.folder, self.data = town, folder, folder / "data"
        folder.mkdir(parents=True, exist_ok=True)
        self.orders = Orders(folder, self.data)
        self.log = folder / "bot.log"
        self._nursery = nursery
        self._port = Door()
        self.door = self._port.address
        self.environment = town.settings(self.data) | {
            "AIKEYS_LOOK_EVERY": "3600",
            "AIKEYS_HTTP": self.door,
            "AIKEYS_ALERTS_TOKEN": TOKEN,
            **self.orders.environment,
            **(more or {}),
        }
        town.slack.limits.off = town.project.limits.off = True  # how fast people may type is not the subject
        self.path = self.data / "aikeys.sqlite"
        self.checker = Checker(town, self.path)
        self.bot: Mortal | None = None

    async def start(self, *arguments: str) -> None:
        """Start the bot, and wait until it is heard and has begun what it does by itself."""
        self.bot = await self._nursery.bears(
            "tests.mortal.bot", self.folder / "out", *arguments, environment=self.environment, err=self.log
        )
        await self.town.slack.until(lambda: len(self.town.slack.sockets.open) == 2, timeout=30)
        try:
            async with asyncio.timeout(30):
                while await self.ready() != 200:  # noqa: ASYNC110  # another process
                    await asyncio.sleep(0.05)
        except TimeoutError as error:
            end = "".join(self.log.read_text().splitlines(keepends=True)[-20:])
            raise TimeoutError(f"the bot was not ready within 30 s; its log ends:\n{end}") from error

    async def dies(self) -> None:
        """Kill -9."""
        if self.bot is not None:
            await self.bot.killed()
            await self.town.slack.until(lambda: not self.town.slack.sockets.open, timeout=10)
        self.bot = None

    async def stop(self) -> None:
        """End it."""
        await self.dies()
        self.orders.close()

    @property
    def lives(self) -> bool:
        """False where it ended by itself."""
        return self.bot is not None and self.bot.code is None

    def people(self) -> "Person":
        """Ana and Ben."""
        return Person(self.town, self.path)

    async def settles(self) -> list[str]:
        """Wait until nothing is in the middle of anything; what still is after half a minute."""
        began = time.monotonic()
        while left := self.checker.unsettled():
            if not self.lives:
                return ["the bot ended by itself"]
            if time.monotonic() - began > SETTLED_WITHIN:
                return [f"not settled after {SETTLED_WITHIN:.0f} s: {left}"]
            await asyncio.sleep(0.1)
        return []

    async def alert(self, name: str) -> int:
        """Post somebody else's alert; the status, 0 where there was no answer."""
        body = json.dumps({"alerts": [{"status": "firing", "labels": {"alertname": name}}]})
        headers = {"Authorization": f"Bearer {TOKEN}"}
        try:
            async with (
                aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(10)) as web,
                web.post(f"http://{self.door}/alerts", data=body) as answer,
            ):
                return answer.status
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            return 0

    async def ready(self) -> int:
        """What /readyz says: 200 or 503; 0 where there was no answer."""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as web,
                web.get(f"http://{self.door}/readyz") as answer,
            ):
                return answer.status
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            return 0

    def asks(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the bot's own file, read beside it."""
        db = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=5)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()


class Person(Desk):
    """Asks until it is done, as people do: again where Slack says that it failed, or the bot that it could not."""

    refusals = 0  # times that the bot said no, or that it broke
    failures = 0  # times that Slack said that it failed

    async def hears_of(self, who: str, line: str, wanted: str, channel: str = "#ops") -> None:
        """Type *line* until something with *wanted* is said. Raises Stuck, with what was said instead."""
        heard = ""
        for _ in range(TRIES):
            self.forget()
            said = await self._town.slack.say(who, channel, line)
            if said.get("acked") is False:
                self.failures += 1
                await asyncio.sleep(0.2)
                continue
            with suppress(TimeoutError):
                if wanted in (heard := await self.until(lambda: self._said(wanted), PATIENCE)):
                    return
                self.refusals += 1
                await asyncio.sleep(max([REFUSED, *map(float, LATER.findall(heard))]))
        raise Stuck(f"{line}: never heard “{wanted}”, but {heard[:1000] or 'nothing'}")

    def _said(self, wanted: str) -> str:
        """What was said, once it is what was wanted, or a no."""
        said = json.dumps(list(self._messages.values()), ensure_ascii=False)
        return said if wanted in said or any(one in said for one in NO) else ""

    async def through(
        self,
        line: str,
        entered: Callable[[], Awaitable[None]] | None = None,
        approves: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Ask for *line*, approve it, and go on until its operation is done.

        *entered* gives what it waits for; *approves*: how, where one click of Ben's is not enough.
        """
        before = self._newest()[0]
        asked, last, patience, untrue = 0, 0.0, 0.0, 0
        while True:
            (number, state), now = self._newest(), time.monotonic()
            if number > before and state == "done":
                return
            if number > before and state in OVER:
                before, patience = number, 0.0  # it came to nothing: ask again
            if now - last >= patience:
                last, patience = now, 1.0
                with suppress(ControlError, TimeoutError):
                    if number > before and state == "needs-human":
                        await self.presses("ana", "aikeys:settle:ask-again")
                    elif number > before and entered is not None:
                        await entered()
                    elif number == before and self._waits(untrue):
                        await (self.presses("ben", "aikeys:approve") if approves is None else approves())
                    elif number == before:
                        asked, patience, untrue = asked + 1, PATIENCE, self._untrue()
                        if asked > TRIES:
                            raise Stuck(f"{line}: asked {TRIES} times, and it is {state or 'never begun'}")
                        said = await self._town.slack.say("ana", "#ops", line)
                        self.failures += said.get("acked") is False
                        patience = 0.3 if said.get("acked") is False else PATIENCE
            if self._waits(untrue) and patience == PATIENCE:
                patience = 0.0
            await asyncio.sleep(0.03)

    def _waits(self, untrue: int) -> bool:
        """Whether a card waits for a yes, and nobody was told that its plan is no longer true, and to ask again."""
        return self._pending() and self.button("aikeys:approve") is not None and self._untrue() <= untrue

    def _untrue(self) -> int:
        return sum(UNTRUE in str(one) for one in self._messages.values())

    async def presses(self, who: str, action: str, value: str = "") -> None:
        """Press the newest button of that name (and *value*), where there is one."""
        found = self.button(action, value)
        if found is None:
            return
        message, element = found
        await self._town.slack.click(
            who,
            channel=message["channel"],
            ts=message["ts"],
            action_id=element["action_id"],
            block_id=element["block_id"],
        )

    async def fills(self, who: str, action: str, values: dict[str, Json], value: str = "") -> None:
        """Press it, and submit the modal that it opens. Raises TimeoutError where none comes."""
        await self.presses(who, action, value)
        try:
            async with asyncio.timeout(2):
                while not (modals := self._town.slack.views(who)["modals"]):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await self._town.slack.submit(who, modals[-1]["id"], values)
        finally:
            self.close_modals()

    def _newest(self) -> tuple[int, str]:
        number, _, state = self.state().partition(" ")
        return (int(number), state) if number else (0, "")

    def _pending(self) -> bool:
        assert self._operations is not None
        sql = "SELECT count(*) FROM approvals WHERE state = 'pending'"
        return bool(self._operations.execute(sql).fetchone()[0])
