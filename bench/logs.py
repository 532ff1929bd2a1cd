"""`/aikeys logs` in the channel: 50 lines complete against what Supabase took, and our own work on 1,000 lines."""

import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from bench.figures import Bench, Row, middle
from bench.peer import running
from bot.clients.supabase import Supabase
from bot.context import Target
from bot.logbook.question import Question
from bot.logbook.reading import Counts, Page, clean
from bot.logbook.sources import SOURCES
from bot.logbook.span import Span
from bot.views.logs import Shown, show
from playground.town import Town

ROUNDS = 10  # of two questions each: more in a minute would have to wait for their turn
LINES = 1000


async def measure(town: Town) -> dict[str, list[float]]:
    """Return milliseconds: complete, the slowest question, what we add to it; CPU of 1,000 lines, cleaned and drawn."""
    found: dict[str, list[float]] = {"complete": [], "upstream": [], "added": []}
    for number in range(ROUNDS + 1):
        figures = await _one(town)
        if number:  # the first one warms the connections, and loads what reads the SQL
            for name, value in figures.items():
                found[name].append(value)
    return found | await _cpu(town)


async def _one(town: Town) -> dict[str, float]:
    seen = len(town.slack.messages("#ops", "ana"))
    calls = town.project.journal.entries[-1].n if town.project.journal.entries else 0
    started = time.perf_counter()
    await town.slack.say("ana", "#ops", "/aikeys logs edge --since 1h --limit 50")
    await town.slack.until(
        lambda: any("newest last" in str(one.get("blocks")) for one in town.slack.messages("#ops", "ana")[seen:]),
        timeout=15,
    )
    complete = (time.perf_counter() - started) * 1000
    upstream = max(
        call.ms for call in town.project.journal.entries if call.n > calls and "/analytics/endpoints/logs" in call.path
    )
    return {"complete": complete, "upstream": upstream, "added": complete - upstream}


async def _cpu(town: Town) -> dict[str, list[float]]:
    project = town.project
    client = Supabase(project.api_url, project.access_token, project.ref, project.clock)
    now, cleaned, drawn = project.clock.now(), [], []
    for word in ("edge", "auth"):
        asked = Question(SOURCES[word], Span(now - timedelta(hours=24), now), ZoneInfo("Europe/Madrid"), limit=LINES)
        rows = (await client.log_rows(asked.lines(asked.span.pieces()[0], LINES), now - timedelta(hours=23), now)) * 2
        for _ in range(ROUNDS):
            began = time.process_time()
            lines = clean(client, asked, rows[:LINES], {})
            cleaned.append((time.process_time() - began) * 1000)
            counts = Counts({"error": 3, "info": LINES - 3}, {(now, "info"): LINES - 3, (now, "error"): 3})
            show(Shown(Target(project.ref), asked, Page(asked, tuple(reversed(lines)), counts)))
            drawn.append((time.process_time() - began) * 1000)
    await client.close()
    return {"cleaned": cleaned, "drawn": drawn}


async def part(bench: Bench) -> list[Row]:
    """Of the bot as it is shipped; the processor's time in this process."""
    async with running(bench.real, bench.town):
        found = await measure(bench.town)
    return [
        Row("50 lines complete, ms", middle(found["complete"])),
        Row("slowest question, ms", middle(found["upstream"])),
        Row("complete minus slowest question, ms", middle(found["added"]), "≤ 150"),
        Row("processor time of 1,000 lines, redacted, ms", middle(found["cleaned"], 1), "≤ 50"),
        Row("the same, and drawn, ms", middle(found["drawn"], 1)),
    ]
