"""A thousand clicks on Approve in the same moment, over real sockets: one decision, and everybody is answered."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from playground.slack.people import User
from playground.town import Town
from tests.chaos.checker import Checker
from tests.chaos.crowd import OPS
from tests.chaos.lane import REFS
from tests.chaos.ledger import Handed
from tests.mortal.nursery import Nursery

APPROVERS = [f"U0APPR{number:02}" for number in range(20)]
ANSWERED_WITHIN = 120.0  # seconds; how long it really takes is a figure


@dataclass
class Clicked:
    """What came of all rounds. *slowest*: seconds until the last was answered, one a round."""

    rounds: int = 0
    clicks: int = 0
    unacked: int = 0  # Slack has told them that it failed
    slowest: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        """In words."""
        slowest = f", all answered within {max(self.slowest):.1f} s" if self.slowest else ""
        return (
            f"{self.clicks} clicks on {self.rounds} cards{slowest} ({self.unacked} were told by Slack that it failed); "
            f"{len(self.wrong)} violations"
        )


class Clicking:
    """Rounds of clicks on a bot that lives. `run` as often as you like between `open` and `close`."""

    def __init__(self, town: Town, nursery: Nursery, chance: Random, source: Path, folder: Path) -> None:
        self._town = town
        self._nursery = nursery
        self._chance = chance
        self._folder = folder
        self._environment = town.settings(folder / "data") | {
            "AIKEYS_SOURCE": str(source),
            "AIKEYS_APPROVERS": " ".join(APPROVERS),
            "AIKEYS_LOOK_EVERY": "3600",
        }
        self.checker = Checker(town, folder / "data" / "aikeys.sqlite")
        town.slack.limits.off = True  # how fast people may be answered is not the subject
        for user in APPROVERS:
            town.slack.state.users[user] = User(user, user.lower(), user, "Etc/UTC", "000000", "approver")

    async def run(self, rounds: int, clicks: int) -> Clicked:
        """All of them, one round after the other."""
        done = Clicked()
        bot = await self._nursery.bears(
            "tests.mortal.bot", self._folder / "out", environment=self._environment, err=self._folder / "bot.log"
        )
        try:
            slack = self._town.slack
            await slack.until(lambda: len(slack.sockets.open) == 2, timeout=20)
            for number in range(rounds):
                await self._round(done, REFS[number % len(REFS)], clicks)
                if done.wrong:
                    break
                if done.rounds % 10 == 0:
                    print(f"  {done.line()}", flush=True)
        finally:
            await bot.killed()
        return done

    async def _round(self, done: Clicked, ref: str, clicks: int) -> None:
        ts, block_id, before = await self._card(ref), "", len(self._town.project.state.deploys)
        block_id = self._buttons(ts)[0]
        began = time.monotonic()
        who = [self._chance.choice(APPROVERS) for _ in range(clicks)]
        told = await asyncio.gather(
            *(self._town.slack.click(user, OPS, ts, "aikeys:approve", block_id=block_id) for user in who)
        )
        done.rounds, done.clicks = done.rounds + 1, done.clicks + clicks
        done.unacked += (late := sum(not one["acked"] for one in told))
        acked = [one for one in self.checker.ledger.acked if one.action == "aikeys:approve"]
        winners = await self._answered(acked)
        done.slowest.append(time.monotonic() - began)
        if len(winners) > 1 or not (winners or late):  # a machine that is slow may have acknowledged the winner late
            done.wrong.append(f"round {done.rounds}: {len(winners)} of {len(acked)} heard nothing, and one has won")
        await self._settled()
        if (landed := len(self._town.project.state.deploys) - before) != 1:
            done.wrong.append(f"round {done.rounds}: {landed} deploys took effect")
        done.wrong += self.checker.wrong()

    async def _card(self, ref: str) -> str:
        """Ana asks; the ts of the card once it can be approved."""
        slack = self._town.slack
        function = self._chance.choice(["health", "wallet-create", "withdraw-funds"])
        await slack.say(
            "ana", "#ops", f"/aikeys deploy {function} {ref} --again"
        )  # what is live already may come up again
        found: list[str] = []

        def there() -> bool:
            found[:] = [message.ts for message in slack.state.timelines[OPS].values() if self._buttons(message.ts)]
            return bool(found)

        await slack.until(there, timeout=20)
        return found[-1]

    def _buttons(self, ts: str) -> list[str]:
        """The block of the Approve button on a message, if there is one."""
        return [
            block["block_id"]
            for block in self._town.slack.state.timelines[OPS][ts].blocks
            for element in (block["elements"] if block["type"] == "actions" else [])
            if element["action_id"] == "aikeys:approve"
        ]

    async def _answered(self, acked: list[Handed]) -> list[Handed]:
        """Wait until all but one heard something on their own response_url; return those who did not."""
        hooks = self._town.slack.backend.hooks._hooks
        until = time.monotonic() + ANSWERED_WITHIN
        silent = acked
        while len(silent) > 1 and time.monotonic() < until:
            await asyncio.sleep(0.05)
            silent = [one for one in silent if not hooks[one.hook].used]
        await asyncio.sleep(0.1)  # would the winner be told something too?
        return [one for one in silent if not hooks[one.hook].used]

    async def _settled(self) -> None:
        until = time.monotonic() + ANSWERED_WITHIN
        while self.checker.unsettled() and time.monotonic() < until:  # noqa: ASYNC110  # a file is looked at
            await asyncio.sleep(0.1)
