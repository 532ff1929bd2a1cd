"""An incident as people read it: the card, kept current in place, and the lines of its thread. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.approvals.policy import BROKEN
from bot.deploys.hindering import likely
from bot.health.words import ago
from bot.incidents.about import NOTHING, TRIAGE, Around
from bot.incidents.evidence import CALM, KEPT, Evidence
from bot.views import moments
from bot.views.blocks import (
    Block,
    Message,
    actions,
    ask_below,
    button,
    code,
    confirm,
    context,
    escape,
    header,
    heading,
    linked,
    one_line,
    person,
    section,
    whole_words,
)
from bot.views.contacts import ringing
from bot.views.incident_facts import before, facts, silent_until, swinging
from bot.views.incident_moments import SEVERE
from bot.views.pens import SlackPen
from bot.views.silencing import agreeing
from bot.views.trend import chart
from store.events import Event
from store.incidents import (
    ACKNOWLEDGED,
    ASSIGNED,
    BOT,
    FLAPPING,
    GROUPED,
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

ACK = "incident:ack"  # the action of a button
MOST_BUTTONS = 6  # Slack takes 25 in a row, people fewer
STATE = {"acknowledged": "👀", "resolved": "✅", "silenced": "🔇", "merged": "🔀"}


def standing(incident: Incident, *, silent: bool = False) -> tuple[str, str]:
    """The sign and the word of its state: each has a shape of its own, so that nobody has to tell colours apart.

    No bar of colour beside it: docs/decisions/0017-a-p0s-actions-are-errands.md.
    """
    state = "merged" if incident.merged_into else "silenced" if silent and incident.open else incident.state
    return STATE.get(state, SEVERE[incident.severity]), state


def card(incident: Incident, seen: Evidence, now: datetime, around: Around = NOTHING) -> Message:
    """The one message of an incident."""
    sign, state = standing(incident, silent=seen.silent)
    plain = heading(whole_words(one_line(incident.title, 300), 120))
    blocks: list[Block] = [header(f"{sign} {incident.severity} {plain} · {state}")]
    if around.mentions:
        blocks.append(section(around.mentions))  # heard when it is posted; an edit calls nobody
    if seen.what or seen.note:
        do = f"\n→ {linked(escape(seen.do, 500))}" if seen.do and incident.open else ""
        blocks.append(section(f"{escape(seen.what or seen.note, 800)}{do}"))
    if seen.counted and (texts := [one for one in seen.counted.texts if one != seen.what]):
        more = [f"and {seen.counted.more:,} more"] if seen.counted.more else []
        blocks.append(section("\n".join([*(f"• {escape(one, 400)}" for one in texts), *more])))
    if seen.about.get("url"):
        blocks.append(context(_source(str(seen.about["url"]), link=bool(seen.about.get("link")))))
    if seen.symptoms and incident.open:
        blocks.append(section(f"*With it, explained by it:* {escape(', '.join(seen.symptoms), 300)}"))
    if around.cause and incident.open:
        because = "".join(f"\n• {escape(one, 200)}" for one in around.because if one != seen.what)
        blocks.append(section(f"*Likely cause* {escape(around.cause, 250)}{because}"))
    blocks.append(section("\n".join([*facts(incident, seen, around), *before(seen, around)])))
    if incident.open:
        if around.ring:
            blocks.append(context(f"☎️ If nobody answers here: {ringing(around.ring)}"))
        blocks.append(_buttons(incident, seen, around))
        blocks += chart(around.curves, around.until)
    else:
        blocks.append(context(f"{code(incident.subject)} · what happened: `/aikeys incident show {incident.number}`"))
    return Message(text=_text(incident, seen, now, around), blocks=blocks)


def _source(url: str, *, link: bool) -> str:
    """Where an alert comes from: a link only where the team has named the host (bot.incoming.words)."""
    if not link:
        return f"From {code(url, 300)}"
    return f"From <{url.replace('&', '&amp;')}|{escape(urlsplit(url).hostname or 'its sender', 80)}>"


def pointer(incident: Incident, channel: str, seen: Evidence) -> Message:
    """A line in the ops channel about what stands in *channel*: a silence with its end, and that it comes and goes."""
    sign, state = standing(incident, silent=seen.silent)
    if seen.silent and seen.silence is not None and incident.open:
        state += f" {silent_until(seen.silence, seen.agreed_by)}"
    line = f"{sign} {incident.severity} *{escape(incident.title, 150)}* · {state}: see <#{channel}>"
    if seen.swing is not None and incident.open:
        line += f"\n{swinging(seen.swing, incident.severity, silent=seen.silent)}"
    return Message(text=line, blocks=[section(line)])


def _buttons(incident: Incident, seen: Evidence, around: Around) -> Block:
    """In the order in which they are needed; the last holds what is needed seldom."""
    elements = []
    if incident.state == "open":
        elements.append(button("Acknowledge", ACK, incident.subject, style="primary"))
    still = "If it is still there and does not get better, I say so again."
    resolve = button("Resolve", "incident:resolve", incident.subject)
    resolve["confirm"] = confirm("Is it over?", still, "Resolve", "Not yet")
    silence = button("Silence", "silence", incident.subject)
    if seen.silence is not None:
        silence = button("End the silence", "silence-end", str(seen.silence.id))
    # Asked for: it is agreed to, or withdrawn, in the thread.
    elements += [resolve, *([silence] if seen.silence is None or seen.silent else [])]
    if incident.dedup_key in TRIAGE:
        elements.append(ask_below("Open triage", f"triage {TRIAGE[incident.dedup_key]}"))
    if around.way_back:
        name = next(one.name for one in around.changed if one.deploy)  # red only where it is the likely cure
        style = "danger" if likely(incident.dedup_key, name) else None
        elements.append(button("Roll back last deploy", "way-back", around.way_back, style=style))
    if incident.opened_by == "bot":
        keep = ("Let it end by itself", "incident:release") if seen.kept_by else ("Keep open", "incident:keep")
        elements.append(button(*keep, incident.subject))
    more = [ask_below("Look now", "health"), ask_below("Last deploys", "deploys")]
    return actions(*elements, *more[: max(0, MOST_BUTTONS - len(elements))])


def _text(incident: Incident, seen: Evidence, now: datetime, around: Around) -> str:
    lasted = ago((now - seen.since).total_seconds())
    # While it is open the text may be read hours later: a time stays true, an age does not.
    state = f"{incident.state}, after {lasted}" if not incident.open else f"since {seen.since:%H:%M} UTC"
    said = f"{incident.severity} {escape(incident.title, 150)} ({state}). {escape(seen.what or seen.note, 300)}".strip()
    ring = f" If nobody answers: {ringing(around.ring, tap=False)}." if around.ring else ""
    return " ".join(part for part in (around.mentions, said + ring) if part)


def step(event: Event, seconds: str = "") -> Message | None:
    """The line of the thread for one step; None where the card alone says it.

    *seconds*: markup that calls those who may agree, where one step waits for a second person.
    """
    who = person(event.actor) if event.actor != "bot" else "I"
    said = f": {escape(event.text, 1500)}" if event.text else ""
    match event.kind:
        case k if k == ACKNOWLEDGED:
            words = moments.line(event, SlackPen())
        case k if k == RESOLVED and event.data.get("said"):
            words = f"✅ {escape(event.data['said'], 500)}"
        case k if k == RESOLVED and event.actor == "bot":
            calm = ago(float(event.data.get("calm", 0)))
            words = f"✅ Over by itself: not seen for {calm}, in five looks or more."
        case k if k == RESOLVED:
            words = f"✅ {who} resolved it{said or '.'}"
        case k if k in (REOPENED, NOTED, ASSIGNED, SEVERITY, MERGED, RATED, KEPT, CALM):
            words = moments.line(event, SlackPen())
        case k if k == PINNED:  # its words stand in the channel already
            words = f"📌 {who} put a message of {person(str(event.data.get('by', '')))} into the timeline."
        case k if k == BROKEN:
            words = f"🔨 {who} broke the glass: acts alone for ten minutes{said or '.'}"
        case k if k in (FLAPPING, SILENCE_ASKED, SILENCE_AGREED, SILENCE_ENDED):
            words = moments.line(event, SlackPen())
            more = agreeing(event) if k == SILENCE_ASKED else []
            words += f"\n{seconds}: it waits for a second person." if more and seconds else ""
            return Message(text=words, blocks=[section(words), *more])
        case k if k in (SEEN, GROUPED):
            words = f"• {escape(event.data.get('what', ''), 500)}"
        case _:
            return None
    useful = _useful(event.subject) if event.kind == RESOLVED else []
    return Message(text=words, blocks=[section(words), *useful])


def settled(asked: Event, became: Sequence[Event]) -> Message:
    """The message that *asked* for a P0's silence, once it waits no longer: what *became* of it stands below."""
    words = "\n".join(moments.line(one, SlackPen()) for one in (asked, *became))
    return Message(text=words, blocks=[section(words)])


def _useful(subject: str) -> list[Block]:
    """Asked while it is fresh: what wakes people for nothing is mended only where it is counted."""
    yes, no = button("It was useful", "rate:yes", subject), button("It was noise", "rate:no", subject)
    return [context("Was it worth being told? It counts in `/aikeys stats`."), actions(yes, no)]


def back(event: Event) -> str:
    """Why it is open again, or is a P0 now, plain."""
    if event.kind == SEVERITY:
        return f"It was made a P0: {event.text}" if event.text else "It was made a P0."
    if event.kind == FLAPPING:
        return f"It comes and goes, and has now been bad for two minutes without a pause. {event.data.get('what', '')}"
    if event.actor == "bot":
        return f"It has come back. {event.data.get('what', '')}"
    return f"It was opened again: {event.text}" if event.text else "It was opened again."


def reminder(incident: Incident, words: str, mentions: str = "") -> Message:
    """A clock that ran out. *mentions*: markup that calls people."""
    called = f"{mentions} " if mentions else ""
    said = f"{incident.severity} *{escape(incident.title, 150)}* ({code(incident.subject)}): {escape(words, 500)}"
    said = f"{called}⏰ {said}"
    return Message(text=said, blocks=[section(said), actions(*_who_can_act(incident))])


def _who_can_act(incident: Incident) -> list[Block]:
    buttons = [ask_below("Look now", "health")]
    if incident.state == "open":
        buttons.insert(0, button("Acknowledge", ACK, incident.subject, style="primary"))
    return buttons


def heard(body: Mapping[str, Any], incident: Incident) -> Message | None:
    """A message that asks who has it, now that somebody has, or that it is over; None for one that asks nobody."""
    blocks: list[Block] = []
    asks = False
    for block in body.get("blocks", ()):
        elements = [one for one in block.get("elements", ()) if one.get("action_id") != f"aikeys:{ACK}"]
        asks = asks or len(elements) < len(block.get("elements", ()))
        if block["type"] != "actions" or elements:
            blocks.append(block | ({"elements": elements} if "elements" in block else {}))
    if not asks:
        return None
    sign, state = standing(incident)
    who = incident.acked_by if incident.open else incident.resolved_by
    by = "by itself" if who == BOT else f"by {person(who)}"
    return Message(text=str(body["text"]), blocks=[*blocks, context(f"{sign} {state.capitalize()} {by}")])


def late(by: timedelta) -> str:
    """How late a clock says what it says."""
    minutes = round(by / timedelta(minutes=1))
    said = f"{minutes} minutes" if minutes > 1 else "a minute"
    return f" ({said} late: I was away.)" if by else ""
