"""What the commands about incidents answer: what was done, the list, the report. Pure; the card: bot.views.incident."""

from collections.abc import Mapping, Sequence

from bot.health.words import ago
from bot.incidents.swings import Swing
from bot.views.blocks import Block, Message, TextFile, code, context, date_and_time, escape, header, person, section
from bot.views.incident import standing
from bot.views.incident_facts import swinging
from bot.views.incident_moments import SEVERE
from store.incidents import Incident
from store.quiet import Silence


def moved(incident: Incident, said: str = "", more: str = "", *, has: str = "") -> Message:
    """What a command did to it, in plain words, and *more* in markup; the card itself says the rest.

    *has*: who has it, markup, instead of the words.
    """
    sign, _ = standing(incident)
    words = has or escape(said or f"It is {incident.state} now.", 200)
    line = f"{sign} *{incident.number}* {incident.severity} {escape(incident.title, 150)}: {words}{more}"
    return Message(text=line, blocks=[section(line), context(f"All of it: `/aikeys incident show {incident.number}`")])


def listed(
    found: Sequence[Incident], silent: Mapping[str, Silence] | None = None, swings: Mapping[str, Swing] | None = None
) -> Message:
    """`/aikeys incident`: the open ones first.

    By the incident's subject: *silent*, the silence that holds; *swings*, how it comes and goes.
    """
    still = [one for one in found if one.open]
    verdict = f"{len(still)} open" if still else "No open incident"
    sign = SEVERE["P0" if any(one.severity == "P0" for one in still) else "P1"] if still else "✅"
    blocks: list[Block] = [header(f"{sign} {verdict}")]
    lines = [in_a_line(one, (silent or {}).get(one.subject), (swings or {}).get(one.subject)) for one in found]
    blocks += [section("\n".join(lines[at : at + 6])) for at in range(0, len(lines), 6)]
    if not found:
        blocks.append(section("There was none yet."))
    return Message(
        text=f"Incidents: {verdict}.", blocks=[*blocks, context(f"One whole: {code('/aikeys incident show <number>')}")]
    )


def in_a_line(one: Incident, silence: Silence | None = None, swing: Swing | None = None) -> str:
    """One of a list. *silence*: the one that holds; *swing*: where it comes and goes."""
    sign, _ = standing(one, silent=silence is not None)
    at = date_and_time(one.opened_at)
    how = f"told {at}"
    if one.state == "acknowledged":
        how = f"acknowledged by {person(one.acked_by)}, told {at}"
    elif one.resolved_at is not None:
        by = "by itself" if one.resolved_by == "bot" else f"by {person(one.resolved_by)}"
        how = f"{at}, resolved {by} after {ago((one.resolved_at - one.opened_at).total_seconds())}"
    if silence is not None:
        agreed = f" and {person(silence.agreed_by)}" if silence.agreed_by else ""
        how += f", silent until {date_and_time(silence.until)} by {person(silence.asked_by)}{agreed}"
    if swing is not None:
        how += f"\n{swinging(swing, one.severity, silent=silence is not None)}"
    return f"{sign} *{one.number}* {one.severity} {escape(one.title, 120)}, {how}"


def exports(incident: Incident, files: Sequence[TextFile]) -> Message:
    """`/aikeys incident export`: what is in the thread below."""
    what = f"📄 Report of *{incident.number}* {incident.severity} {escape(incident.title, 150)}"
    if not files:
        return Message(text=f"{what}: I am writing it…", blocks=[section(f"{what}: I am writing it…")])
    names = ", ".join(code(one.name) for one in files)
    note = "From the record alone. A note that begins with “follow-up:” stands under Follow-ups of the next one."
    said = f"{what} is in the thread: {names}"
    return Message(text=said, blocks=[section(said), context(note)], files=tuple(files))
