"""`/aikeys health` in the channel: the first reply, and the whole answer against the slowest probe."""

import time
from statistics import median
from typing import Any

from playground.town import Town

ROUNDS = 12


async def measure(town: Town) -> dict[str, list[float]]:
    """Return milliseconds: first reply, complete, slowest probe, and what we add to it."""
    found: dict[str, list[float]] = {"first": [], "complete": [], "slowest": [], "added": []}
    town.slack.limits.off = True
    for number in range(ROUNDS + 1):
        figures = await _one(town)
        if number:  # the first one warms the connections
            for name, value in figures.items():
                found[name].append(value)
    return found


async def _one(town: Town) -> dict[str, float]:
    seen = len(town.slack.messages("#ops", "ana"))
    calls = town.project.journal.entries[-1].n
    started = time.perf_counter()
    await town.slack.say("ana", "#ops", "/aikeys health")
    await town.slack.until(lambda: len(town.slack.messages("#ops", "ana")) > seen)
    first = (time.perf_counter() - started) * 1000
    await town.slack.until(lambda: _complete(town, seen), timeout=15)
    complete = (time.perf_counter() - started) * 1000
    slowest = max(call.ms for call in town.project.journal.entries if call.n > calls)
    return {"first": first, "complete": complete, "slowest": slowest, "added": complete - slowest}


def _complete(town: Town, seen: int) -> bool:
    message: dict[str, Any] = town.slack.messages("#ops", "ana")[seen]
    return "edited" in message and "sking" not in message["text"]


def table(found: dict[str, list[float]]) -> list[tuple[str, list[str]]]:
    """Rows for printing."""
    names = {
        "first": "first reply, ms",
        "complete": "complete, ms",
        "slowest": "slowest probe, ms",
        "added": "complete minus slowest probe, ms",
    }
    return [(label, [f"{median(found[name]):,.0f}", f"{max(found[name]):,.0f}"]) for name, label in names.items()]
