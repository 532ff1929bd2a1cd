"""`python -m tests.chaos.clicks`: a thousand clicks on one card in the same moment, over real sockets.

Fifty people approve, deny, and are repeated word for word: one decision, at most one deploy, and everybody is answered.
Prints its figures last; exit code 1 on any violation, or where it was not done in time. Ends all that it started.
"""

import argparse
import asyncio
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from playground.slack.errors import ControlError
from playground.slack.people import User
from playground.slack.sockets import NoAckError, NotConnectedError
from playground.town import Town
from tests.chaos import opening
from tests.chaos.checker import Checker
from tests.chaos.closing import closes, ends, reaches
from tests.chaos.hands import OPS, Hands, NotThere
from tests.chaos.lane import REFS, repository
from tests.chaos.ledger import Handed
from tests.mortal.nursery import Nursery

APPROVERS = [f"U0APPR{number:02}" for number in range(50)]
DENIERS = 10  # of them, each with a modal in front of them
AGAIN = 0.1  # of all clicks come once more, as the same bytes
ANSWERED_WITHIN = 120.0  # seconds; how long it really takes is a figure
REASON: dict[str, dict[str, Any]] = {"reason": {"reason": "not today"}}


@dataclass
class Clicked:
    """What came of all rounds. *slowest*: seconds until the last was answered, one a round."""

    rounds: int = 0
    clicks: int = 0
    again: int = 0  # of them the same bytes once more
    decided: Counter[str] = field(default_factory=Counter)
    unacked: int = 0  # Slack has told them that it failed
    unasked: int = 0  # the same, of the command before them
    slowest: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        """In words."""
        slowest = f", all answered within {max(self.slowest):.1f} s" if self.slowest else ""
        decided = ", ".join(f"{count} {how}" for how, count in sorted(self.decided.items())) or "none decided"
        return (
            f"{self.clicks} clicks of {len(APPROVERS)} people ({self.again} the same again) on {self.rounds} cards: "
            f"{decided}{slowest} ({self.unacked} were told by Slack that it failed, and {self.unasked} "
            f"of those who asked for a card); {len(self.wrong)} violations"
        )


class Clicking:
    """Rounds of clicks on a bot that lives."""

    def __init__(self, town: Town, nursery: Nursery, chance: Random, source: Path, folder: Path) -> None:
        self._town = town
        self._nursery = nursery
        self._chance = chance
        self._folder = folder
        self._hands = Hands(town.slack, chance)
        self._environment = town.settings(folder / "data") | {
            "AIKEYS_SOURCE": str(source),
            "AIKEYS_APPROVERS": " ".join(APPROVERS),
            "AIKEYS_LOOK_EVERY": "3600",
        }
        self.checker = Checker(town, folder / "data" / "aikeys.sqlite")
        town.slack.limits.off = True  # how fast people may be answered is not the subject
        self._sent: list[dict[str, Any]] = []
        town.slack.journal.listeners.add(self._note)
        for user in APPROVERS:
            town.slack.state.users[user] = User(user, user.lower(), user, "Etc/UTC", "000000", "approver")

    def _note(self, entry: dict[str, Any]) -> None:
        if entry["kind"] == "socket" and entry["way"] == "out" and entry["name"] == "interactive":
            self._sent.append(json.loads(entry["raw"])["payload"])

    async def run(self, rounds: int, clicks: int, until: float = float("inf")) -> Clicked:
        """All of them, one round after the other, *until* then (time.monotonic)."""
        done = reaches("clicks", Clicked())
        bot = await self._nursery.bears(
            "tests.mortal.bot", self._folder / "out", environment=self._environment, err=self._folder / "bot.log"
        )
        try:
            slack = self._town.slack
            await slack.until(lambda: len(slack.sockets.open) == 2, timeout=20)
            for number in range(rounds):
                if done.wrong or time.monotonic() > until:
                    break
                await self._round(done, REFS[number % len(REFS)], clicks)
                if done.rounds % 10 == 0:
                    print(f"  {done.line()}", flush=True)
        finally:
            await bot.killed()
        return done

    async def _round(self, done: Clicked, ref: str, clicks: int) -> None:
        card, before = await self._card(done, ref), len(self._town.project.state.deploys)
        self._sent.clear()
        began = time.monotonic()
        deniers = self._chance.sample(APPROVERS, self._chance.choice((0, DENIERS, DENIERS)))  # else they mostly win
        refused: list[dict[str, Any]] = [{}] * len(deniers)
        if self._chance.random() < 0.5:  # their modals are open already: a real race
            refused = await asyncio.gather(*(self._modal(one, card) for one in deniers))
        again = round(clicks * AGAIN)
        acts = [self._deny(one, card, modal) for one, modal in zip(deniers, refused, strict=True)]
        acts += [self._clicks(self._chance.choice(APPROVERS), card) for _ in range(clicks - again - len(deniers))]
        if self._chance.random() < 0.5:
            self._chance.shuffle(acts)
        told = await asyncio.gather(*acts, *(self._again() for _ in range(again)))
        done.rounds, done.clicks, done.again = done.rounds + 1, done.clicks + clicks, done.again + again
        done.unacked += (late := sum(not one for one in told))
        winners = await self._answered()
        done.slowest.append(time.monotonic() - began)
        decisions = self.checker.decisions(card["value"])
        if late == clicks and not decisions:  # a machine so slow that Slack has told all of them that it failed
            await self._clicks(APPROVERS[0], card)
            await self._town.slack.until(lambda: self.checker.decisions(card["value"]), timeout=20)
            decisions = self.checker.decisions(card["value"])
        done.decided.update(decisions)
        mine = int(decisions == ["granted"])
        if len(decisions) != 1 or len(winners) > mine or not (len(winners) == mine or late):
            done.wrong.append(
                f"round {done.rounds}: {decisions or 'nothing'} was decided; {len(winners)} heard nothing"
            )
        await self._settled()
        if (landed := len(self._town.project.state.deploys) - before) != mine:
            done.wrong.append(f"round {done.rounds}: {landed} deploys took effect, and it was {decisions}")
        done.wrong += await asyncio.to_thread(self.checker.wrong)  # seconds: Slack must go on answering

    async def _card(self, done: Clicked, ref: str) -> dict[str, Any]:
        """Ana asks; the button of the card once it can be approved."""
        function = self._chance.choice(["health", "wallet-create", "withdraw-funds"])
        # What is live already may come up again.
        asks = f"/aikeys deploy {function} {ref} --again"
        while (await self._town.slack.say("ana", "#ops", asks)).get("acked") is False:  # as Slack has told her
            done.unasked += 1
            await self._settled()
            if self._hands.buttons("aikeys:approve"):  # it was heard all the same
                break
        await self._town.slack.until(lambda: self._hands.buttons("aikeys:approve"), timeout=20)
        return self._hands.buttons("aikeys:approve")[0]

    async def _clicks(self, who: str, card: dict[str, Any], action: str = "aikeys:approve") -> bool:
        told = await self._town.slack.click(who, OPS, card["ts"], action, block_id=card["block_id"])
        return bool(told["acked"])

    async def _modal(self, who: str, card: dict[str, Any]) -> dict[str, Any]:
        with suppress(NotThere, ControlError):
            return await self._hands.modal(who, {**card, "action_id": "aikeys:deny"}, timeout=20)
        return {}

    async def _deny(self, who: str, card: dict[str, Any], modal: dict[str, Any]) -> bool:
        """By the *modal* that is open, or from the button on. The modal says by itself what is wrong."""
        try:
            if not modal and not await self._clicks(who, card, "aikeys:deny"):
                return False
            if not modal:  # it opens while the others click, or comes too late
                with suppress(TimeoutError):
                    modal = (await self._town.slack.until(lambda: self._town.slack.views(who)["modals"], timeout=3))[-1]
            if modal:
                await self._town.slack.submit(who, modal["id"], REASON)
        except ControlError:
            return False
        finally:
            await self._hands.leaves(who)
        return True

    async def _again(self) -> bool:
        """What somebody has sent comes once more, byte for byte."""
        await asyncio.sleep(0)  # the others click first
        payload = self._chance.choice([one for one in self._sent if one["type"] == "block_actions"])
        try:
            await self._town.slack.sockets.deliver("interactive", payload, accepts=False)
        except (NoAckError, NotConnectedError):
            return False
        return True

    async def _answered(self) -> set[str]:
        """Wait until all but one heard something; return the keys of those who did not."""
        acked = [one for one in self.checker.ledger.acked if one.kind == "click"]
        until = time.monotonic() + ANSWERED_WITHIN
        silent = acked
        while len({one.key for one in silent}) > 1 and time.monotonic() < until:
            await asyncio.sleep(0.05)
            silent = [one for one in silent if not self._heard(one)]
        await asyncio.sleep(0.1)  # would the winner be told something too?
        return {one.key for one in silent if not self._heard(one)}

    def _heard(self, one: Handed) -> bool:
        backend = self._town.slack.backend
        trigger = backend.triggers._issued.get(one.trigger)
        opened = one.action == "aikeys:deny" and trigger is not None and trigger.used
        return bool(backend.hooks._hooks[one.hook].used or opened)

    async def _settled(self) -> None:
        until = time.monotonic() + ANSWERED_WITHIN
        while self.checker.unsettled() and time.monotonic() < until:  # noqa: ASYNC110  # a file is looked at
            await asyncio.sleep(0.1)


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.clicks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="cards (200)")
    parser.add_argument("--clicks", type=int, default=1000, help="on each at once (1000)")
    parser.add_argument("--minutes", type=float, default=60, help="at most, whatever was reached (60)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of all that is random")
    wanted = parser.parse_args()
    print(f"clicks: seed {wanted.seed}", flush=True)
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aikeys-clicks-") as folder:
        done = asyncio.run(_clicks(wanted, Path(folder), began + wanted.minutes * 60))
    line = f"clicks: {done.line()}; {(time.monotonic() - began) / 60:.1f} min, seed {wanted.seed}"
    return closes(done.wrong, line, short=done.rounds < wanted.rounds)


async def _clicks(wanted: argparse.Namespace, folder: Path, until: float) -> Clicked:
    async with AsyncExitStack() as stack:
        nursery = await opening.nursery(stack)
        source = (await asyncio.to_thread(repository, folder / "wallet")).path
        town = await opening.town(stack)
        (folder / "bot").mkdir()
        clicking = Clicking(town, nursery, random.Random(f"{wanted.seed}/clicks"), source, folder / "bot")
        return await clicking.run(wanted.rounds, wanted.clicks, until)


if __name__ == "__main__":
    sys.exit(ends(main))
