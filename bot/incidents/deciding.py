"""From what the detectors see to what becomes of incidents. Pure: tracks × sights × open incidents × now → changes.

    calm ── seen `confirm` times in a row over `span` seconds ──▶ open ── calm for `calm`, five good looks ──▶ resolved
             a cause is open: symptom of it                        │
                                                 again within half an hour: the same incident, reopened

Blind is neither: it moves nothing, and five minutes of it are an incident of their own. Just under the threshold is
neither too: it is over only well below. What is silenced opens nothing; what goes to and fro stays open and says so
once, a P0 again where it stays bad (bot.incidents.tracks); what is being maintained is not looked at
(bot.detectors.looked).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.detectors import Blind, Calm, Detector, Firing, Severity, Sight
from bot.incidents.swings import STEADY
from bot.incidents.tracks import REOPEN, Track, stays, tracked

GOOD_LOOKS = 5  # in a row: one good answer between bad ones is no recovery
TOO_LONG_BLIND = timedelta(minutes=5)
BEGINNING = timedelta(minutes=1)  # beyond its span: what no look has confirmed by then, none five seconds later will
BLIND = "blind"


@dataclass(frozen=True, slots=True)
class Past:
    """The newest incident of a detector, as the store has it. *by_hand*: a person resolved it.

    *subjects*: those that have been told since it began, or began again. *kept*: a person keeps it open.
    *severity*: what it is called now, empty where nobody knows.
    """

    subject: str
    open: bool
    seen: str  # the title of what was told last
    resolved_at: datetime | None = None
    by_hand: bool = False
    subjects: frozenset[str] = frozenset()
    kept: bool = False
    severity: str = ""


def gravity(detector: Detector, last: Past | None) -> str:
    """How bad it is: as people have called what is open, else as *detector* has it. Silences are judged by it."""
    return last.severity if last is not None and last.open and last.severity else detector.severity


@dataclass(frozen=True, slots=True)
class Opened:
    """A new incident. *symptoms*: ids of detectors that fire with it and are explained by it."""

    id: str
    severity: Severity
    title: str
    firing: Firing
    since: datetime
    symptoms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reopened:
    """It has come back."""

    subject: str
    firing: Firing


@dataclass(frozen=True, slots=True)
class Seen:
    """It goes on, and says something else than before."""

    subject: str
    firing: Firing


@dataclass(frozen=True, slots=True)
class Resolved:
    """It is over by itself. *calm*: for so long it was not seen. *said*: how it ended, where that says more."""

    subject: str
    calm: timedelta
    said: str = ""


@dataclass(frozen=True, slots=True)
class Flapping:
    """It comes and goes: one message, and then quiet until it has been steady."""

    subject: str


@dataclass(frozen=True, slots=True)
class Stays:
    """A P0 that comes and goes has been bad without a pause *since* then: no flapping hides an outage."""

    subject: str
    firing: Firing
    since: datetime

    @property
    def data(self) -> dict[str, str]:
        """For its event."""
        return {"bad_since": self.since.isoformat(), "what": self.firing.what}


Change = Opened | Reopened | Seen | Resolved | Flapping | Stays


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be recorded, and the tracks to go on with. *hurry*: the ids of what may be beginning: look again soon.

    Nothing that is told already, or explained by what is open, or goes on for long without being told (blind since, or
    called over by a person): a look each five seconds through an hour of outage would spend what Supabase allows.
    """

    changes: tuple[Change, ...]
    tracks: Mapping[str, Track] = field(hash=False)
    hurry: frozenset[str]


def decide(
    detectors: Sequence[Detector],
    sights: Mapping[str, Sight],
    tracks: Mapping[str, Track],
    past: Mapping[str, Past],
    now: datetime,
    silenced: Collection[str] = (),
) -> Decided:
    """Hold the sights of one look, by detector id, against what was before. *past* by detector id.

    *silenced*: ids of detectors that open nothing for now.
    """
    seen = {one.id: sights[one.id] for one in detectors if one.id in sights}
    after = dict(tracks) | {id_: tracked(tracks.get(id_, Track()), sight, now) for id_, sight in seen.items()}
    changes: list[Change] = []
    open_now = explaining(detectors, past, after, now)
    seen_bad = {id_ for id_, track in after.items() if track.bad}  # a cause that is not confirmed yet explains already
    for detector in detectors:  # P0 first: a cause is open before its symptoms are looked at
        sight = seen.get(detector.id)
        if sight is None:
            continue
        change = _change(detector, sight, after[detector.id], past.get(detector.id), open_now | seen_bad, now)
        if change is None:
            continue
        if detector.id in silenced and isinstance(change, Opened | Reopened | Stays):
            open_now.add(detector.id)  # what it explains is explained, silenced or not
            continue
        if isinstance(change, Flapping):
            after[detector.id] = replace(after[detector.id], told=True)
        if isinstance(change, Stays):
            after[detector.id] = replace(after[detector.id], again=True)
        changes.append(change)
        if isinstance(change, Opened | Reopened):
            open_now.add(detector.id)
    for detector in detectors:
        if isinstance(seen.get(detector.id), Blind) and detector.inhibited_by & open_now:
            # Explained for as long as its cause is open: its own five minutes begin when that has ended.
            after[detector.id] = replace(after[detector.id], blind_since=now)
    changes = [_with_symptoms(one, detectors, seen) if isinstance(one, Opened) else one for one in changes]
    hurry = frozenset(
        one.id
        for one in detectors
        if one.id not in silenced
        and not {one.id, *one.inhibited_by} & open_now
        and _begins(one, after.get(one.id, Track()), now)
    )
    return Decided(tuple(changes), after, hurry)


def explaining(
    detectors: Sequence[Detector], past: Mapping[str, Past], tracks: Mapping[str, Track], now: datetime
) -> set[str]:
    """The ids of what is open and may be the cause of others: not of what is over, and open because a person wants."""
    over = {one.id for one in detectors if _over(one, tracks.get(one.id, Track()), now) is not None}
    return {id_ for id_, one in past.items() if one.open and not (one.kept and id_ in over)}


def blindness(
    detectors: Sequence[Detector],
    tracks: Mapping[str, Track],
    sights: Mapping[str, Sight],
    open_now: Collection[str],
    now: datetime,
) -> Sight:
    """What the bot cannot see, as a sight of its own: it must escalate itself, and never as an outage.

    What an incident in *open_now* explains is no blindness: with the database away nothing in it can be counted.
    """
    titles = {one.id: one.title for one in detectors if not one.inhibited_by & set(open_now)}
    long = [
        id_
        for id_, track in tracks.items()
        if id_ in titles and track.blind_since is not None and now - track.blind_since >= TOO_LONG_BLIND
    ]
    if not long:
        return Calm()
    first = sights.get(long[0])
    why = first.why if isinstance(first, Blind) else ""
    names = ", ".join(titles[id_] for id_ in long[:3]) + (f" and {len(long) - 3} more" if len(long) > 3 else "")
    return Firing(
        f"For five minutes I could not read what I watch for: {names}. {why}".strip(),
        "Nothing need be wrong with the wallet; but until this ends I would not notice. Ask /aikeys health what fails.",
        title=names,
    )


def _change(
    detector: Detector, sight: Sight, track: Track, last: Past | None, causes: set[str], now: datetime
) -> Change | None:
    is_open = last is not None and last.open
    if last is not None and is_open and track.flaps and not track.told:
        return Flapping(last.subject)
    if isinstance(sight, Firing):
        if last is not None and is_open:
            if gravity(detector, last) == "P0" and stays(track, now):
                return Stays(last.subject, sight, track.bad_since or now)
            # While it comes and goes another word for it is no news; another function or secret is.
            if track.told and track.flaps and not sight.subjects:
                return None
            return Seen(last.subject, sight) if news(sight, last) else None
        if not _confirmed(detector, sight, track, now) or detector.inhibited_by & causes:
            return None
        if last is not None and last.resolved_at is not None and now - last.resolved_at < REOPEN:
            # A person has called it over while it still fired: the same is theirs until it has been calm once.
            still = track.bad_since is not None and track.bad_since <= last.resolved_at and not news(sight, last)
            return None if last.by_hand and still else Reopened(last.subject, sight)
        return Opened(detector.id, detector.severity, detector.title, sight, track.bad_since or now)
    calm = _over(detector, track, now)
    if isinstance(sight, Calm) and last is not None and is_open and calm is not None:
        return Resolved(last.subject, calm)
    return None


def _over(detector: Detector, track: Track, now: datetime) -> timedelta | None:
    """For how long it has been calm; None while that is too short for an end."""
    calm = now - (track.good_since or now)
    needed = STEADY if track.flaps else detector.calm
    return calm if track.good >= GOOD_LOOKS and calm >= max(needed, detector.calm) else None


def news(sight: Firing, last: Past) -> bool:
    """Whether it says what has not been told: one more subject, or, where it has none, something else."""
    return not sight.subjects <= last.subjects if sight.subjects else sight.title != last.seen


def _confirmed(detector: Detector, sight: Firing, track: Track, now: datetime) -> bool:
    needed = max(1, detector.confirm - 1) if sight.sure else detector.confirm
    span = 0.0 if sight.sure else detector.span
    return track.bad >= needed and (now - (track.bad_since or now)).total_seconds() >= span


def _begins(detector: Detector, track: Track, now: datetime) -> bool:
    return track.bad_since is not None and now - track.bad_since <= timedelta(seconds=detector.span) + BEGINNING


def _with_symptoms(opened: Opened, detectors: Sequence[Detector], seen: Mapping[str, Sight]) -> Opened:
    found = [one.id for one in detectors if opened.id in one.inhibited_by and isinstance(seen.get(one.id), Firing)]
    return replace(opened, symptoms=tuple(found))
