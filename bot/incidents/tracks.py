"""What one detector has seen lately, look by look, and what is told while that comes and goes. Pure.

four changes within half an hour ── told once, then quiet ── steady for a quarter of an hour: over
                                         │
        a P0 that is bad for two minutes without a pause: told in the channel, once per such stretch
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.detectors import Blind, Calm, Firing, Lingering, Muted, Sight
from bot.incidents.swings import STAYS, Swing

REOPEN = timedelta(minutes=30)  # what comes back sooner is the same incident
FLAPPING = 4  # changes between bad and good within half an hour: from then on it must stay calm longer


@dataclass(frozen=True, slots=True)
class Track:
    """What one detector has seen lately. *turns*: when it went from calm to firing or back.

    *swings*: since when it comes and goes; None where it does not. *told*: that has been said; until it is steady
    nothing more is, but that it stays bad: *again*, once per stretch.
    """

    bad: int = 0
    bad_since: datetime | None = None
    good: int = 0
    good_since: datetime | None = None
    blind_since: datetime | None = None
    turns: tuple[datetime, ...] = ()
    swings: datetime | None = None
    told: bool = False
    again: bool = False

    @property
    def flaps(self) -> bool:
        """Whether it comes and goes."""
        return len(self.turns) >= FLAPPING


def tracked(track: Track, sight: Sight, now: datetime) -> Track:
    """The track with one more look."""
    match sight:
        case Blind():
            return replace(track, blind_since=_since(track.blind_since, now))
        case Muted():
            return replace(track, blind_since=None)
        case Lingering():
            return replace(track, good=0, good_since=None, blind_since=None)
        case Firing():
            again = track.again and track.bad > 0
            return _turned(
                Track(track.bad + 1, _since(track.bad_since, now), again=again), track, now, turn=track.good > 0
            )
        case Calm():
            return _turned(
                Track(good=track.good + 1, good_since=_since(track.good_since, now)), track, now, turn=track.bad > 0
            )


def _turned(after: Track, before: Track, now: datetime, *, turn: bool) -> Track:
    turns = tuple(one for one in (*before.turns, *((now,) if turn else ())) if now - one < REOPEN)
    if len(turns) < FLAPPING:
        return replace(after, turns=turns)
    return replace(after, turns=turns, swings=before.swings or turns[0], told=before.told)


def _since(before: datetime | None, now: datetime) -> datetime:
    """A beginning that lies ahead was noted before the clock was put back: waiting for that hour would be silence."""
    return now if before is None or before > now else before


def stays(track: Track, now: datetime) -> bool:
    """Whether it was said that it comes and goes, and it has been bad since for so long that it is to be told again."""
    long = track.bad_since is not None and now - track.bad_since >= STAYS
    return track.told and track.flaps and long and not track.again


def swing(track: Track | None) -> Swing | None:
    """How it comes and goes, or that it is mending, for people; None where neither is, or it was not looked at."""
    if track is None:
        return None
    at = track.bad_since if track.bad else track.good_since
    if at is None or (track.bad and track.swings is None):
        return None
    return Swing(track.swings, track.bad > 0, at)
