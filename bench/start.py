"""From the spawn of the process to the first connection, and to the first ack: the bot as shipped, and its peers."""

import time

from bench.figures import Bench, Row, ratio, spread
from bench.peer import BARE, Peer, running
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


async def part(bench: Bench) -> list[Row]:
    """The bot as it is shipped against its peers, which commit nothing."""
    return rows(await measure(bench.town, [bench.real, *bench.peers[1:]], bench.rounds))


def rows(found: Starts) -> list[Row]:
    """For the screen and the page: seconds, and ours against each."""
    mine, *_ = found.values()
    made = []
    for at, label in enumerate(("start to first connection", "start to first ack, a command at once")):
        for name, one in found.items():
            limit = "≤ 1.5 ×" if name == BARE.name and at == 0 else ""
            against = "" if one is mine else f"; ours {ratio([pair[at] for pair in mine], [pair[at] for pair in one])}"
            made.append(Row(f"{label}: {name}, s", spread([pair[at] for pair in one], 3) + against, limit))
    return made
