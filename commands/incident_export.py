"""`/aikeys incident export 7`: the report, as files in the thread."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.exporting import exported
from bot.incidents.naming import Number, named
from bot.views.blocks import Message, TextFile
from bot.views.incidents import exports
from store.incidents import Incident


@dataclass(frozen=True, slots=True)
class Exported:
    """*files* is empty while they are made."""

    incident: Incident
    files: Sequence[TextFile] = ()


class What(Args):
    """Which."""

    number: Number = None


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    confined=True,
    examples=["incident export 1"],
    under="incident",
    quotes=True,
)
async def export(ctx: Context, args: What) -> AsyncIterator[Exported]:
    """The report of an incident: Markdown, a page to read, a chart.

    From the record alone: summary, impact, timeline in UTC and the team's time, what was done and approved, what was
    changed before it. What the record does not know is said. On the bot's machine: aikeys export 1.
    """
    facts = Exported(named(ctx.store.incidents, args.number))
    yield facts
    settings = ctx.settings
    files = await exported(
        ctx.store,
        facts.incident.subject,
        ctx.clock.now(),
        zone=settings.zone,
        project=ctx.target.ref,
        data=settings.data,
    )
    yield replace(facts, files=files)


@export.view
def view(facts: Exported) -> Message:
    """Say so."""
    return exports(facts.incident, facts.files)
