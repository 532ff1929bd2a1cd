"""People in a hurry: they ask, approve, deny, withdraw, cancel and look on, several at once, while the bot dies."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from random import Random
from typing import Any

from playground.slack.errors import ControlError, SlackError
from playground.town import Town
from tests.chaos.hands import FAR, Hands, NotThere

APPROVERS = ("ben", "cy")
PATIENT = 8  # so many may wait for an answer before somebody asks again

Act = Callable[[], Coroutine[Any, Any, None]]


class Crowd:
    """Acts while `going` is set. *refs*: what may be deployed; *unsettled*: what the history has in the middle.

    *acts*: what they do, as often as it stands there; *pressing*: what holds up
    the rest, of which they do the first that is there, with the chance `eager`. Others may add to both before `open`.
    """

    def __init__(self, town: Town, chance: Random, refs: list[str], unsettled: Callable[[], Mapping[str, int]]) -> None:
        self._town = town
        self._slack = town.slack
        self._chance = chance
        self._functions = sorted(town.project.state.functions)
        self._refs = refs
        self._unsettled = unsettled
        self._looked = (0.0, False)
        self._tasks: list[asyncio.Task[None]] = []
        self._busy = 0
        self.hands = Hands(town.slack, chance)
        self.going = asyncio.Event()
        self.eager = 0.4
        self.acts: list[Act] = [self._deploy] * 6 + [self._approve] * 4 + [self._look, self._mention, self._roll_back]
        self.acts += [self._deny, self._withdraw, self._cancel, self._way_back]
        self.pressing: list[Act] = [self._settle, self._approve]

    def open(self, people: int = 3) -> None:
        """Let *people* act at the same time."""
        self._tasks = [asyncio.create_task(self._person()) for _ in range(people)]

    async def close(self) -> None:
        """Send them home."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def rests(self) -> None:
        """Let nobody begin anything; return when what was begun is through."""
        self.going.clear()
        await self._slack.until(lambda: not self._busy, timeout=30)

    async def _person(self) -> None:
        chance = self._chance
        while True:
            await self.going.wait()
            if not self._slack.sockets.open or self._swamped():
                await asyncio.sleep(0.03)
                continue
            self._busy += 1
            try:
                with suppress(ControlError, SlackError, NotThere):  # the card has changed under their finger
                    await (self._attend if chance.random() < self.eager else chance.choice(self.acts))()
            finally:
                self._busy -= 1
                self._slack.backend.feed.stir()
            await asyncio.sleep(chance.uniform(0, 0.06))

    async def _attend(self) -> None:
        for act in self.pressing:
            with suppress(NotThere):
                return await act()
        raise NotThere

    def _swamped(self) -> bool:
        """People wait a little for their answers; on a slow machine nothing else would be settled in time."""
        now = self._town.clock.monotonic()
        if now - self._looked[0] > 0.25:
            self._looked = (now, self._unsettled().get("deliveries open", 0) > PATIENT)
        return self._looked[1]

    async def _deploy(self) -> None:
        """Where three wait already, they are approved first."""
        if len(self.hands.buttons("aikeys:approve")) >= 3:
            return await self._approve()
        line = f"/aikeys deploy {self._a_function()} {self._chance.choice(self._refs)}"
        await self._slack.say("ana", "#ops", line)
        return None

    async def _roll_back(self) -> None:
        await self._slack.say("ana", "#ops", f"/aikeys rollback {self._a_function()}")

    async def _look(self) -> None:
        line = self._chance.choice(["operations", "approvals", "deploys", "health database", "nonsense"])
        await self._slack.say(self._chance.choice(["ana", "ben", "zoe"]), "#ops", f"/aikeys {line}")

    async def _mention(self) -> None:
        await self._slack.say("ana", "#ops", f"@aikeys {self._chance.choice(['operations', 'approvals', 'deploys'])}")

    async def _approve(self) -> None:
        button = self.hands.button("aikeys:approve")
        who = self._chance.choices(["ben", "cy", "both", "zoe", "ana"], [5, 5, 4, 1, 1])[0]
        for_each = APPROVERS if who == "both" else (who,)
        await asyncio.gather(*(self.hands.click(one, button) for one in for_each), return_exceptions=True)

    async def _withdraw(self) -> None:
        await self._click(self._chance.choice(["ana", "ana", "ben"]), "aikeys:withdraw")

    async def _cancel(self) -> None:
        await self._click("ana", "aikeys:cancel")

    async def _way_back(self) -> None:
        await self._click("ana", "aikeys:way-back")

    async def _settle(self) -> None:
        """Of what needs a human: mostly ask again, sometimes give up. What is there, these people do not know."""
        says = self._chance.choices(["ask-again", "give-up"], [7, 1])[0]
        # However far up: while it stands there unsettled, no other operation begins.
        await self.hands.click("ana", self.hands.button(f"aikeys:settle:{says}", behind=FAR))

    async def _deny(self) -> None:
        reason: dict[str, Any] = {"reason": {"reason": "not today"}}
        await self.hands.fills(self._chance.choice(APPROVERS), self.hands.button("aikeys:deny"), reason)

    async def _click(self, who: str, action: str) -> None:
        await self.hands.click(who, self.hands.button(action))

    def _a_function(self) -> str:
        return self._chance.choice(self._functions)
