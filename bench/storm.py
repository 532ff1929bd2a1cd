"""A storm: a thousand alerts a second for a minute, two hundred kinds of one root, while people type commands.

`python -m bench.storm --quick` lasts ten seconds. The alerts come in bodies of one, as badly as a sender
can send them; commands at twenty a second. The bot is a process of its own, and so is the sender.
"""

import argparse
import asyncio
import json
import math
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from bench.figures import Bench, Row, spread
from bench.peer import OURS, running
from bench.sending import ROOT
from playground.town import Town

RATE = 1_000
NEARLY = 0.99  # of it: the sender is a process of its own on the same two cores
SECONDS = 60
QUICK = 10
EACH = 0.05  # seconds between two commands
PORT = 8932
_COUNT = re.compile(r"(\d[\d,]*) alerts[^'\"<,]*")
TOKEN = "the-token-of-a-measurement-0123"


@dataclass(frozen=True)
class Storm:
    """What was counted. *sender*: what it says of itself; *acks*: ms, of commands typed meanwhile; *rss*: MB."""

    sender: dict[str, float]
    acks: list[float]
    messages: int
    incidents: int
    card: str
    rss: tuple[float, float]
    drawn: int


async def part(bench: Bench) -> list[Row]:
    """One a round, each on a bot of its own."""
    return rows([await measure(bench.town) for _ in range(bench.rounds)])


async def measure(town: Town, seconds: int = SECONDS, rate: int = RATE) -> Storm:
    """Let it blow, and wait until the card says how many there were."""
    more = {"AIKEYS_HTTP": f"127.0.0.1:{PORT}", "AIKEYS_ALERTS_TOKEN": TOKEN, "AIKEYS_LOOK_EVERY": "3600"}
    before = {one["ts"] for one in town.slack.messages("#ops", "ana")}  # of other storms
    async with running(OURS, town, **more) as bot:
        await town.slack.flood(200, "nothing", at_once=20)  # warm
        warm, edits = bot.rss(), len(town.slack.journal.entries("chat.update"))
        words = ("-m", "bench.sending", f"http://127.0.0.1:{PORT}/alerts", TOKEN)
        counts = ("--total", str(seconds * rate), "--rate", str(rate))
        sender = await asyncio.create_subprocess_exec(
            *(sys.executable, *words, *counts),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        )
        acks, most = list[float](), warm
        while sender.returncode is None:
            began = time.perf_counter()
            acks += await town.slack.flood(1, "nothing", at_once=1)
            most = max(most, bot.rss())
            try:
                await asyncio.wait_for(sender.wait(), max(0.001, EACH - (time.perf_counter() - began)))
            except TimeoutError:
                continue
        assert sender.stdout is not None
        told: dict[str, float] = json.loads(await sender.stdout.read())
        card = await _card(town, told, before)
        found = [one for one in _said(town, before) if "P1" in one]
        drawn = len(town.slack.journal.entries("chat.update")) - edits
        return Storm(told, acks, len(found), len(set(_numbers(found))), card, (warm, most), drawn)


def _said(town: Town, before: set[str]) -> list[str]:
    said = [one for channel in ("#ops", "#incidents") for one in town.slack.messages(channel, "ana")]
    new = [one for one in said if one.get("bot_id") and one["ts"] not in before and ROOT in str(one)]
    return [f"{one['text']} {one.get('blocks')}" for one in new]


def _numbers(messages: list[str]) -> list[str]:
    return [found[0] for one in messages if (found := re.search(r"incident/\d+", one))]


async def _card(town: Town, told: dict[str, float], before: set[str]) -> str:
    """Wait until what was answered 202 is counted on the card; what it says.

    Not more than were sent; one whose answer came too late for the sender is counted all the same.
    """

    def counted() -> dict[int, str]:
        found = [said for one in _said(town, before) for said in _COUNT.finditer(one)]
        return {int(one[1].replace(",", "")): one[0] for one in found}

    def whole() -> str:
        return next((said for count, said in counted().items() if told["taken"] <= count <= told["sent"]), "")

    try:
        return await town.slack.until(whole)
    except TimeoutError:
        what = f"{told['taken']:,.0f} of {told['sent']:,.0f} had a 202; the card: {list(counted().values())}"
        raise TimeoutError(what) from None


def rows(found: Sequence[Storm]) -> list[Row]:
    """For the screen and the page."""

    def of(name: str) -> list[float]:
        return [one.sender[name] for one in found]

    acks = [[ack * 1000 for ack in one.acks] for one in found]
    cuts = [quantiles(some, n=100, method="inclusive") for some in acks]
    share = min(one.sender["taken"] / one.sender["sent"] for one in found)
    slow = min(one.sender["sent"] / one.sender["seconds"] for one in found)
    late, answered, slowest = spread(of("late")), spread(of("answered")), spread(list(map(max, acks)))
    before, most = (spread([one.rss[at] for one in found]) for at in (0, 1))
    return [
        Row("alerts sent; answered 202", f"{sum(of('sent')):,.0f}; {sum(of('taken')):,.0f}"),
        Row("answered 202, the least of a storm, %", f"{math.floor(share * 10_000) / 100:.2f}", "≥ 100"),
        Row("sent a second, the least of a storm", f"{slow:,.1f}", f"≥ {RATE * NEARLY:,.0f}"),
        Row("left the sender, was answered after it was due, p99, ms", f"{late}; {answered}"),
        Row("incidents of a storm, the most", f"{max(one.incidents for one in found)}", "≤ 1"),
        Row("messages of a storm, the most", f"{max(one.messages for one in found)}", "≤ 1"),
        Row("edits of a message", spread([one.drawn for one in found])),
        Row("the card", found[-1].card),
        Row("acks of commands meanwhile, p50, ms", spread([cut[49] for cut in cuts], 1)),
        Row("the same, p99; the slowest, ms", f"{spread([cut[98] for cut in cuts])}; {slowest}", "≤ 300"),
        Row("resident memory before; the most, MB", f"{before}; {most}"),
    ]


async def main() -> int:
    """One storm."""
    parser = argparse.ArgumentParser(prog="python -m bench.storm", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} s instead of {SECONDS}")
    parser.add_argument("--rate", type=int, default=RATE)
    given = parser.parse_args()
    town = Town()
    await town.start()
    try:
        for row in rows([await measure(town, QUICK if given.quick else SECONDS, given.rate)]):
            print(f"{row.what:<62}  {row.figure}")
    finally:
        await town.stop()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
