"""Resident memory of the bot as it is shipped, as people use it: after its start, its first look, a day's questions."""

import asyncio
from typing import Any

from bench.figures import Bench, Row, spread
from bench.peer import running
from playground.town import Town

QUESTIONS = (
    "health",
    "logs edge --since 1h",
    "perf",
    "security",
    "triage",
    "db",
    "functions",
    "secrets",
    "backups",
    "stats",
)
SETTLED = 1.0  # seconds: what was asked last has been judged and written down


async def part(bench: Bench) -> list[Row]:
    """Each round a bot of its own."""
    found: dict[str, list[float]] = {"start": [], "look": [], "health": [], "all": []}
    for _ in range(bench.rounds):
        calls = _calls(bench.town)
        async with running(bench.real, bench.town) as bot:
            await bench.town.slack.flood(1, "contacts", at_once=1)
            found["start"].append(bot.rss())
            await _looked(bench.town, calls)
            found["look"].append(bot.rss())
            await _asked(bench.town, QUESTIONS[0])
            found["health"].append(bot.rss())
            for words in QUESTIONS[1:]:
                await _asked(bench.town, words)
            found["all"].append(bot.rss())
    return [
        Row("at its first ack, MB", spread(found["start"])),
        Row("after its first look at everything, MB", spread(found["look"])),
        Row("after the first `/aikeys health`, MB", spread(found["health"]), "≤ 90"),
        Row(f"after {len(QUESTIONS)} questions of as many kinds, MB", spread(found["all"])),
    ]


def _calls(town: Town) -> int:
    entries = town.project.journal.entries
    return entries[-1].n if entries else 0


async def _looked(town: Town, calls: int) -> None:
    """The first look asks everything, also the backups."""
    journal = town.project.journal
    await town.slack.until(lambda: any("backups" in one.path for one in journal.entries if one.n > calls))
    await asyncio.sleep(SETTLED)


async def _asked(town: Town, words: str) -> None:
    seen = {one["ts"] for one in town.slack.messages("#ops", "ana")}
    await town.slack.say("ana", "#ops", f"/aikeys {words}")

    def answered() -> bool:
        new: list[dict[str, Any]] = [one for one in town.slack.messages("#ops", "ana") if one["ts"] not in seen]
        return any(one.get("bot_id") and "sking" not in one["text"] for one in new)

    await town.slack.until(answered)
    await asyncio.sleep(SETTLED)
