"""What an incident is about, read from its story: the newest evidence, the symptoms, the notes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.incidents.paging import unreached
from bot.incidents.swings import Swing
from store.events import Event
from store.incidents import COUNTED, ESCALATED, NOTED, OPENED, REOPENED, SEEN, SEVERITY, Incident, opening
from store.quiet import SILENCE_AGREED, SILENCE_ASKED, SILENCE_ENDED, covers

KEPT = "incident.kept"  # a person keeps it open, or lets it end by itself again; data: keep
CALM = "incident.calm"  # what is kept open is no longer seen; data: calm, seconds


@dataclass(frozen=True, slots=True)
class Counted:
    """Alerts from elsewhere: how many there were, in words, and when the last one came.

    *symptoms*: they came with an incident of our own, and did not open it.
    """

    said: str
    last_at: datetime
    symptoms: bool = False
    texts: tuple[str, ...] = ()  # of the first few, plain, those that fire first; how many *more* there are
    more: int = 0
    outlived: bool = False  # those on its card as symptoms have an incident of their own now


@dataclass(frozen=True, slots=True)
class Evidence:
    """*what* is wrong and what to *do*, plain text; *since* when it was seen first; *symptoms*: detectors' titles.

    *note* is what a person wrote who opened it. *silence*: the event that asked for the one that stands; *silent*: it
    holds.
    """

    what: str
    do: str
    since: datetime
    symptoms: tuple[str, ...] = ()
    about: dict[str, Any] = field(default_factory=dict, hash=False)
    note: str = ""
    title: str = ""  # of what was told last
    back: int = 0  # how often it came back
    silence: Event | None = None
    silent: bool = False
    agreed_by: str = ""  # to a P0's
    kept_by: str = ""  # who keeps it open, though it may be calm
    calm: float = 0  # seconds for which what is kept open has not been seen
    escalated_at: datetime | None = None
    unreached: bool = False  # then the lead could be told by neither way
    held: str = ""  # as whose symptom an alert from elsewhere was held back (incident 7), until this was opened
    told: int = 0  # minutes after the opening, of the newest escalation
    counted: "Counted | None" = None  # where alerts from elsewhere opened it, or came as its symptoms
    swing: Swing | None = None  # where it comes and goes; the watch knows it, no event
    subjects: frozenset[str] = frozenset()  # those told since it began, or began again


def evidence(incident: Incident, story: Sequence[Event]) -> Evidence:
    """The newest of it."""
    seen = [one for one in story if one.kind in (OPENED, REOPENED, SEEN)]
    opened = next((one for one in story if one.kind == OPENED), None)
    newest = seen[-1].data if seen else {}
    first = opened.data if opened else {}
    quiet = [one for one in story if one.kind in (SILENCE_ASKED, SILENCE_AGREED, SILENCE_ENDED)]
    silence = quiet[-2 if len(quiet) > 1 and quiet[-1].kind == SILENCE_AGREED else -1] if quiet else None
    silence = silence if silence is not None and silence.kind == SILENCE_ASKED else None
    agreed = quiet[-1] if silence is not None and quiet[-1].kind == SILENCE_AGREED else None
    if silence is not None and not covers(str(silence.data.get("severity")), incident.severity):
        silence = None  # it was made for something less bad
    kept = next((one for one in reversed(story) if one.kind in (KEPT, REOPENED)), None)
    escalated = next((one for one in reversed(story) if one.kind == ESCALATED), None)
    begun = next((number for number, one in reversed(list(enumerate(seen))) if one.kind != SEEN), 0)
    moves = [one for one in story if one.kind in (OPENED, REOPENED, SEEN, CALM)]
    return Evidence(
        what=str(newest.get("what", "")),
        do=str(newest.get("do", "")),
        since=datetime.fromisoformat(first["since"]) if first.get("since") else incident.opened_at,
        symptoms=tuple(str(one) for one in first.get("symptoms", ())),
        about=dict(newest.get("about") or {}),
        held=str((first.get("about") or {}).get("held") or ""),
        note=opening(opened)[1] if opened else "",
        title=str(newest.get("seen", "")),
        counted=next((_counted(one) for one in reversed(story) if one.kind == COUNTED), None),
        back=sum(1 for one in story if one.kind == REOPENED and one.actor == "bot"),
        silence=silence,
        silent=silence is not None and (agreed is not None or silence.data.get("severity") == "P1"),
        agreed_by=agreed.actor if agreed is not None else "",
        kept_by=kept.actor if kept is not None and kept.data.get("keep") else "",
        calm=float(moves[-1].data.get("calm", 0)) if moves and moves[-1].kind == CALM else 0.0,
        escalated_at=escalated.at if escalated is not None else None,
        unreached=escalated is not None and unreached(escalated),
        told=int(escalated.data.get("after", 0)) if escalated is not None else 0,
        subjects=frozenset(str(name) for one in seen[begun:] for name in one.data.get("subjects", ())),
    )


def _counted(event: Event) -> Counted:
    data = event.data
    last = datetime.fromisoformat(data["last"])
    return Counted(
        str(data.get("what", "")),
        last,
        symptoms=bool(data.get("symptoms")),
        texts=tuple(map(str, data.get("texts", ()))),
        more=int(data.get("more", 0)),
        outlived=bool(data.get("outlived")),
    )


def accepted(story: Sequence[Event]) -> frozenset[str]:
    """Fingerprints of the critical alerts for which a person has called it a P1 all the same."""
    lowered = [one.data.get("accepted", ()) for one in story if one.kind == SEVERITY]
    return frozenset(str(known) for some in lowered for known in some)


def notes(story: Sequence[Event]) -> list[Event]:
    """What people wrote, oldest first; what was redacted has no text."""
    return [one for one in story if one.kind == NOTED]
