"""Looks made by hand, and an incident remembered as the store would: for the rules of bot.incidents.deciding."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.detectors import Blind, Calm, Detector, Firing
from bot.incidents.deciding import Opened, Past, Reopened, Resolved, Seen, decide
from bot.incidents.tracks import Track

NOW = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
CAUSE = Detector("cause", "P0", "Cause", "x", lambda *_: Calm())
SYMPTOM = Detector(
    "symptom", "P1", "Symptom", "x", lambda *_: Calm(), confirm=1, span=0, inhibited_by=frozenset({"cause"})
)
BAD, GOOD, DARK = Firing("Bad.", "Mend it."), Calm(), Blind("No answer.")


class World:
    """Looks in a row, five seconds apart; an incident is remembered as the store would."""

    def __init__(self, *detectors) -> None:
        self.detectors, self.now = detectors, NOW
        self.tracks: Mapping[str, Track] = {}
        self.past: dict[str, Past] = {}
        self.hurry: frozenset[str] = frozenset()

    def look(self, apart=5.0, silenced=(), **sights):
        decided = decide(self.detectors, sights, self.tracks, self.past, self.now, silenced)
        self.tracks, self.hurry = decided.tracks, decided.hurry
        for change in decided.changes:
            match change:
                case Opened():
                    subject, subjects = f"incident/{len(self.past) + 1}", change.firing.subjects
                    self.past[change.id] = Past(subject, True, change.firing.title, subjects=subjects)
                case Resolved() | Reopened() | Seen():
                    id_ = next(id_ for id_, one in self.past.items() if one.subject == change.subject)
                    is_open = not isinstance(change, Resolved)
                    seen = self.past[id_].seen if isinstance(change, Resolved) else change.firing.title
                    told = self.past[id_].subjects if isinstance(change, Seen | Resolved) else frozenset()
                    told |= frozenset() if isinstance(change, Resolved) else change.firing.subjects
                    ended = None if is_open else self.now
                    self.past[id_] = Past(change.subject, is_open, seen, ended, subjects=told)
        self.now += timedelta(seconds=apart)
        return list(decided.changes)

    def looks(self, times, apart=5.0, silenced=(), **sights):
        return [change for _ in range(times) for change in self.look(apart, silenced, **sights)]
