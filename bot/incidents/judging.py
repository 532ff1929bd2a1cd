"""One look through all the rules, the bot's own blindness last: the watch and a replay decide by this. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.detectors import Calm, Detector, Sight, World
from bot.health.answers import Answers
from bot.incidents.deciding import BLIND, Decided, Opened, Past, Track, blindness, decide


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
    open_now = opened(past, found)
    blind = {BLIND: blindness(detectors, found.tracks, sights, open_now, now)}
    more = decide((BLIND_DETECTOR,), blind, found.tracks, past, now, silenced)
    return Decided((*found.changes, *more.changes), more.tracks, found.hurry)


def opened(past: Mapping[str, Past], found: Decided) -> set[str]:
    """The ids of the detectors of which an incident is open once *found* is recorded."""
    return {id_ for id_, one in past.items() if one.open} | {one.id for one in found.changes if isinstance(one, Opened)}
