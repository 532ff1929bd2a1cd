"""`python -m tests.chaos.supabase`: deploys of many functions, and rotations, under the worst of Supabase.

Answers that get lost before or after the effect, 5xx on either side of it, 429 in the middle of a minute, a database
that goes on behind a broken gateway. Nothing may be called done that is not there; what became of each function must
stand in the channel. Prints its figures last; exit code 1 on any violation.
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
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.supabase.answers import Rule
from playground.town import Town
from tests.chaos import opening
from tests.chaos.checker import Checker
from tests.chaos.closing import closes, ends, reaches
from tests.chaos.hands import OPS, Hands
from tests.chaos.history import Came
from tests.chaos.lane import REFS, repository
from tests.chaos.secrets import Secrets
from tests.mortal.nursery import Mortal, Nursery

# What the call that has the effect meets; facts: Supabase's statuses, and that a deploy goes on behind a gateway.
TROUBLES: dict[str, dict[str, Any]] = {
    "answer lost after the effect": {"drop": True, "after": True},
    "lost before it": {"drop": True},
    "5xx before it": {"status": 503, "body": {"message": "Service Unavailable"}},
    "504 after it": {"status": 504, "body": {"message": "upstream timed out"}, "after": True},
    "it goes on behind a 502": {"status": 502, "body": {"message": "Bad gateway"}, "meanwhile": True},
    "429": {
        "status": 429,
        "body": {"message": "ThrottlerException: Too Many Requests"},
        "headers": {"x-ratelimit-limit": "120", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"},
    },
    "answer lost, and nobody to ask": {"drop": True, "after": True},
    "none": {},
}
NOBODY = "answer lost, and nobody to ask"  # the whole Management API is away from then on, until somebody looks
OVER = ("done", "failed", "cancelled", "needs-human")
WITHIN = 60.0  # seconds of a hurried bot for one of them
ASKED = 3  # times that a human asks again before giving up
BUNDLING = 0.05  # seconds


@dataclass
class Figures:
    """What came of it: *ends* by state, *functions* that were deployed, said so or not."""

    rounds: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    landed: int = 0
    partial: int = 0
    rotations: int = 0
    human: int = 0
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        """In words."""
        ends = ", ".join(f"{count} {end}" for end, count in sorted(self.ends.items()))
        troubles = self.troubles.total() - self.troubles["none"]
        return (
            f"{self.rounds} changes, {troubles} with trouble at the call that counts ({ends}; {self.human} "
            f"needed a human meanwhile): {self.landed} functions live, {self.partial} deploys broke off in the middle "
            f"and say of each function what it is, {self.rotations} rotations set once; {len(self.wrong)} violations"
        )


class Supabase:
    """One bot, whose waits are short, and a Supabase that has its days."""

    def __init__(self, town: Town, nursery: Nursery, chance: random.Random, source: Path, folder: Path) -> None:
        self._town, self._nursery, self._chance, self._folder = town, nursery, chance, folder
        self._hands = Hands(town.slack, chance)
        self._functions = sorted(town.project.state.functions)
        self.checker = Checker(town, folder / "data" / "aikeys.sqlite")
        self.secrets = self.checker.secrets = Secrets(town, self._hands, folder / "data")
        self._environment = town.settings(folder / "data") | {
            "AIKEYS_SOURCE": str(source),
            "AIKEYS_LOOK_EVERY": "3600",
        }
        self._bot: Mortal | None = None
        town.slack.limits.off = True  # Supabase's own stay on: 120 calls a minute of one kind
        town.project.state.bundling = BUNDLING

    async def opens(self) -> None:
        """Start the bot."""
        self._bot = await self._nursery.bears(
            "tests.mortal.bot",
            self._folder / "out",
            "hurried",
            environment=self._environment,
            err=self._folder / "bot.log",
        )
        await self._town.slack.until(lambda: len(self._town.slack.sockets.open) == 2, timeout=30)

    async def ends(self) -> None:
        """Leave nothing behind."""
        if self._bot is not None:
            await self._bot.killed()

    async def round(self, figures: Figures, kind: str = "", trouble: str = "") -> None:
        """One change, with one trouble: those that are named, or any."""
        kind = kind or self._chance.choice(["all", "all", "one", "rotate"])
        trouble = trouble or self._chance.choice(list(TROUBLES))
        self._town.project.limits.clear()  # a minute of calls a round
        before, effects = self.checker.newest(), len(self._town.project.state.deploys)
        await self._asks(kind)
        async with self._suffers(kind, trouble):
            await self._town.slack.until(lambda: self._hands.buttons("aikeys:approve"), timeout=WITHIN)
            button = self._hands.buttons("aikeys:approve")[0]
            await asyncio.gather(*(self._hands.click(who, button) for who in ("ben", "cy")), return_exceptions=True)
            if kind == "rotate":
                await self._town.slack.until(lambda: self._hands.buttons("aikeys:enter"), timeout=WITHIN)
                await self.secrets.enter()
            came = await self._over(before)
        for _ in range(ASKED):
            if came.state != "needs-human":
                break
            figures.human += 1
            came = await self._settled(came, "ask-again")
        if came.state == "needs-human":
            came = await self._settled(came, "give-up")
        figures.rounds += 1
        figures.ends[came.state] += 1
        figures.troubles[trouble] += 1
        figures.rotations += kind == "rotate" and came.state == "done"
        await self._quiet(figures)
        landed = Counter(one.slug for one in self._town.project.state.deploys[effects:])
        figures.landed += landed.total()
        figures.partial += came.state == "failed" and 0 < len(landed) < len(came.functions)
        figures.wrong += [f"{trouble}: {one}" for one in self._told(came, landed)]
        figures.wrong += self.checker.wrong()

    async def _asks(self, kind: str) -> None:
        if kind == "rotate":
            await self.secrets.ask()
            return
        what = "all" if kind == "all" else self._chance.choice(self._functions)
        again = "" if kind == "all" else " --again"
        for ref in self._chance.sample(REFS, len(REFS)):  # what is live as it is there is refused: then another
            before = self._refused()
            await self._town.slack.say("ana", "#ops", f"/aikeys deploy {what} {ref}{again}")
            ready = lambda: self._hands.buttons("aikeys:approve") or self._refused() > before  # noqa: B023, E731  # awaited here
            await self._town.slack.until(ready, timeout=WITHIN)
            if self._hands.buttons("aikeys:approve"):
                return

    def _refused(self) -> int:
        said = self._town.slack.messages("#ops", "ana")
        return sum("There is nothing to deploy" in one.get("text", "") for one in said)

    @asynccontextmanager
    async def _suffers(self, kind: str, trouble: str) -> AsyncIterator[None]:
        """One function of the many has it; one that is deployed alone, or the secrets, surely."""
        path = "/secrets"
        if kind != "rotate":
            path = r"/functions/deploy\?.*slug=" + (self._chance.choice(self._functions) if kind == "all" else "")
        if not TROUBLES[trouble]:
            yield
            return
        async with self._town.project.answers("POST", path, **TROUBLES[trouble]) as rule:
            going = asyncio.create_task(self._goes(rule) if trouble == NOBODY else asyncio.sleep(0))
            try:
                yield
            finally:
                going.cancel()
                await self._town.slack.faults.set("management_down", False)

    async def _goes(self, rule: Rule) -> None:
        while not rule.hits:  # noqa: ASYNC110  # the rule tells nobody
            await asyncio.sleep(0.005)
        await self._town.slack.faults.set("management_down", True)

    async def _over(self, before: Came | None) -> Came:
        async with asyncio.timeout(WITHIN):
            while True:
                found = self.checker.newest()
                if found is not None and found.state in OVER and found != before:
                    return found
                await asyncio.sleep(0.05)

    async def _settled(self, came: Came, says: str) -> Came:
        """A person looks at the card and presses it."""
        await self._quiet(Figures())
        for button in self._hands.buttons(f"aikeys:settle:{says}"):
            if button["value"] == came.subject:
                await self._hands.click("ana", button)
                break
        async with asyncio.timeout(WITHIN):
            while True:  # the same state may come back: then by a later event
                found = self.checker.newest()
                if found is not None and found.state in OVER and found != came:
                    return found
                await asyncio.sleep(0.05)

    async def _quiet(self, figures: Figures) -> None:
        until = time.monotonic() + WITHIN
        while left := self.checker.unsettled():
            if time.monotonic() > until:
                figures.wrong.append(f"not settled within {WITHIN:.0f} s: {left}")
                return
            await asyncio.sleep(0.05)

    def _told(self, came: Came, landed: Counter[str]) -> list[str]:
        """What the channel reads of each function against what is there."""
        text = self._progress(came.subject)
        wrong = []
        for slug in came.functions:
            live, untouched = f"`{slug}` is live" in text, f"`{slug}` was not touched" in text
            if live and not landed[slug]:
                wrong.append(f"{came.subject} says that {slug} is live, and it never took effect")
            if untouched and landed[slug]:
                wrong.append(f"{came.subject} says that {slug} was not touched, and it is live")
            if came.state == "done" and not live:
                wrong.append(f"{came.subject} says done, and of {slug} nothing")
            if came.state == "failed" and not (live or untouched or slug in text):
                wrong.append(f"{came.subject} failed and does not say what became of {slug}: {text[:500]}")
        if came.state == "done" and any(not landed[slug] for slug in came.functions):
            wrong.append(f"{came.subject} says done: {came.functions}; {dict(landed)} took effect")
        return wrong

    def _progress(self, subject: str) -> str:
        for message in reversed(self._town.slack.state.timelines[OPS].values()):
            if message.metadata and message.metadata["event_payload"].get("key") == f"{subject}/progress":
                return f"{message.text}\n{json.dumps(message.blocks, ensure_ascii=False)}"
        return ""


async def suffer(rounds: int, seed: int, folder: Path, until: float) -> Figures:
    """So many rounds, or until then (time.monotonic)."""
    figures = reaches("supabase", Figures())
    async with AsyncExitStack() as stack:
        nursery = await opening.nursery(stack)
        source = (await asyncio.to_thread(repository, folder / "wallet")).path
        town = await opening.town(stack)
        one = Supabase(town, nursery, random.Random(seed), source, folder)
        stack.push_async_callback(one.ends)
        await one.opens()
        while figures.rounds < rounds and not figures.wrong and time.monotonic() < until:
            await one.round(figures)
            if figures.rounds % 20 == 0:
                print(f"  {figures.line()}", flush=True)
    return figures


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.supabase", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="changes (200)")
    parser.add_argument("--minutes", type=float, default=25, help="at most, whatever was reached (25)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of all that is random")
    wanted = parser.parse_args()
    print(f"supabase: seed {wanted.seed}", flush=True)
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aikeys-supabase-") as folder:
        figures = asyncio.run(suffer(wanted.rounds, wanted.seed, Path(folder), began + wanted.minutes * 60))
    line = f"supabase: {figures.line()}; {(time.monotonic() - began) / 60:.1f} min, seed {wanted.seed}"
    return closes(figures.wrong, line, short=figures.rounds < wanted.rounds)


if __name__ == "__main__":
    sys.exit(ends(main))
