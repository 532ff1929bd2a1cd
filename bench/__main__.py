"""`make bench`: figures from one run, medians; ratios count, single times depend on the machine and its neighbours."""

import argparse
import asyncio
import os
import platform
import sys
from statistics import median

from bench import acks, approve, dump, logs, outage, recovery, reply, start, storm
from bench.peer import BARE, OURS, Peer, bolt_js, running
from playground.town import Town


async def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=acks.ROUNDS)
    rounds = parser.parse_args().rounds
    js = await bolt_js()
    town = Town()
    await town.start()
    town.slack.limits.off = True
    try:
        print(
            f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {rounds} rounds"
        )
        if js.missing:
            print(f"left out: {js.name}: {js.missing}")
        peers = [OURS, BARE] + ([] if js.missing else [js])
        found = await acks.measure(town, peers, rounds)
        _print("acks (medians)", [peer.name for peer in peers], acks.table(found))
        _print("ours against", *_ratios(peers, found))
        real = Peer("aikeys", (sys.executable, "-m", "bot", "run"), sockets=2)
        starts = await start.measure(town, [real, *peers[1:]], rounds)
        _print("start (medians)", list(starts), start.table(starts))
        async with running(real, town):
            _print("/aikeys health (median, worst)", ["median", "worst"], reply.table(await reply.measure(town)))
            _print("/aikeys logs (median, worst)", ["median", "worst"], logs.table(await logs.measure(town)))
        _print(
            "approving a deploy (median, worst)", ["median", "worst"], approve.table(await approve.measure(real, town))
        )
        _print("the bot's machine is lost (one run)", ["figure"], recovery.table(await recovery.measure(real, town)))
        _print("a dump of 100 MB (one run)", ["figure"], dump.table(await dump.measure(real, town)))
        _print(
            "an outage at a random moment (mean, worst)", ["mean", "worst"], outage.table(await outage.measure(town))
        )
        _print("a storm of alerts", ["one run"], storm.table(await storm.measure(town)))
    finally:
        await town.stop()
    return 0


def _ratios(peers: list[Peer], found: dict[str, acks.Acks]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    others = peers[1:]
    rows = []
    for label, name in (("burst", "burst"), ("sustained", "sustained"), ("p50", "p50")):
        mine = getattr(found[OURS.name], name)
        pairs = [[a / b for a, b in zip(mine, getattr(found[peer.name], name), strict=True)] for peer in others]
        rows.append((f"{label}, × (median of the rounds)", [f"{median(one):.2f}" for one in pairs]))
    return [peer.name for peer in others], rows


def _print(title: str, columns: list[str], rows: list[tuple[str, list[str]]]) -> None:
    print(f"\n{title}")
    width = max(len(label) for label, _ in rows)
    print(" " * width, *(f"{column:>26}" for column in columns))
    for label, values in rows:
        print(f"{label:<{width}}", *(f"{value:>26}" for value in values))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
