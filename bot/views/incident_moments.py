"""The lines of an incident's own events, and what every line is made of (bot.views.moments has the rest). Pure."""

from datetime import datetime
from typing import Any

from bot.health.words import ago
from bot.incidents.about import DONE
from bot.incidents.paging import pages, unreached
from bot.views.pens import Pen
from store.events import Event
from store.incidents import opening

LONGEST = 1200  # characters of what a person wrote
SEVERE = {"P0": "⛔", "P1": "⚠️"}


def at(event: Event, *path: str) -> Any:
    """What lies there in its data; empty where nothing does."""
    found: Any = event.data
    for one in path:
        found = found.get(one) if isinstance(found, dict) else None
    return "" if found is None else found


def wrote(event: Event, pen: Pen) -> str:
    """What a person wrote with it, behind a colon; empty where nobody did."""
    return f": {pen.text(event.text, LONGEST)}" if event.text else ""


def opened(event: Event, pen: Pen) -> str:
    """By whom, and what was seen."""
    called, note = opening(event)
    sign, title = SEVERE.get(str(at(event, "severity")), "•"), pen.text(called or "an incident", 150)
    what = pen.text(at(event, "what"), 400) or pen.text(note, LONGEST)
    by = "" if event.actor == "bot" else f" by {pen.person(event.actor)}"
    return f"{sign} {pen.text(at(event, 'severity'), 4)} {title} was opened{by}. {what}".strip()


def resolved(event: Event, pen: Pen) -> str:
    """By itself, or by whom and why."""
    if event.actor != "bot":
        return f"✅ {pen.person(event.actor)} resolved it{wrote(event, pen) or '.'}"
    over = f"Over by itself: not seen for {ago(float(at(event, 'calm') or 0))}, in five looks or more."
    return f"✅ {pen.text(at(event, 'said'), 500) or over}"


def reopened(event: Event, pen: Pen) -> str:
    """It has come back, or was called over too soon."""
    if event.actor == "bot":
        return f"⛔ It has come back. {pen.text(at(event, 'what'), 500)}".strip()
    return f"⛔ {pen.person(event.actor)} opened it again{wrote(event, pen) or '.'}"


def escalated(event: Event, pen: Pen) -> str:
    """To whom it went after two hours; or that it could go to nobody."""
    if unreached(event):
        return "⏰ It is for the technical lead now, whom I had no way to tell."
    to = str(at(event, "to"))
    return f"⏰ Escalated to the technical lead{f' {pen.person(to)}' if to else ''}."


def severity(event: Event, pen: Pen) -> str:
    """How bad it is now."""
    to = str(at(event, "severity"))
    return f"{SEVERE.get(to, '•')} {pen.person(event.actor)} made it a {pen.text(to, 4)}{wrote(event, pen) or '.'}"


def noted(event: Event, pen: Pen) -> str:
    """A sentence of a person's."""
    instead = f" (instead of row {pen.text(at(event, 'instead_of'), 12)})" if at(event, "instead_of") else ""
    return f"📝 {pen.person(event.actor)}{instead}{wrote(event, pen)}"


def assigned(event: Event, pen: Pen) -> str:
    """Who leads, who writes down."""
    to, role = str(at(event, "to")), pen.text(at(event, "role"), 20)
    by = "" if to == event.actor else f" (says {pen.person(event.actor)})"
    return f"🧭 {pen.person(to)} is {role} now{by}."


def pinned(event: Event, pen: Pen) -> str:
    """Somebody's message."""
    by = pen.person(str(at(event, "by")))
    whom = "" if at(event, "by") == event.actor else f" (pinned by {pen.person(event.actor)})"
    return f"📌 {by}{whom}{wrote(event, pen) or ': a message that I could not read'}"


def errand(event: Event, pen: Pen) -> str:
    """One of the runbook's actions."""
    name, why = str(at(event, "name")), pen.text(at(event, "why"), 200)
    what = DONE.get(name) or pen.name(name)
    by = f" by {pen.person(event.actor)}" if event.actor != "bot" else ""
    return f"✅ {what}: {why or 'done'}{by}" if at(event, "state") == "done" else f"☐ {what}: not by me, {why}"


def silenced(event: Event, pen: Pen) -> str:
    """Until when, and why."""
    try:
        until = pen.at(datetime.fromisoformat(str(at(event, "until"))))
    except ValueError:
        until = "a time that is not known"
    asks = "asks to silence this" if at(event, "severity") == "P0" else "silenced this"
    return f"🔇 {pen.person(event.actor)} {asks} until {until}{wrote(event, pen) or '.'}"


def flapping(event: Event, _pen: Pen) -> str:
    """It comes and goes; or did, and stays bad."""
    if at(event, "bad_since"):
        return "〰️ It comes and goes, and has now been bad for two minutes without a pause: told in the channel again."
    bad = ", or bad for two minutes without a pause" if at(event, "severity") == "P0" else ""
    return f"〰️ It comes and goes: nothing more is said until it has been steady for a quarter of an hour{bad}."


def heard_again(event: Event, pen: Pen) -> str:
    """Why the silence is over."""
    if at(event, "worse"):
        return f"🔔 It is a {pen.text(at(event, 'worse'), 4)} now: the silence that one person made is over."
    if first := str(at(event, "asked")):
        return _never_began(event, first, pen)
    if at(event, "anew"):
        return f"🔔 {pen.person(event.actor)} asked anew: the silence before is over."
    if at(event, "over"):
        comes_and_goes = "what comes and goes, once it has been bad for two minutes"
        return f"🔔 The silence ends with it: another outage is told at once; {comes_and_goes}."
    return "🔔 The silence is over." if event.actor == "bot" else f"🔔 {pen.person(event.actor)} ended the silence."


def _never_began(event: Event, first: str, pen: Pen) -> str:
    """What became of a silence that *first* asked for, and nobody agreed to."""
    request = "their own request" if first == event.actor else f"{pen.person(first)}’s request"
    if at(event, "anew"):
        return f"✋ {pen.person(event.actor)} asked for another silence instead of {request}."
    if at(event, "over"):
        return f"⌛ It was over before anybody agreed to {request} for silence."
    if event.actor == "bot":
        return f"⌛ Nobody agreed in time to {request} for silence."
    return f"✋ {pen.person(event.actor)} called off {request} for silence."


def paged(event: Event, pen: Pen) -> str:
    """Who was called by name, and how."""
    told = [f"{pen.person(one.who)} ({', '.join(pen.text(way, 20) for way in one.ways)})" for one in pages(event)]
    groups = ["who is on call"] if at(event, "groups") else []
    here = "everybody in the channel" if at(event, "here") else ""
    if not told and not groups:
        return f"📟 Called: {here or 'nobody'}."
    return f"📟 Called by name: {'; '.join([*told, *groups])}{f'; and {here}' if here else ''}."
