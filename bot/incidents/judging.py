"""One look through all the rules, the bot's own blindness last: the watch and a replay decide by this. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.detectors import Calm, Detector, Sight, World
from bot.health.answers import Answers
from bot.incidents.deciding import (
    BLIND,
    Change,
    Decided,
    Flapping,
    Opened,
    Past,
    Reopened,
    Resolved,
    Seen,
    Stays,
    blindness,
    decide,
    explaining,
)
from bot.incidents.tracks import Track


def _elsewhere(_answers: Answers, _world: World) -> Sight:
    """Blindness is seen in the tracks of the others (bot.incidents.deciding.blindness)."""
    return Calm()


BLIND_DETECTOR = Detector(
    BLIND, "P1", "My watch is blind in part", "Warning Issues (P1)", _elsewhere, confirm=1, span=0
)


def judge(
    detectors: Sequence[Detector],
    sights: Mapping[str, Sight],
    tracks: Mapping[str, Track],
    past: Mapping[str, Past],
    now: datetime,
    silenced: Collection[str] = (),
) -> Decided:
    """`decide` for *detectors*, and after them for BLIND_DETECTOR, whose hurry does not count."""
    found = decide(detectors, sights, tracks, past, now, silenced)
    open_now = explaining(detectors, past, found.tracks, now) | opened({}, found)
    blind = {BLIND: blindness(detectors, found.tracks, sights, open_now, now)}
    more = decide((BLIND_DETECTOR,), blind, found.tracks, past, now, silenced)
    return Decided((*found.changes, *more.changes), more.tracks, found.hurry)


def remember(past: dict[str, Past], change: Change, at: datetime) -> str:
    """Keep in *past* what the store would; the detector's id, which is the subject where nothing is stored."""
    match change:
        case Opened(id=id_, firing=firing) | Reopened(subject=id_, firing=firing):
            past[id_] = Past(id_, True, firing.title, subjects=firing.subjects)
        case Seen(subject=id_, firing=firing):
            past[id_] = Past(id_, True, firing.title, subjects=past[id_].subjects | firing.subjects)
        case Resolved(subject=id_):
            past[id_] = replace(past[id_], open=False, resolved_at=at)
        case Flapping(subject=id_) | Stays(subject=id_):
            pass
    return id_


def opened(past: Mapping[str, Past], found: Decided) -> set[str]:
    """The ids of the detectors of which an incident is open once *found* is recorded."""
    return {id_ for id_, one in past.items() if one.open} | {one.id for one in found.changes if isinstance(one, Opened)}
