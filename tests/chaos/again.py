"""`python -m tests.chaos.again`: all that Slack hands over comes one to four times, in any order, for five minutes.

Commands, clicks, submissions and events, while people deploy, approve, deny and open incidents, also across restarts.
Each copy must be acknowledged, and nothing may come of it: what the world counts is what distinct things asked for. A
bot that hears an event again suspects its sockets and opens others: what goes down an old one while it is closed is
never acknowledged, and comes again until it is. The bot's clock and the playground's are made up; the sockets, the bot
and its file are real. Prints its figures last; exit code 1 on any violation.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from bot.settings import read
from bot.telemetry import logs
from playground.town import Town
from tests.chaos import opening
from tests.chaos.checker import Checker
from tests.chaos.closing import closes, ends, reaches
from tests.chaos.hands import OPS, Hands
from tests.chaos.lane import REFS, repository
from tests.chaos.repeats import LONGEST, Figures, Repeats
from tests.clocks import Moved
from tests.running import KEY, running

A_LIFE = 10  # rounds of one bot
WITHIN = 30.0
FUNCTIONS = ("health", "wallet-create", "withdraw-funds")


class Again:
    """One town; bots come and go in it."""

    def __init__(self, town: Town, chance: random.Random, source: Path, folder: Path, figures: Figures) -> None:
        self._town, self._chance, self._folder, self._figures = town, chance, folder, figures
        assert isinstance(town.clock, Moved)
        self._clock = town.clock
        self._hands = Hands(town.slack, chance)
        self._settings = read(
            town.settings(folder / "data") | {"AIKEYS_SOURCE": str(source), "AIKEYS_LOOK_EVERY": "3600"}
        )
        self.checker = Checker(town, folder / "data" / "aikeys.sqlite", KEY)
        self._repeats = Repeats(town, chance, figures)
        self._number = 0
        self._unsure: set[int] = set()  # rounds in which Slack said that something failed
        town.slack.limits.off = town.project.limits.off = True

    async def lives(self, rounds: int) -> None:
        """So many rounds of one bot, then the judgement."""
        async with running(self._settings, self._clock):
            for _ in range(rounds):
                try:
                    await self._round()
                except TimeoutError as error:
                    self._figures.wrong.append(f"round {self._number}: {str(error)[:2000]}")
                self._figures.rounds += 1
                if self._figures.wrong:
                    return
            await self._last()
        self._figures.restarts += 1

    async def _round(self) -> None:
        """Something is asked for at once, then decided; time passes in between, and copies come."""
        self._number += 1
        say = self._town.slack.say
        lines = [
            ("ana", f"/aikeys deploy {self._chance.choice(FUNCTIONS)} {self._chance.choice(REFS)} --again"),
            ("ben", f'/aikeys incident open "again number {self._number}" P1'),
            ("zoe", "/aikeys operations"),
            ("ana", "@aikeys approvals"),
        ]
        self._chance.shuffle(lines)
        told = await asyncio.gather(*(say(who, "#ops", line) for who, line in lines))
        for (who, line), one in zip(lines, told, strict=True):
            if one.get("acked") is False:  # Slack has told them so, on a machine that is slow: no more may come of it
                self._unsure.add(self._number)
                await say(who, "#ops", line.replace("again number", "once more"))
        await self._town.slack.until(lambda: self._hands.buttons("aikeys:approve"), timeout=WITHIN)
        await self._passes(20)
        button = self._hands.buttons("aikeys:approve")[0]
        if self._chance.random() < 0.7:
            await asyncio.gather(*(self._hands.click(who, button) for who in ("ben", "cy")))
        else:
            deny = next(one for one in self._hands.buttons("aikeys:deny") if one["ts"] == button["ts"])
            await self._hands.fills("cy", deny, {"reason": {"reason": "not today"}})
        await self._passes(40)
        await self._settled()
        await say("ben", "#ops", f'/aikeys incident resolve --anyway {self._newest()} "it is over"')
        await self._settled()

    def _newest(self) -> str:
        cards = [one.split("/")[1] for one in self._hands.letters(OPS) if one.endswith("/card") and "incident" in one]
        return cards[0] if cards else "1"

    async def _passes(self, seconds: float) -> None:
        for _ in range(3):
            await self._clock.passes(seconds=self._chance.uniform(0, seconds / 3))
            self._repeats.due()
            await asyncio.sleep(0)

    async def _last(self) -> None:
        """Five minutes later: all that is left, and all of this life once more, must change nothing at all."""
        await self._clock.passes(seconds=LONGEST)
        await self._settled()
        self._repeats.unheard()  # before the world is looked at, all of it has been heard
        await self._delivered()
        before = self._world()
        self._repeats.all_once_more()
        await self._delivered()
        after = self._world()
        for name in before:
            if before[name] != after[name]:
                more = (after[name] - before[name]).most_common(3)
                self._figures.wrong.append(f"copies changed {name}: {more}")
        self._figures.wrong += self.checker.wrong()
        self._figures.wrong += self._twice()
        self._figures.deploys = len(self._town.project.state.deploys)

    async def _delivered(self) -> None:
        while self._repeats.delivering:
            await asyncio.gather(*self._repeats.delivering)
        await self._settled()

    def _world(self) -> dict[str, Counter[str]]:
        """What people asked for and were told. What the bot says by itself goes on meanwhile: its watch, its clocks."""
        slack = self._town.slack
        said = [message for timeline in slack.state.timelines.values() for message in timeline.values()]
        return {
            "deploys": Counter(f"{one.slug} {one.version}" for one in self._town.project.state.deploys),
            "what is told privately": Counter(f"{one.ephemeral_to}: {one.text}" for one in said if one.ephemeral_to),
            "answers": Counter(
                one.text for one in said if one.metadata and one.metadata["event_type"] == "aikeys_answer"
            ),
            "uses of a response_url": Counter({ident: one.used for ident, one in slack.backend.hooks._hooks.items()}),
            "modals": Counter(user for user, stack in slack.backend.views.stacks.items() for _ in stack),
            "what people did": Counter(self.checker.acts()),
        }

    def _twice(self) -> list[str]:
        """Each was opened once, and each question has one answer."""
        opened = Counter(self.checker.titles("again number %"))
        self._figures.incidents = len(opened)
        wrong = [f"{title} was opened {count} times" for title, count in opened.items() if count > 1]
        wrong += [f"again number {n} was not opened" for n in range(1, self._number + 1)
                  if f"again number {n}" not in opened and n not in self._unsure]  # fmt: skip
        answers = Counter(
            message.metadata["event_payload"]["delivery"]
            for timeline in self._town.slack.state.timelines.values()
            for message in timeline.values()
            if message.metadata and message.metadata["event_type"] == "aikeys_answer"
        )
        return wrong + [f"delivery {one} has {count} answers" for one, count in answers.items() if count > 1]

    async def _settled(self) -> None:
        until = time.monotonic() + WITHIN
        while left := self.checker.unsettled() | ({"copies": n} if (n := len(self._repeats.delivering)) else {}):
            if time.monotonic() > until:
                self._figures.wrong.append(f"not settled within {WITHIN:.0f} s: {left}")
                return
            await asyncio.sleep(0.05)


async def again(rounds: int, seed: int, folder: Path, until: float) -> Figures:
    """So many rounds, or until then (time.monotonic)."""
    figures = reaches("again", Figures())
    async with AsyncExitStack() as stack:
        source = (await asyncio.to_thread(repository, folder / "wallet")).path
        town = await opening.town(stack, Moved())
        one = Again(town, random.Random(seed), source, folder, figures)
        while figures.rounds < rounds and not figures.wrong and time.monotonic() < until:
            await one.lives(min(A_LIFE, rounds - figures.rounds))
    return figures


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.again", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="how many (200)")
    parser.add_argument("--minutes", type=float, default=20, help="at most, whatever was reached (20)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of all that is random")
    wanted = parser.parse_args()
    print(f"again: seed {wanted.seed}", flush=True)
    logs.configure("critical")
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aikeys-again-") as folder:
        figures = asyncio.run(again(wanted.rounds, wanted.seed, Path(folder), began + wanted.minutes * 60))
    line = f"again: {figures.line()}; {(time.monotonic() - began) / 60:.1f} min, seed {wanted.seed}"
    return closes(figures.wrong, line, short=figures.rounds < wanted.rounds)


if __name__ == "__main__":
    sys.exit(ends(main))
