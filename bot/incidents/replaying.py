"""Recorded looks through the rules once more, also by other thresholds: what would have been posted, and when. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.detectors import Detector, load, looked
from bot.incidents.deciding import Change, Flapping, Opened, Past, Reopened, Resolved, Seen, Stays
from bot.incidents.judging import BLIND_DETECTOR, judge, remember
from bot.incidents.recording import unpacked
from bot.incidents.tracks import Track
from bot.settings.tuning import Tuning

_WHAT: Mapping[type[Change], str] = {
    Opened: "opened",
    Reopened: "back",
    Seen: "also",
    Resolved: "over",
    Flapping: "flapping",
    Stays: "stays bad",
}


@dataclass(frozen=True, slots=True)
class Posted:
    """One thing that would have been told. *what*: opened, back, over, flapping, stays bad, or also."""

    at: datetime
    severity: str
    title: str
    what: str
    said: str = ""


def replay(
    looks: Iterable[tuple[datetime, Mapping[str, Any]]], tuning: Tuning, *, external: bool = False
) -> Iterator[Posted]:
    """What would have been posted; people who acknowledge, resolve or silence are not in it.

    A look that this version cannot read is left out.
    """
    detectors = load(tuning, external=external)
    known = {one.id: one for one in (*detectors, BLIND_DETECTOR)}
    tracks: Mapping[str, Track] = {}
    past: dict[str, Past] = {}
    for at, seen in looks:
        try:
            asked, answers, world = unpacked(seen, tuning.limits)
        except ValueError:
            continue
        is_open = {id_ for id_, one in past.items() if one.open}
        sights = looked(detectors, answers, world, asked, open_now=is_open)
        judged = judge(detectors, sights, tracks, past, at)
        tracks = judged.tracks
        for change in judged.changes:
            yield _posted(change, known, past, at)


def _posted(change: Change, known: Mapping[str, Detector], past: dict[str, Past], at: datetime) -> Posted:
    """Note *change* in *past*, and say what it would have told."""
    one = known[remember(past, change, at)]
    firing = change.firing if isinstance(change, Opened | Reopened | Seen | Stays) else None
    return Posted(at, one.severity, one.title, _WHAT[type(change)], firing.what if firing else "")
