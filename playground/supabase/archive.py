"""Restore points and points in time, for real: each a database of its own, copied by pg_dump while the wallet goes on.

Going back cuts every connection, drops the wallet's database and makes it anew from the copy; meanwhile the project
says RESTORING and its database takes no connections (Supabase docs: the project is offline while it is restored).
A point in time goes back to the newest copy at or before it: one a minute is kept while point-in-time recovery is on.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import Clock
from playground.supabase.postgres import DatabaseFailed, Postgres
from playground.supabase.state import State

MOST = 6  # copies of each kind: they lie in memory
EVERY = 60.0  # seconds between copies of point-in-time recovery


@dataclass(frozen=True, slots=True)
class Moment:
    """The wallet's database as it was *at*, in *database*."""

    at: datetime
    database: str


@dataclass
class Archive:
    """*takes*: seconds that going back takes at least; *fails*: it ends in RESTORE_FAILED. Both are switches."""

    state: State
    postgres: Postgres
    clock: Clock
    takes: float = 3.0
    fails: bool = False
    pitr: bool = False
    points: dict[str, Moment] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)
    went_back: list[str] = field(default_factory=list)  # to which copy, each time: for a checker
    made: list[str] = field(default_factory=list)  # restore points by name, each time: for a checker
    _copied: int = 0
    _keeping: asyncio.Task[None] | None = None
    _going: asyncio.Task[None] | None = None

    @property
    def restoring(self) -> bool:
        """True while the project goes back."""
        return self.state.status == "RESTORING"

    async def keep(self, name: str) -> Moment:
        """A restore point of now."""
        point = self.points[name] = await self._copy()
        self.made.append(name)
        while len(self.points) > MOST:
            await self._drop(self.points.pop(next(iter(self.points))))
        return point

    async def keep_moments(self, on: bool) -> None:
        """Switch point-in-time recovery on, which begins now, or off."""
        self.pitr = on
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None
        if on:
            with suppress(DatabaseFailed):  # away just now: the next minute's copy is the first
                await self.tick()
            self._keeping = asyncio.create_task(self._keep())
        else:
            while self.moments:
                await self._drop(self.moments.pop())

    async def tick(self) -> Moment:
        """The next copy of point-in-time recovery, now."""
        self.moments.append(await self._copy())
        while len(self.moments) > MOST:
            await self._drop(self.moments.pop(0))
        return self.moments[-1]

    def at(self, target: float) -> Moment | None:
        """What *target* (seconds since 1970) goes back to; None where it is out of the window."""
        found = [one for one in self.moments if int(one.at.timestamp()) <= target]
        return found[-1] if found and target <= self.clock.now().timestamp() else None

    async def go_back(self, to: Moment) -> None:
        """Begin; the project is RESTORING and its database away from now on."""
        self.state.status = "RESTORING"
        self.went_back.append(to.database)
        self.state.logs.database_away(True)
        await self.postgres.accept(False)
        self._going = asyncio.create_task(self._go(to))

    async def settled(self) -> None:
        """Return when nothing goes back any more."""
        if self._going is not None:
            await asyncio.gather(self._going, return_exceptions=True)

    async def forget(self) -> None:
        """No copies, nothing under way, everything as on the first day."""
        if self._going is not None:
            self._going.cancel()
            await self.settled()
        if self.state.status in ("RESTORING", "RESTORE_FAILED"):  # perhaps in the middle: there may be no database
            await self.postgres.replace("seed", accept=True)
        await self.keep_moments(False)
        while self.points:
            await self._drop(self.points.popitem()[1])
        self._going, self.takes, self.fails = None, 3.0, False
        self.went_back.clear()
        self.made.clear()

    async def stop(self) -> None:
        """End what runs."""
        for task in (self._keeping, self._going):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            await self.clock.sleep(EVERY)
            if not self.restoring:
                with suppress(DatabaseFailed):
                    await self.tick()

    async def _go(self, to: Moment) -> None:
        if not self.fails:
            await self.postgres.replace(to.database)
        await self.clock.sleep(self.takes)
        if self.fails:
            self.state.status = "RESTORE_FAILED"
            return
        await self.postgres.accept(True)
        self.state.logs.database_away(False)
        self.state.status = "ACTIVE_HEALTHY"

    async def _copy(self) -> Moment:
        self._copied += 1
        name, at = f"copy_{self._copied}", self.clock.now()
        await self.postgres.duplicate(name)
        return Moment(at, name)

    async def _drop(self, one: Moment) -> None:
        if all(one.database != other.database for other in (*self.points.values(), *self.moments)):
            await self.postgres.drop(one.database)


def point_as_json(name: str, point: Moment) -> dict[str, Any]:
    """As the API shows it (Supabase's OpenAPI document)."""
    return {"name": name, "status": "AVAILABLE", "completed_on": point.at.isoformat(timespec="milliseconds")}
