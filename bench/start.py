"""From the spawn of the process to the first connection at the server: the bot as it is shipped, and its peers."""

from statistics import median

from bench.peer import Peer, running
from playground.town import Town


async def measure(town: Town, peers: list[Peer], rounds: int) -> dict[str, list[float]]:
    """Return seconds by peer's name, one entry a round; the peers take turns."""
    found: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for _ in range(rounds):
        for peer in peers:
            async with running(peer, town, AIKEYS_HTTP="127.0.0.1:8932") as process:
                found[peer.name].append(process.connected_after)
    return found


def table(found: dict[str, list[float]]) -> list[tuple[str, list[str]]]:
    """Rows for printing: seconds, and ours against each."""
    mine, *_ = found.values()
    ratios = [median(a / b for a, b in zip(mine, other, strict=True)) for other in found.values()]
    return [
        ("start to first connection, s", [f"{median(one):.3f}" for one in found.values()]),
        ("ours against, ×", [f"{ratio:.2f}" for ratio in ratios]),
    ]
