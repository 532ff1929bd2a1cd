"""Mails about an incident: plain text, for people who may have nothing else. Pure; nothing in them is markup."""

from collections.abc import Sequence
from datetime import datetime

from bot.incidents.evidence import Evidence
from bot.redaction import redact
from bot.runbook.contacts import Contact, Way
from bot.views.blocks import one_line
from store.incidents import Incident

_WIDE = 1000  # characters of evidence
Mail = tuple[str, str]  # subject, text


def to_support(incident: Incident, seen: Evidence, ref: str, lead: str) -> Mail:
    """To Supabase's support: the ref, the times, what is seen. No name of a function's secret, no log line."""
    about = [f"Symptoms with it: {one_line(', '.join(seen.symptoms), 300)}"] if seen.symptoms else []
    lines = [
        "Hello,",
        "",
        f"we have a production outage of our project {ref} and ask for your help.",
        "",
        f"Project ref: {ref}",
        f"What: {one_line(incident.title, 150)}",
        f"Since: {_utc(seen.since)}",
        f"Evidence: {_plain(seen.what or seen.note) or 'see the title'}",
        *about,
        "",
        f"Please answer to {lead}." if lead else "Please answer to this address.",
        "",
        f"(Sent by the on-call bot of the team, incident {incident.number}.)",
    ]
    return f"[{ref}] {incident.severity}: {one_line(incident.title, 120)}", "\n".join(lines) + "\n"


def to_lead(incident: Incident, seen: Evidence, why: str, ref: str, ring: Sequence[Contact] = ()) -> Mail:
    """To the technical lead. *why* they get it, in a sentence; *ring*: whom they may ring."""
    lines = [
        why,
        "",
        f"{incident.severity} {one_line(incident.title, 150)}",
        f"Since: {_utc(seen.since)}",
        f"State: {_state(incident)}",
        f"Seen: {_plain(seen.what or seen.note)}" if seen.what or seen.note else "",
        f"To do: {_plain(seen.do)}" if seen.do and incident.open else "",
        f"Project: {ref}",
        "",
        *([f"{one.name}: {ways(one)}" for one in ring if incident.open]),
        "",
        f"In Slack: /aikeys incident show {incident.number}",
    ]
    text = "\n".join(lines).replace("\n\n\n", "\n\n")
    subject = f"{incident.severity}: {one_line(incident.title, 120)} (incident {incident.number})"
    return subject if incident.open else f"Over: {subject}", text.strip() + "\n"


def ways(one: Contact) -> str:
    """How somebody is reached, the telephone first; what is missing where there is no number."""
    found = [value for way, value, _ in one.ways if way is not Way.SLACK]
    return ", ".join(found) or one.missing


def _state(incident: Incident) -> str:
    if incident.state == "acknowledged" and incident.acked_at:
        return f"acknowledged at {_utc(incident.acked_at)}"
    return "nobody has acknowledged it" if incident.open else "resolved"


def _plain(text: str) -> str:
    return one_line(redact([text])[0], _WIDE)


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
