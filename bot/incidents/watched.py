"""How the watch stands, for people: each detector with its figures, and what it sees now. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.detectors import Blind, Detector, Muted, Sight, load
from bot.health.thresholds import DEFAULTS, figures
from bot.health.words import ago, count
from bot.incidents.asking import EACH, EVERY
from bot.incidents.deciding import TOO_LONG_BLIND, Past, explaining, gravity
from bot.incidents.judging import BLIND_DETECTOR
from bot.incidents.tracks import Track
from bot.settings.tuning import Tuning
from store.quiet import Silence

State = Literal[
    "ok", "pending", "firing", "recovering", "flapping", "explained", "unknown", "silenced", "maintenance", "not asked"
]


@dataclass(frozen=True, slots=True)
class Bound:
    """One figure that a detector goes by. *own*: the team has set another one than the *default*."""

    name: str
    value: float
    default: float
    unit: str
    why: str

    @property
    def own(self) -> bool:
        """Whether it is the team's."""
        return self.value != self.default

    @property
    def words(self) -> str:
        """Say database_slow 300 ms (own; default 500)."""
        own = f" (own; default {self.default:g})" if self.own else ""
        return f"{self.name} {self.value:g} {self.unit}{own}"


@dataclass(frozen=True, slots=True)
class Looks:
    """What the last looks left, as the watch keeps it (bot.incidents.seeing). *at*: None before the first."""

    at: datetime | None = None
    tracks: Mapping[str, Track] = field(default_factory=dict, hash=False)
    sights: Mapping[str, Sight] = field(default_factory=dict, hash=False)
    muted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """One detector now. *since*: None where nobody knows. *why*: in a sentence, where there is something to say.

    *incident*: the number of the one that is open, or None.
    """

    detector: Detector
    bounds: tuple[Bound, ...]
    state: State
    since: datetime | None = None
    why: str = ""
    incident: int | None = None


def bound(name: str, tuning: Tuning) -> Bound:
    """The threshold *name* as the team has it."""
    figure = figures()[name]
    return Bound(name, getattr(tuning.limits, name), getattr(DEFAULTS, name), figure.unit, figure.why)


def bounds(detector: Detector, tuning: Tuning) -> tuple[Bound, ...]:
    """The figures that *detector* goes by: thresholds, and how patient it is where the team has set that."""
    found = [bound(name, tuning) for name in detector.by]
    own = tuning.patience.get(detector.id)
    if own is not None:
        usual = next(one for one in load() if one.id == detector.id)
        given = (
            ("confirm", own.confirm, float(usual.confirm), "looks"),
            ("span", own.span, usual.span, "s"),
            ("calm", own.calm, usual.calm.total_seconds(), "s"),
        )
        found += [Bound(name, value, default, unit, "") for name, value, default, unit in given if value is not None]
    return tuple(found)


def patience(one: Detector) -> str:
    """How often it must be seen, and how long it must be gone."""
    seen = f"{one.confirm} looks over {one.span:g} s" if one.confirm > 1 else "at once"
    if one.id == BLIND_DETECTOR.id:
        seen = f"unknown for {TOO_LONG_BLIND.total_seconds() / 60:g} min"
    return f"{seen}; over after {one.calm.total_seconds() / 60:g} min"


def cadence(one: Detector, look_every: float) -> str:
    """How often it is looked for: as often as what it needs is asked. *look_every*: seconds of a look at everything."""
    return f"every {ago(max((EVERY[need] for need in one.needs), default=1) * look_every / EACH)}"


def standing(
    detectors: Sequence[Detector],
    tuning: Tuning,
    looks: Looks,
    past: Mapping[str, Past],
    silences: Mapping[str, Silence],
    now: datetime,
) -> list[Standing]:
    """Each of *detectors*, in their order. *past* and *silences* by detector id."""
    causes = explaining(detectors, past, looks.tracks, now) | {id_ for id_, one in looks.tracks.items() if one.bad}
    titles = {one.id: one.title for one in detectors}
    found = []
    for one in detectors:
        last = past.get(one.id)
        state, since, why = _state(one, looks, last, silences.get(one.id), causes, titles, now)
        number = int(last.subject.rpartition("/")[2]) if last is not None and last.open else None
        found.append(Standing(one, bounds(one, tuning), state, since, why, number))
    return found


def _state(
    one: Detector,
    looks: Looks,
    last: Past | None,
    silence: Silence | None,
    causes: set[str],
    titles: Mapping[str, str],
    now: datetime,
) -> tuple[State, datetime | None, str]:
    track, sight = looks.tracks.get(one.id, Track()), looks.sights.get(one.id)
    is_open = last is not None and last.open
    if one.id in looks.muted:
        return "maintenance", None, "An operation of mine changes what it looks at."
    if silence is not None and silence.holds(gravity(one, last), now):
        return "silenced", silence.asked_at, f"Until {silence.until:%d %b %H:%M} UTC."
    if track.blind_since is not None:
        return "unknown", track.blind_since, sight.why if isinstance(sight, Blind) else ""
    if is_open and track.flaps:
        return "flapping", track.swings, "It comes and goes; it stays open until it has been steady."
    if is_open and track.good:
        return "recovering", track.good_since, f"Not seen in {count(track.good, 'look')}."
    if is_open:
        return "firing", track.bad_since, ""
    explained = sorted(titles[cause] for cause in one.inhibited_by & causes)
    if track.bad and explained:
        return "explained", track.bad_since, f"By {', '.join(explained)}."
    if track.bad:
        return "pending", track.bad_since, f"Seen in {track.bad} of {count(one.confirm, 'look')}."
    if isinstance(sight, Muted):
        return "not asked", None, "My token may not ask, or an operation of mine was changing it."
    if sight is None and one.id != BLIND_DETECTOR.id:
        return "not asked", None, "Not looked at yet since I started."
    return "ok", track.good_since, ""
