"""An incident as people read it: the card, kept current in place, the lines of its thread, list and story. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.approvals.policy import BROKEN
from bot.health.words import ago
from bot.incidents.evidence import Evidence
from bot.views import moments
from bot.views.blocks import (
    Block,
    Message,
    TextFile,
    actions,
    ask_below,
    button,
    code,
    context,
    date_and_time,
    escape,
    header,
    one_line,
    person,
    section,
    time_of_day,
)
from bot.views.pens import SlackPen
from bot.views.silencing import agreeing
from store.events import Event
from store.incidents import (
    ACKNOWLEDGED,
    ASSIGNED,
    FLAPPING,
    MERGED,
    NOTED,
    PINNED,
    RATED,
    REOPENED,
    RESOLVED,
    SEEN,
    SEVERITY,
    Incident,
)
from store.quiet import SILENCE_AGREED, SILENCE_ASKED, SILENCE_ENDED
from store.views import Deploy

SIGN = {"P0": "⛔", "P1": "⚠️"}
_STATE = {"acknowledged": "👀", "resolved": "✅"}
SUSPECT = timedelta(hours=24)  # a change longer ago than that is no longer the first suspect


def card(incident: Incident, seen: Evidence, now: datetime, last: Deploy | None = None) -> Message:
    """The one message of an incident. *last*: the newest deploy of all."""
    sign = _STATE.get(incident.state, SIGN[incident.severity])
    # A plain text: nothing in it is markup, and nobody has to trust that.
    plain = one_line(incident.title, 120).replace("<", "‹").replace(">", "›")
    title = f"{sign} {incident.severity} {plain}"
    title += f" · {incident.state}" if incident.state != "open" else ""
    blocks: list[Block] = [header(title)]
    if seen.what or seen.note:
        do = f"\n→ {escape(seen.do, 500)}" if seen.do and incident.open else ""
        blocks.append(section(f"{escape(seen.what or seen.note, 800)}{do}"))
    if seen.symptoms and incident.open:
        blocks.append(section(f"*With it, explained by it:* {escape(', '.join(seen.symptoms), 300)}"))
    blocks.append(section("\n".join([*_facts(incident, seen), *_before(seen, last)])))
    if incident.open:
        blocks.append(_buttons(incident, seen))
    else:
        blocks.append(context(f"{code(incident.subject)} · what happened: `/aikeys incident show {incident.number}`"))
    return Message(text=_text(incident, seen, now), blocks=blocks)


def _facts(incident: Incident, seen: Evidence) -> list[str]:
    since = date_and_time(seen.since)
    by = "seen by me" if incident.opened_by == "bot" else f"opened by {person(incident.opened_by)}"
    lines = [f"*Since* {since}, {by}" + (_back(seen.back))]
    if incident.acked_by and incident.acked_at:
        at = time_of_day(incident.acked_at)
        lines.append(f"*Acknowledged* by {person(incident.acked_by)} {at}")
    elif incident.open:
        lines.append("*Nobody has it yet*: Acknowledge says that you do.")
    if seen.silence is not None and incident.open:
        until = date_and_time(datetime.fromisoformat(str(seen.silence.data["until"])))
        how = "*Silent* until" if seen.silent else "*Asked to be silent* until"
        lines.append(f"{how} {until}, by {person(seen.silence.actor)}: {escape(seen.silence.text or '', 200)}")
    roles = {"Commander": incident.commander, "Scribe": incident.scribe}
    if any(roles.values()):
        lines.append(" · ".join(f"*{role}* {person(who)}" for role, who in roles.items() if who))
    if incident.merged_into:
        number = incident.merged_into.rpartition("/")[2]
        lines.append(f"*Merged* by {person(incident.resolved_by)} into {number}: `/aikeys incident show {number}`")
    elif incident.resolved_at:
        at = time_of_day(incident.resolved_at)
        how = "by itself" if incident.resolved_by == "bot" else f"by {person(incident.resolved_by)}"
        lasted = ago((incident.resolved_at - seen.since).total_seconds())
        lines.append(f"*Resolved* {how} {at}, after {lasted}")
    return lines


def _back(times: int) -> str:
    return "" if not times else ", back once more" if times == 1 else f", back {times} times since"


def _before(seen: Evidence, last: Deploy | None) -> list[str]:
    """What was changed shortly before it: the first thing that anybody asks."""
    gap = seen.since - last.at if last is not None else None
    if last is None or gap is None or not timedelta() <= gap <= SUSPECT:
        return []
    version = f" version {last.version}" if last.version is not None else ""
    return [
        f"*{ago(gap.total_seconds())} before it* {code(last.function)}{version} was put live by {person(last.actor)}"
    ]


def pointer(incident: Incident, channel: str) -> Message:
    """A line in the ops channel about what stands in *channel*."""
    sign = _STATE.get(incident.state, SIGN[incident.severity])
    state = "" if incident.state == "open" else f" · {incident.state}"
    line = f"{sign} {incident.severity} *{escape(incident.title, 150)}*{state}: see <#{channel}>"
    return Message(text=line, blocks=[section(line)])


def _buttons(incident: Incident, seen: Evidence) -> Block:
    elements = []
    if incident.state == "open":
        elements.append(button("Acknowledge", "incident:ack", incident.subject, style="primary"))
    resolve = button("Resolve", "incident:resolve", incident.subject)
    resolve["confirm"] = {
        "title": {"type": "plain_text", "text": "Is it over?"},
        "text": {"type": "plain_text", "text": "If it is still there and does not get better, I say so again."},
        "confirm": {"type": "plain_text", "text": "Resolve"},
        "deny": {"type": "plain_text", "text": "Not yet"},
    }
    silence = button("Silence", "silence", incident.subject)
    if seen.silence is not None:
        silence = button("End the silence", "silence-end", incident.subject)
    return actions(*elements, resolve, silence, ask_below("Look now", "health"), ask_below("Last deploys", "deploys"))


def _text(incident: Incident, seen: Evidence, now: datetime) -> str:
    lasted = ago((now - seen.since).total_seconds())
    # While it is open the text may be read hours later: a time stays true, an age does not.
    state = f"{incident.state}, after {lasted}" if not incident.open else f"since {seen.since:%H:%M} UTC"
    return f"{incident.severity} {escape(incident.title, 150)} ({state}). {escape(seen.what or seen.note, 300)}".strip()


def step(event: Event) -> Message | None:
    """The line of the thread for one step; None where the card alone says it."""
    who = person(event.actor) if event.actor != "bot" else "I"
    said = f": {escape(event.text, 1500)}" if event.text else ""
    match event.kind:
        case k if k == ACKNOWLEDGED:
            words = f"👀 {who} acknowledged it."
        case k if k == RESOLVED and event.actor == "bot":
            calm = ago(float(event.data.get("calm", 0)))
            words = f"✅ Over by itself: not seen for {calm}, in five looks or more."
        case k if k == RESOLVED:
            words = f"✅ {who} resolved it{said or '.'}"
        case k if k in (REOPENED, NOTED, ASSIGNED, SEVERITY, MERGED, RATED):
            words = moments.line(event, SlackPen())
        case k if k == PINNED:  # its words stand in the channel already
            words = f"📌 {who} put a message of {person(str(event.data.get('by', '')))} into the timeline."
        case k if k == BROKEN:
            words = f"🔨 {who} broke the glass: acts alone for ten minutes{said or '.'}"
        case k if k in (FLAPPING, SILENCE_ASKED, SILENCE_AGREED, SILENCE_ENDED):
            words = moments.line(event, SlackPen())
            more = agreeing(event) if k == SILENCE_ASKED else []
            return Message(text=words, blocks=[section(words), *more])
        case k if k == SEEN:
            words = f"• {escape(event.data.get('what', ''), 500)}"
        case _:
            return None
    useful = _useful(event.subject) if event.kind == RESOLVED else []
    return Message(text=words, blocks=[section(words), *useful])


def _useful(subject: str) -> list[Block]:
    """Asked while it is fresh: what wakes people for nothing is mended only where it is counted."""
    yes, no = button("It was useful", "rate:yes", subject), button("It was noise", "rate:no", subject)
    return [context("Was it worth being told? It counts in `/aikeys stats`."), actions(yes, no)]


def back(event: Event) -> str:
    """Why it is open again, plain."""
    if event.actor == "bot":
        return f"It has come back. {event.data.get('what', '')}"
    return f"It was opened again: {event.text}" if event.text else "It was opened again."


def reminder(incident: Incident, words: str) -> Message:
    """A clock that ran out."""
    said = f"⏰ {incident.severity} *{escape(incident.title, 150)}* ({code(incident.subject)}): {escape(words, 500)}"
    return Message(text=said, blocks=[section(said), actions(*_who_can_act(incident))])


def _who_can_act(incident: Incident) -> list[Block]:
    buttons = [ask_below("Look now", "health")]
    if incident.state == "open":
        buttons.insert(0, button("Acknowledge", "incident:ack", incident.subject, style="primary"))
    return buttons


def late(by: timedelta) -> str:
    """How late a clock says what it says."""
    return f" ({round(by / timedelta(minutes=1))} minutes late: I was away.)" if by else ""


def moved(incident: Incident, said: str = "") -> Message:
    """What a command did to it; the card itself says the rest."""
    sign = _STATE.get(incident.state, SIGN[incident.severity])
    words = said or f"It is {incident.state} now."
    line = f"{sign} *{incident.number}* {incident.severity} {escape(incident.title, 150)}: {escape(words, 200)}"
    return Message(text=line, blocks=[section(line), context(f"All of it: `/aikeys incident show {incident.number}`")])


def listed(found: Sequence[Incident]) -> Message:
    """`/aikeys incident`: the open ones first."""
    still = [one for one in found if one.open]
    verdict = f"{len(still)} open" if still else "No open incident"
    blocks: list[Block] = [header(f"{'⛔' if still else '✅'} {verdict}")]
    lines = [in_a_line(one) for one in found]
    blocks += [section("\n".join(lines[at : at + 6])) for at in range(0, len(lines), 6)]
    if not found:
        blocks.append(section("There was none yet."))
    return Message(
        text=f"Incidents: {verdict}.", blocks=[*blocks, context("One whole: `/aikeys incident show <number>`")]
    )


def in_a_line(one: Incident) -> str:
    """One of a list."""
    sign = _STATE.get(one.state, SIGN[one.severity])
    at = date_and_time(one.opened_at)
    how = f"since {at}"
    if one.state == "acknowledged":
        how = f"acknowledged by {person(one.acked_by)}, since {at}"
    elif one.resolved_at is not None:
        by = "by itself" if one.resolved_by == "bot" else f"by {person(one.resolved_by)}"
        how = f"{at}, resolved {by} after {ago((one.resolved_at - one.opened_at).total_seconds())}"
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
