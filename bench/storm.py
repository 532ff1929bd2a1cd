"""A storm: a thousand alerts a second for a minute, two hundred kinds of one root, while people type commands.

`python -m bench.storm --quick` lasts ten seconds. The alerts come in bodies of one, as badly as a sender
can send them; commands at twenty a second. The bot is a process of its own, and so is the sender.
"""

import argparse
import asyncio
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import aiohttp

from bench.peer import OURS, running
from playground.town import Town

RATE = 1_000
SECONDS = 60
QUICK = 10
KINDS = 200
EACH = 0.05  # seconds between two commands
LINES = 32  # connections of the sender
PORT = 8932
TOKEN = "the-token-of-a-measurement-0123"
ROOT = "StormAtSea"


@dataclass(frozen=True)
class Storm:
    """What was counted. *acks*: seconds, of commands typed during it; *rss*: MB, before and the most."""

    sent: int
    taken: int
    seconds: float
    acks: list[float]
    messages: int
    incidents: int
    card: str
    rss: tuple[float, float]
    drawn: int


async def measure(town: Town, seconds: int = SECONDS, rate: int = RATE) -> Storm:
    """Let it blow, and wait until the card says how many there were."""
    more = {"AIKEYS_HTTP": f"127.0.0.1:{PORT}", "AIKEYS_ALERTS_TOKEN": TOKEN, "AIKEYS_LOOK_EVERY": "3600"}
    async with running(OURS, town, **more) as bot:
        await town.slack.flood(200, "nothing", at_once=20)  # warm
        warm, edits = bot.rss(), len(town.slack.journal.entries("chat.update"))
        sender = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.storm", "--send", str(seconds), "--rate", str(rate)),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        )
        started, acks, most = time.perf_counter(), [], warm
        while sender.returncode is None:
            acks += await town.slack.flood(1, "nothing", at_once=1)
            most = max(most, bot.rss())
            try:
                await asyncio.wait_for(sender.wait(), EACH)
            except TimeoutError:
                continue
        took = time.perf_counter() - started
        assert sender.stdout is not None
        sent, taken = map(int, (await sender.stdout.read()).split())
        card = await _card(town, taken)
        found = [one for one in _messages(town) if "P1" in one]
        drawn = len(town.slack.journal.entries("chat.update")) - edits
        return Storm(sent, taken, took, acks, len(found), len(set(_numbers(found))), card, (warm, most), drawn)


def _messages(town: Town) -> list[str]:
    said = [one for channel in ("#ops", "#incidents") for one in town.slack.messages(channel, "ana")]
    return [f"{one['text']} {one.get('blocks')}" for one in said if one.get("bot_id") and ROOT in str(one)]


def _numbers(messages: list[str]) -> list[str]:
    return [found[0] for one in messages if (found := re.search(r"incident/\d+", one))]


async def _card(town: Town, count: int) -> str:
    """Wait until the count stands on the card; what it says."""
    wanted = re.compile(rf"{count:,} alerts[^'\"<]*")
    await town.slack.until(lambda: any(wanted.search(one) for one in _messages(town)), timeout=30)
    return next(found[0] for one in _messages(town) if (found := wanted.search(one)))


async def send(seconds: int, rate: int) -> tuple[int, int]:
    """Post *rate* alerts a second; how many were sent, how many had 202."""
    url, headers = f"http://127.0.0.1:{PORT}/alerts", {"Authorization": f"Bearer {TOKEN}"}
    bodies = [
        f'{{"title": "Wave {kind}", "severity": "warning", "key": "{kind}", "root": "{ROOT}", "text": "high"}}'.encode()
        for kind in range(KINDS)
    ]
    total, taken, started = seconds * rate, 0, time.perf_counter()
    numbers = iter(range(total))
    connector = aiohttp.TCPConnector(limit=LINES)
    async with aiohttp.ClientSession(connector=connector, headers=headers) as web:

        async def line() -> None:
            nonlocal taken
            for number in numbers:
                early = started + number / rate - time.perf_counter()
                if early > 0:
                    await asyncio.sleep(early)
                async with web.post(url, data=bodies[number % KINDS]) as response:
                    taken += response.status == 202

        await asyncio.gather(*(line() for _ in range(LINES)))
    return total, taken


def table(found: Storm) -> list[tuple[str, list[str]]]:
    """Rows for printing."""
    cuts = quantiles(found.acks, n=100)
    return [
        ("alerts sent; answered 202", [f"{found.sent:,}; {found.taken:,}"]),
        ("in s; a second", [f"{found.seconds:.1f}; {found.taken / found.seconds:,.0f}"]),
        ("incidents; messages; edits", [f"{found.incidents}; {found.messages}; {found.drawn}"]),
        ("the card", [found.card]),
        ("acks of commands meanwhile, p50 / p99 / worst, ms", [_ms(cuts[49], cuts[98], max(found.acks))]),
        ("resident memory before; the most, MB", [f"{found.rss[0]:.0f}; {found.rss[1]:.0f}"]),
    ]


def _ms(*seconds: float) -> str:
    return " / ".join(f"{one * 1000:.1f}" for one in seconds)


async def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.storm", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} s instead of {SECONDS}")
    parser.add_argument("--rate", type=int, default=RATE)
    parser.add_argument("--send", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.send:
        print(*await send(given.send, given.rate))
        return 0
    town = Town()
    await town.start()
    try:
        for label, values in table(await measure(town, QUICK if given.quick else SECONDS, given.rate)):
            print(f"{label:<52}", *values)
    finally:
        await town.stop()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
