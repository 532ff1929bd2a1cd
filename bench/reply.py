"""`/aikeys health` in the channel: the first reply, and the whole answer against the slowest probe."""

import time
from typing import Any

from bench.figures import Bench, Row, middle
from bench.peer import running
from playground.town import Town

ROUNDS = 12


async def measure(town: Town) -> dict[str, list[float]]:
    """Return milliseconds: first reply, complete, slowest probe, and what we add to it."""
    found: dict[str, list[float]] = {"first": [], "complete": [], "slowest": [], "added": []}
    for number in range(ROUNDS + 1):
        figures = await _one(town)
        if number:  # the first one warms the connections
            for name, value in figures.items():
                found[name].append(value)
    return found


async def _one(town: Town) -> dict[str, float]:
    seen = len(town.slack.messages("#ops", "ana"))
    calls = town.project.journal.entries[-1].n if town.project.journal.entries else 0
    started = time.perf_counter()
    await town.slack.say("ana", "#ops", "/aikeys health")
    await town.slack.until(lambda: len(town.slack.messages("#ops", "ana")) > seen)
    first = (time.perf_counter() - started) * 1000
    await town.slack.until(lambda: _complete(town, seen))
    complete = (time.perf_counter() - started) * 1000
    slowest = max(call.ms for call in town.project.journal.entries if call.n > calls)
    return {"first": first, "complete": complete, "slowest": slowest, "added": complete - slowest}


def _complete(town: Town, seen: int) -> bool:
    message: dict[str, Any] = town.slack.messages("#ops", "ana")[seen]
    return "edited" in message and "sking" not in message["text"]


async def part(bench: Bench) -> list[Row]:
    """Of the bot as it is shipped."""
    async with running(bench.real, bench.town):
        found = await measure(bench.town)
    return [
        Row("first reply, ms", middle(found["first"]), "≤ 400"),
        Row("complete, ms", middle(found["complete"])),
        Row("slowest probe, ms", middle(found["slowest"])),
        Row("complete minus slowest probe, ms", middle(found["added"]), "≤ 150"),
    ]
