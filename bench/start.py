"""From the spawn of the process to the first connection, and to the first ack: the bot as shipped, and its peers."""

import time
from statistics import median

from bench.peer import Peer, running
from playground.town import Town

Starts = dict[str, list[tuple[float, float]]]


async def measure(town: Town, peers: list[Peer], rounds: int) -> Starts:
    """Return seconds to both by peer's name, one pair a round; the peers take turns."""
    found: Starts = {peer.name: [] for peer in peers}
    for _ in range(rounds):
        for peer in peers:
            async with running(peer, town, AIKEYS_HTTP="127.0.0.1:8932") as process:
                await town.slack.flood(1, "nothing", at_once=1)
                found[peer.name].append((process.connected_after, time.perf_counter() - process.spawned))
    return found


def table(found: Starts) -> list[tuple[str, list[str]]]:
    """Rows for printing: seconds, and ours against each."""
    rows = []
    for at, label in enumerate(("start to first connection", "start to first ack")):
        mine, *_ = found.values()
        ratios = [median(a[at] / b[at] for a, b in zip(mine, other, strict=True)) for other in found.values()]
        rows += [
            (f"{label}, s", [f"{median(pair[at] for pair in one):.3f}" for one in found.values()]),
            ("ours against, ×", [f"{ratio:.2f}" for ratio in ratios]),
        ]
    return rows
