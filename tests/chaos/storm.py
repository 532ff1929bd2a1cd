"""`python -m tests.chaos.storm`: a thousand alerts a second, of two hundred kinds and one root, and kill -9 in it.

Whoever sends posts each alert until it has its 202, as an Alertmanager does. Afterwards, from the outside and from the
history: one incident, one message, all of them counted; beyond what had a 202 at most those whose 202 died on the way.
Of a minute the rate is judged too: deaths and all, it must be nearly kept. Commands that people type meanwhile are
acknowledged, each of them, but where a death or the opening of the memory after it explains that it was not.
Prints its figures last; exit code 1 on any violation.
"""

import argparse
import asyncio
import math
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import aiohttp

from playground.town import Town
from store.database import look_into
from store.errors import StoreError
from tests.chaos import opening
from tests.chaos.closing import closes, ends
from tests.chaos.hands import INCIDENTS, OPS
from tests.mortal.door import Door
from tests.mortal.nursery import Mortal, Nursery

KINDS, LINES = 200, 32
TOKEN = "the-token-of-the-storm-0123456789"
ROOT = "StormAtSea"
EACH = 0.05  # seconds between two commands that people type meanwhile
WITHIN = 30.0  # seconds after the last start until the card says how many there were
ACKED = 0.3  # seconds, p99, of the commands
OPENS = 3.0  # seconds after a birth in which commands wait for the memory to be opened: their acks are not judged
FULL = 60  # seconds of a storm from which on its rate is judged: of a short one deaths take too large a share
PACE = 0.9  # of the rate, at least: a machine that has other work is slower, and who sends waits for the dead
REST = 0.02  # seconds of a sender after a bot that is not there


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender has seen: *taken* had their 202, *broken* posts ended without an answer; in so many *seconds*."""

    taken: int
    broken: int
    seconds: float


class Storm:
    """One bot, killed and born again while it blows."""

    def __init__(self, town: Town, nursery: Nursery, chance: random.Random, folder: Path) -> None:
        self._town, self._nursery, self._chance, self._folder = town, nursery, chance, folder
        self._port = Door()
        self._door = self._port.address
        self._environment = town.settings(folder / "data") | {
            "AIKEYS_HTTP": self._door,
            "AIKEYS_ALERTS_TOKEN": TOKEN,
            "AIKEYS_LOOK_EVERY": "3600",
        }
        self._bot: Mortal | None = None
        self._acks: list[float] = []
        self._unheard = 0  # commands that were never acknowledged, and no death explains it
        self._judged_from = math.inf  # time.monotonic(): what was typed before it is not judged
        self._lasted = 0.0  # seconds, of the lives that are over
        self._edits: list[float] = []
        town.slack.limits.off = True  # so many answers are not what is measured
        town.slack.journal.listeners.add(self._note)

    def _note(self, entry: dict[str, object]) -> None:
        if entry["name"] == "chat.update":
            self._edits.append(time.monotonic())

    async def blows(self, seconds: int, rate: int, kills: int) -> tuple[str, list[str]]:
        """Return the figures in a line, and what was wrong."""
        await self._born()
        began = time.monotonic()
        sender = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.storm", "--send", self._door),
            *("--seconds", str(seconds), "--rate", str(rate)),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        typing = asyncio.create_task(self._type())
        try:
            for at in sorted(self._chance.uniform(0.15, 0.85) * seconds for _ in range(kills)):
                await asyncio.sleep(max(0.0, began + at - time.monotonic()))
                assert self._bot is not None
                self._dies()
                await self._bot.killed()
                await self._born()
            assert sender.stdout is not None
            taken, broken, took = (await sender.stdout.read()).split()
            sent = Sent(int(taken), int(broken), float(took))
            await sender.wait()
            self._dies()
        finally:
            typing.cancel()
            if sender.returncode is None:
                sender.kill()
        blew = time.monotonic() - began
        wrong = await self._judged(sent, seconds * rate, kills, blew)
        counted = sum(self._counted())
        wrong += [*too_slow(sent, seconds, rate), *unacknowledged(self._acks, self._unheard, self._lasted)]
        return (
            f"{seconds * rate:,} alerts in {sent.seconds:.1f} s, {sent.taken / max(sent.seconds, 0.01):,.0f} a second, "
            f"{kills} kills: {sent.taken:,} had their 202, {counted:,} are counted ({sent.broken} posts were cut off); "
            f"{len(self._cards())} incident, its message edited {len(self._edits)} times; acks of {len(self._acks)} "
            f"commands meanwhile p99 {p99(self._acks) * 1000:.0f} ms, {self._unheard} never acknowledged; "
            f"{len(wrong)} violations"
        ), wrong

    async def ends(self) -> None:
        """Leave nothing behind."""
        if self._bot is not None:
            await self._bot.killed()

    async def _born(self) -> None:
        self._bot = await self._nursery.bears(
            "tests.mortal.bot", self._folder / "out", environment=self._environment, err=self._folder / "bot.log"
        )
        await self._town.slack.until(lambda: len(self._town.slack.sockets.open) == 2, timeout=30)
        self._judged_from = time.monotonic() + OPENS

    def _dies(self) -> None:
        """What is typed from now on, or waits for its ack now, is not judged."""
        self._lasted += max(0.0, time.monotonic() - self._judged_from)
        self._judged_from = math.inf

    async def _type(self) -> None:
        """Commands, one after the other; of those that a death swallows, or the opening after it, nothing is judged."""
        while True:
            began = time.monotonic()
            flood = asyncio.ensure_future(self._town.slack.flood(1, "nothing", at_once=1))
            done, _ = await asyncio.wait({flood}, timeout=3)
            judged = began > self._judged_from
            if done and not flood.exception():
                self._acks += flood.result() if judged else []
            else:
                self._unheard += judged
                flood.cancel()
                await asyncio.gather(flood, return_exceptions=True)
            await self._town.slack.until(lambda: self._town.slack.sockets.open, timeout=60)
            await asyncio.sleep(EACH)

    async def _judged(self, sent: Sent, wanted: int, kills: int, seconds: float) -> list[str]:
        wrong = []
        if sent.taken != wanted:
            wrong.append(f"{wanted} were to be sent, and {sent.taken} had a 202")
        try:
            await self._town.slack.until(lambda: any(self._said(one) == self._counted()[0] for one in self._cards()),
                                         timeout=WITHIN)  # fmt: skip
        except TimeoutError:
            wrong.append(f"no card says {self._counted()[0]:,} within {WITHIN:.0f} s: {self._cards()}")
        groups, kinds = self._counted(), self._counted("alert_kinds")
        if not sent.taken <= groups[0] <= sent.taken + sent.broken:
            wrong.append(f"{sent.taken} had a 202, {sent.broken} posts were cut off, and {groups[0]} are counted")
        if groups[0] != kinds[0]:
            wrong.append(f"{groups[0]} are counted of the whole, and {kinds[0]} by kind")
        if len(self._cards()) != 1:
            wrong.append(f"{len(self._cards())} messages, and one root: {self._cards()}")
        # One a second and channel, and one more at once after each start.
        if len(self._edits) > seconds + WITHIN + 3 * (kills + 1):
            wrong.append(f"its message was edited {len(self._edits)} times in {seconds:.0f} s")
        return wrong

    def _counted(self, table: str = "alert_groups") -> tuple[int, ...]:
        try:
            db = look_into(self._folder / "data" / "aikeys.sqlite")
        except StoreError:
            return (0,)
        try:
            return tuple(db.conn.execute(f"SELECT coalesce(sum(count), 0) FROM {table}").fetchone())
        finally:
            db.close()

    def _cards(self) -> list[str]:
        """What the messages of the bot's say that are an incident's card for it."""
        return [
            f"{message.text} {message.blocks}"
            for channel in (OPS, INCIDENTS)
            for message in self._town.slack.state.timelines[channel].values()
            if message.metadata
            and str(message.metadata["event_payload"].get("key", "")).endswith("/card")
            and ROOT in f"{message.text} {message.blocks}"
        ]

    @staticmethod
    def _said(card: str) -> int:
        found = re.search(r"([\d,]+) alerts", card)
        return int(found[1].replace(",", "")) if found else -1


def too_slow(sent: Sent, seconds: int, rate: int) -> Iterator[str]:
    """Where the storm was less of one than was asked for."""
    if seconds >= FULL and sent.taken < PACE * rate * sent.seconds:
        yield f"{sent.taken / sent.seconds:,.0f} alerts a second were taken, and {rate:,} were to be"


def unacknowledged(acks: Sequence[float], unheard: int, judged: float) -> Iterator[str]:
    """What was wrong with the *acks* (seconds), of *judged* seconds in which people typed."""
    if unheard:
        yield f"{unheard} commands were never acknowledged, and no death explains it"
    if len(acks) < (least := int(judged / (EACH + ACKED))):
        yield f"{len(acks)} commands were acknowledged in {judged:.0f} s; {least} at least were to be"
    if p99(acks) > ACKED:
        yield f"commands meanwhile were acknowledged within {p99(acks) * 1000:.0f} ms (p99)"


def p99(acks: Sequence[float]) -> float:
    """0 where there are too few: of a short storm there may be none, of another that is a violation of its own."""
    return quantiles(acks, n=100)[98] if len(acks) > 1 else 0.0


async def send(door: str, seconds: int, rate: int) -> Sent:
    """Post *rate* alerts a second, each until it has its 202."""
    bodies = [
        f'{{"title": "Wave {kind}", "severity": "warning", "key": "{kind}", "root": "{ROOT}", "text": "high"}}'.encode()
        for kind in range(KINDS)
    ]
    taken = broken = 0
    started, numbers = time.perf_counter(), iter(range(seconds * rate))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=LINES), headers=headers) as web:

        async def line() -> None:
            nonlocal taken, broken
            for number in numbers:
                early = started + number / rate - time.perf_counter()
                if early > 0:
                    await asyncio.sleep(early)
                while True:
                    try:
                        async with web.post(f"http://{door}/alerts", data=bodies[number % KINDS]) as response:
                            if response.status == 202:
                                taken += 1
                                break
                    except aiohttp.ClientConnectorError:
                        pass  # nobody is there: nothing was sent
                    except (aiohttp.ClientError, ConnectionError):
                        broken += 1  # it may have been committed
                    await asyncio.sleep(REST)

        await asyncio.gather(*(line() for _ in range(LINES)))
    return Sent(taken, broken, time.perf_counter() - started)


async def storm(seconds: int, rate: int, kills: int, seed: int, folder: Path) -> tuple[str, list[str]]:
    """Return the figures in a line, and what was wrong."""
    async with AsyncExitStack() as stack:
        nursery = await opening.nursery(stack)
        town = await opening.town(stack)
        blowing = Storm(town, nursery, random.Random(seed), folder)
        stack.push_async_callback(blowing.ends)
        return await blowing.blows(seconds, rate, kills)


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.storm", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long (60)")
    parser.add_argument("--rate", type=int, default=1_000, help="alerts a second (1000)")
    parser.add_argument("--kills", type=int, default=5, help="of the bot meanwhile (5)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of when it dies")
    parser.add_argument("--send", help=argparse.SUPPRESS)  # the sender, a process of its own
    wanted = parser.parse_args()
    if wanted.send:
        sent = asyncio.run(send(wanted.send, wanted.seconds, wanted.rate))
        print(sent.taken, sent.broken, f"{sent.seconds:.3f}")
        return 0
    with tempfile.TemporaryDirectory(prefix="aikeys-storm-") as folder:
        line, wrong = asyncio.run(storm(wanted.seconds, wanted.rate, wanted.kills, wanted.seed, Path(folder)))
    return closes(wrong, f"storm: {line}; seed {wanted.seed}")


if __name__ == "__main__":
    sys.exit(ends(main))
