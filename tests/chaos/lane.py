"""One town and the bot in it: killed at a named point or anywhere, again and again; now and then left to settle.

Where its clock can be moved, time flies now and then while nobody lives: to the moment when the next timer is due, so
that clocks of incidents, expiries and silences fire beside everything else, in time and late.
"""

import asyncio
import signal
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from playground.source import CY, WalletRepository
from playground.supabase import code
from playground.town import Town
from tests.chaos.alarms import Alarms
from tests.chaos.checker import Checker
from tests.chaos.crowd import Crowd
from tests.chaos.deaths import examined
from tests.chaos.migrations import Migrations, files
from tests.chaos.nights import Nights
from tests.chaos.points import points
from tests.chaos.secrets import Secrets
from tests.chaos.tally import Tally
from tests.chaos.trouble import trouble
from tests.clocks import Moved
from tests.mortal.nursery import Mortal, Nursery

REFS = [f"r{number}" for number in range(1, 7)]
STEPS = [one for one in points() if one.startswith("step.")]
SETTLED_WITHIN = 30.0  # seconds after a restart
UP_WITHIN, SLOWEST = 1.0, 4.0  # seconds; where a birth takes longer, lives last so many times as long, at most
FARTHEST = timedelta(hours=26)  # that time flies at once


@dataclass(frozen=True, slots=True)
class Pace:
    """*longest*: seconds of a life from its first connection; *named_longest*: that a named point is waited for.

    With the chance *patient* it is waited for four times as long: what the bot does by itself comes after some seconds.

    After *lives* at most the bot is left to settle; before that with the chance *held* where an operation is in the
    middle, which holds the project for seconds, so that little else comes about, else with *free*. With the chance
    *away* Supabase does not answer a restart that finds one. *named*: the share of deaths at a named point; with the
    chance *flies* time does, before a birth.
    """

    longest: float = 5.0
    named_longest: float = 5.0
    lives: int = 8
    held: float = 0.6
    free: float = 0.1
    away: float = 0.15
    named: float = 0.6
    within: float = 0.4
    patient: float = 0.05
    flies: float = 0.08


def repository(folder: Path) -> WalletRepository:
    """The wallet with migrations that wait, and six releases as tags, each of which changes every function."""
    wallet = WalletRepository(folder)
    wallet.build()
    wallet.commit(CY, "Migrations", files())
    for ref in REFS:
        entries = [path for path in code.tree() if path.endswith("/index.ts")]
        wallet.commit(CY, f"Release {ref}", {path: f"{wallet.text(path)}// {ref}\n" for path in entries})
        wallet.tag(ref)
    return wallet


class Lane:
    """`run` until the tally is full. Everything that is random comes from *chance*."""

    def __init__(
        self, town: Town, nursery: Nursery, chance: Random, source: Path, folder: Path, pace: Pace | None = None
    ) -> None:
        self._town = town
        self._nursery = nursery
        self._chance = chance
        self._folder = folder
        self._pace = pace or Pace()
        self._points = points()
        self.checker = Checker(town, folder / "data" / "aikeys.sqlite")
        self.crowd = Crowd(town, chance, REFS, self.checker.unsettled)
        self.alarms = self.checker.alarms = Alarms(chance, self.crowd.going)
        hands = self.crowd.hands
        self.secrets = self.checker.secrets = Secrets(town, hands, folder / "data")
        self.migrations = self.checker.migrations = schema = Migrations(town, hands)
        self.nights = self.checker.nights = nights = Nights(hands)
        self.crowd.acts += [nights.open, nights.open, nights.freeze] + [self.secrets.ask] * 3
        self.crowd.acts.append(self.secrets.enter)
        self.crowd.pressing.insert(1, self.secrets.enter)
        self.crowd.acts += [nights.acknowledge, nights.resolve, nights.silence]
        self.crowd.acts += [schema.ask] * 4 + [schema.take_back, schema.take_back, schema.point]
        self._environment = town.settings(folder / "data") | {
            "AIKEYS_SOURCE": str(source),
            "AIKEYS_LOOK_EVERY": "3600",
            "AIKEYS_COPIES": str(folder / "copies"),
            **self.alarms.environment,
        }
        self._bot: Mortal | None = None
        self._born, self._slow = 0.0, 1.0
        town.slack.limits.off = town.project.limits.off = True  # how fast people may type is not the subject

    async def run(self, tally: Tally) -> None:
        """Lives and deaths, until the tally is full or something is wrong."""
        await self.migrations.opens()
        self.crowd.open()
        weather = asyncio.gather(trouble(self._town, self._chance, self.crowd.going), self.alarms.run())
        try:
            while tally.on:
                for _ in range(self._pace.lives):
                    await self._life(tally)
                    held = "operations in the middle" in self.checker.unsettled()
                    if self._chance.random() < (self._pace.held if held else self._pace.free) or not tally.on:
                        break
                if not tally.wrong:
                    await self._settles(tally)
        finally:
            weather.cancel()
            await asyncio.gather(weather, return_exceptions=True)
            await self.crowd.close()
            if self._bot is not None:
                await self._bot.killed()
            tally.acked += self.checker.ledger.count
            tally.alerts += self.alarms.taken
            tally.landed += len(self._town.project.state.deploys)
            tally.set += self.secrets.set
            tally.fired += self.nights.fired
            tally.incidents += self.nights.incidents
            tally.migrated += self.migrations.applied
            tally.back += self.migrations.back

    async def _life(self, tally: Tally) -> None:
        point: tuple[object, ...] = ()
        if fresh := self._bot is None:
            if self._chance.random() < self._pace.named:
                point = (self._fewest(tally), self._chance.choice([1, 1, 1, 1, 2, 3]))
                if self.checker.migrates() and self._chance.random() < self._pace.within:
                    point = (STEPS, self._chance.randint(1, 14))
            await self._starts(*point)
        assert self._bot is not None
        self.crowd.going.set()
        try:
            if point or self._chance.random() < 0.8:  # the others die while they start
                await self._connected()
                if fresh:
                    self._slow = min(SLOWEST, max(1.0, (time.monotonic() - self._born) / UP_WITHIN))
            patience = self._pace.named_longest if point else self._chance.uniform(0, self._pace.longest)
            patience *= 4 if point and self._chance.random() < self._pace.patient else 1
            await self._bot.died(patience * self._slow)
        except TimeoutError:
            await self._bot.killed()
        if self._bot.code != -signal.SIGKILL:
            tally.wrong.append(f"the bot ended by itself with {self._bot.code}; its log: {self._folder}/bot.log")
            return
        tally.kills += 1
        if point and not self._bot.murdered:
            tally.points[self._bot.said()[-1]] += 1
        tally.busy += bool(self.checker.unsettled())
        await self._examined(tally)
        self._bot = None

    async def _examined(self, tally: Tally) -> None:
        """Before anybody opens the file for writing again."""
        found = await asyncio.to_thread(examined, self.checker.path, self.checker.key)
        tally.wrong += found.wrong
        tally.examined.append(found.took)
        tally.migrating += found.migrating

    async def _settles(self, tally: Tally) -> None:
        """People rest, the bot is left alone: everything must be settled, or need a human, in time; then judge."""
        await self.crowd.rests()
        async with AsyncExitStack() as stack:
            held = "operations in the middle" in self.checker.unsettled()
            if held and self._pace.away > self._chance.random():  # then nobody can tell what became of a step
                await self._town.slack.faults.set("management_down", True)
                stack.push_async_callback(self._town.slack.faults.set, "management_down", False)
            began = time.monotonic()
            await self._starts()
            assert self._bot is not None
            while left := self.checker.unsettled():
                if time.monotonic() - began > SETTLED_WITHIN or self._bot.code is not None:
                    tally.wrong.append(f"not settled {SETTLED_WITHIN:.0f} s after a restart: {left}")
                    break
                await asyncio.sleep(0.2)
            tally.settled.append(took := time.monotonic() - began)
            if took > SETTLED_WITHIN and not tally.wrong:
                tally.wrong.append(f"settled only {took:.1f} s after a restart")
        await self.migrations.looks()
        tally.wrong += self.checker.wrong()
        tally.human += self.checker.human

    async def _time_flies(self) -> None:
        """To within two seconds of a moment at which one of the next timers is due."""
        clock = self._town.clock
        if not isinstance(clock, Moved) or self._chance.random() > self._pace.flies:
            return
        now = clock.now()
        due = [at for at in self.checker.dues()[:5] if now < at < now + FARTHEST]
        if due:
            left = self._chance.choice(due) - now
            await clock.passes(seconds=max(0.0, left.total_seconds() - self._chance.uniform(-0.5, 2)))

    async def _starts(self, *point: object) -> None:
        await self._time_flies()
        self._born = time.monotonic()
        clock = self._town.clock
        self._bot = await self._nursery.bears(
            "tests.mortal.bot",
            self._folder / "out",
            *(("later", str(clock.by.total_seconds())) if isinstance(clock, Moved) else ()),
            environment=self._environment,
            point=point,
            err=self._folder / "bot.log",
        )

    def _fewest(self, tally: Tally) -> list[str]:
        """Where nobody has died yet, and of the others some where the fewest have: whichever comes first.

        How many is drawn: those of a start come in each life, and else would always be first.
        """
        known = self._chance.sample(self._points, len(self._points))
        met = sorted((one for one in known if tally.points[one]), key=tally.points.__getitem__)
        return [one for one in known if not tally.points[one]] + met[: self._chance.randrange(len(met) // 2 + 1)]

    async def _connected(self) -> None:
        assert self._bot is not None
        gone = asyncio.ensure_future(self._bot.died(15))
        up = asyncio.ensure_future(self._town.slack.until(lambda: self._town.slack.sockets.open, timeout=15))
        try:
            await asyncio.wait({gone, up}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            up.cancel()
            await asyncio.gather(gone, up, return_exceptions=True)
