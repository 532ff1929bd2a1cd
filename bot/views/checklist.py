"""The runbook's actions for a P0 as a checklist in the thread of its card: what is done, by whom, what waits. Pure."""

from bot.incidents.about import DONE, LEAD, RECORD, ROOM, SUPPORT, Around
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    cap,
    context,
    escape,
    one_line,
    person,
    preformatted,
    section,
    time_of_day,
)
from store.errands import Errand
from store.incidents import Incident

_SIGN = {"waiting": "⏳", "trying": "⏳", "offered": "☐", "done": "✅", "lost": "☐"}
_SMALL = {"room/topic": "its topic", "room/pin": "its pin", "room/invite": "asking somebody in"}
_DRAFT = 2500  # characters


def checklist(incident: Incident, around: Around) -> Message:
    """All of it, with the draft of the mail to Supabase's support while it waits for a click."""
    owed = around.owed
    title = f"*What the runbook asks for at a P0* · {around.tally} done"
    blocks: list[Block] = [section("\n".join([title, *(_line(one, incident, around) for one in owed)]))]
    small = [
        f"{_small(one)}: {escape(one.why, 120)}" for one in around.errands if "/" in one.name and one.state == "lost"
    ]
    if small:
        blocks.append(context(f"Not all of the channel: {'; '.join(small[:5])}"))
    mail = around.errand(SUPPORT)
    offered = mail is not None and mail.drafted and incident.open and mail.state in ("offered", "lost")
    if offered and mail is not None:
        blocks.append(context("The mail as it would go to Supabase’s support:"))
        blocks.append(preformatted(_draft(mail)))
    elements = _buttons(owed, incident) if incident.open else []
    if elements:
        blocks.append(actions(*elements))
    text = f"The runbook's actions for {incident.subject}: {around.tally} done."
    return Message(text=text, blocks=blocks)


def _line(one: Errand, incident: Incident, around: Around) -> str:
    sign = _SIGN[one.state] if one.drafted or one.state == "done" else "➖"
    what = f"{sign} {DONE[one.name]}"
    why = escape(one.why, 200)
    match one.state:
        case "done" if one.done_at is not None:
            if one.name == ROOM and around.room:
                why = f"<#{around.room}>"
            by = "" if one.done_by == "bot" else f" by {person(one.done_by)}"
            return f"{what}: {why or 'done'}{by} {time_of_day(one.done_at)}"
        case "offered" if not one.drafted and not incident.open:
            return f"{what}: hardly theirs, and nobody wrote"
        case "offered" if not one.drafted:
            to, ref = escape(one_line(one.data.get("to", ""), 200), 200), escape(str(one.data.get("ref", "")), 40)
            write = f"to {to} or in their dashboard, with the project's ref {ref}, the times and what you see"
            return f"{what}: hardly theirs, so no mail is drafted. If you think it is, write {write}"
        case "offered" if not incident.open:
            return f"{what}: drafted, and not sent: it was over before anybody did"
        case "offered":
            owner = person(incident.acked_by) if incident.acked_by else "whoever acknowledges"
            return f"{what}: drafted below, one click sends it. *Owner* {owner}"
        case "lost":
            owner = person(incident.acked_by) if incident.acked_by else "whoever acknowledges"
            return f"{what}: not by me, {why}. *Owner* {owner}"
        case _:
            return f"{what}: {why or 'under way'}"


def _small(one: Errand) -> str:
    base = one.name if one.name in _SMALL else one.name.rpartition("/")[0]
    return _SMALL.get(base, escape(one.name, 60))


def _draft(mail: Errand) -> str:
    to, subject = one_line(mail.data.get("to", ""), 200), one_line(mail.data.get("subject", ""), 250)
    return cap(f"To: {to}\nSubject: {subject}\n\n{mail.data.get('text', '')}", _DRAFT)


def _buttons(owed: list[Errand], incident: Incident) -> list[Block]:
    elements: list[Block] = []
    for one in owed:
        if one.name == SUPPORT and one.state in ("offered", "lost"):
            if one.drafted:
                elements.append(button("Send it to Supabase", "errand:send:support", incident.subject, style="primary"))
            elements.append(button("I contacted them", "errand:tick:support", incident.subject))
        elif one.name in (LEAD, RECORD) and one.state == "lost":
            label = "I told the lead" if one.name == LEAD else "I wrote the row"
            elements.append(button(label, f"errand:tick:{one.name}", incident.subject))
    return elements
