"""What an incident is about, read from its story: the newest evidence, the symptoms, the notes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from store.events import Event
from store.incidents import NOTED, OPENED, REOPENED, SEEN, Incident
from store.quiet import SILENCE_AGREED, SILENCE_ASKED, SILENCE_ENDED


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


def evidence(incident: Incident, story: Sequence[Event]) -> Evidence:
    """The newest of it."""
    seen = [one for one in story if one.kind in (OPENED, REOPENED, SEEN)]
    opened = next((one for one in story if one.kind == OPENED), None)
    newest = seen[-1].data if seen else {}
    first = opened.data if opened else {}
    quiet = [one for one in story if one.kind in (SILENCE_ASKED, SILENCE_AGREED, SILENCE_ENDED)]
    silence = quiet[-2 if len(quiet) > 1 and quiet[-1].kind == SILENCE_AGREED else -1] if quiet else None
    silence = silence if silence is not None and silence.kind == SILENCE_ASKED else None
    return Evidence(
        what=str(newest.get("what", "")),
        do=str(newest.get("do", "")),
        since=datetime.fromisoformat(first["since"]) if first.get("since") else incident.opened_at,
        symptoms=tuple(str(one) for one in first.get("symptoms", ())),
        about=dict(newest.get("about") or {}),
        note=(opened.text or "") if opened else "",
        title=str(newest.get("seen", "")),
        back=sum(1 for one in story if one.kind == REOPENED and one.actor == "bot"),
        silence=silence,
        silent=silence is not None and (quiet[-1].kind == SILENCE_AGREED or silence.data.get("severity") == "P1"),
    )


def notes(story: Sequence[Event]) -> list[Event]:
    """What people wrote, oldest first; what was redacted has no text."""
    return [one for one in story if one.kind == NOTED]
