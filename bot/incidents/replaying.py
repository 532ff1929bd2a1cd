"""Recorded looks through the rules once more, also by other thresholds: what would have been posted, and when. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.detectors import Detector, Firing, load, looked
from bot.incidents.deciding import (
    Change,
    Flapping,
    Opened,
    Past,
    Reopened,
    Resolved,
    Seen,
    Track,
)
from bot.incidents.judging import BLIND_DETECTOR, judge
from bot.incidents.recording import unpacked
from bot.settings.tuning import Tuning


@dataclass(frozen=True, slots=True)
class Posted:
    """One thing that would have been told. *what*: opened, back, over, flapping, or also."""

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
    """Note *change* in *past*, where the detector's id is the subject, and say what it would have told."""
    id_ = change.id if isinstance(change, Opened) else change.subject
    one = known[id_]

    def told(what: str, firing: Firing | None = None) -> Posted:
        return Posted(at, one.severity, one.title, what, firing.what if firing else "")

    match change:
        case Opened(firing=firing):
            past[id_] = Past(id_, True, firing.title)
            return told("opened", firing)
        case Reopened(firing=firing):
            past[id_] = Past(id_, True, firing.title)
            return told("back", firing)
        case Seen(firing=firing):
            past[id_] = Past(id_, True, firing.title)
            return told("also", firing)
        case Resolved():
            past[id_] = replace(past[id_], open=False, resolved_at=at)
            return told("over")
        case Flapping():
            return told("flapping")
