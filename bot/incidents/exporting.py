"""The report of an incident as files: Markdown, HTML that needs nothing else, and the chart as a picture."""

import base64
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.drawing.charting import chart
from bot.incidents.postmortem import described, drawn, report
from bot.views.blocks import TextFile
from bot.views.document import markdown, page
from bot.views.postmortem import document
from store.memory import Memory

CACHE = "charts"  # a folder under AIKEYS_DATA, for what the drawing keeps between two charts


async def exported(
    memory: Memory, subject: str, now: datetime, *, zone: ZoneInfo, project: str, data: Path
) -> list[TextFile]:
    """The files. Raises KeyError where there is no such incident."""
    facts = report(memory, subject, now, zone, project)
    name = f"incident-{facts.incident.number}"
    picture = drawn(facts)
    made = await chart(picture, described(facts), data / CACHE) if picture is not None else None
    told = document(facts, made, f"{name}.png")
    title = f"Incident {facts.incident.number}: report"
    files = [
        TextFile(f"{name}.html", f"{title} (to read)", page(told)),
        TextFile(f"{name}.md", f"{title} (to edit)", markdown(told)),
    ]
    if made is not None and made.png:
        shown = base64.b64encode(made.png).decode()
        files.append(TextFile(f"{name}.png", f"Incident {facts.incident.number}: chart", shown, "base64"))
    return files
