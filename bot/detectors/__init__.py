"""What the bot watches for: one file a bullet of the runbook's “Escalation Procedures”. Pure.

A detector looks at the answers of one look and says what it sees. When that becomes an incident is decided elsewhere
(bot.incidents.deciding), the same for all: how often in a row, and how long calm before it is over.
"""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.clients.errors import Failure, NotAllowed
from bot.health.answers import ASKED_FOR, Answers, Part, Question
from bot.health.judgement import Finding
from bot.incidents.wider import NOTHING, Answered, Wider
from bot.settings.tuning import Patience, Tuning

Severity = Literal["P0", "P1"]
Asks = Question | Wider
QUICK: Part = "database"  # the wallet, its database, Supabase's services: what kills, by both vantage points
NAMED = 5  # subjects whose sentences are shown; of the rest how many there are
IN_QUICK: frozenset[Asks] = frozenset(ASKED_FOR[QUICK])
BY_WALLET: frozenset[Asks] = frozenset({Question.WALLET})


@dataclass(frozen=True, slots=True)
class Firing:
    """It is there: *what* it is in a sentence, what to *do* in another.

    *sure*: two vantage points agree. *title* in a few words: while it stays the same nothing new is told. *about*:
    what the incident is about beyond the detector, plain JSON, kept with the incident. *subjects*: which functions or
    secrets, where there may be several: one more of them is news, one less is none.
    """

    what: str
    do: str
    sure: bool = False
    title: str = ""
    about: Mapping[str, Any] = field(default_factory=dict, hash=False)
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Calm:
    """It was looked for, and is not there."""


@dataclass(frozen=True, slots=True)
class Lingering:
    """Just under its threshold: no longer bad enough to alarm, not yet good enough to be over."""


@dataclass(frozen=True, slots=True)
class Blind:
    """It could not be looked for: neither well nor an outage. *why* in a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Muted:
    """It was not looked for on purpose: what the bot itself is changing proves nothing, and that is no blindness."""


Sight = Firing | Calm | Lingering | Blind | Muted


@dataclass(frozen=True, slots=True)
class Known:
    """A function as the bot's own record has it (bot.deploys.record.Made)."""

    version: int | None
    ezbr_sha256: str
    verify_jwt: bool | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What is true inside the bot at the moment of a look.

    *recorded*: by function, the last deploy of ours, the state that a person has called right, or that the first look
    found. *changing*: an operation of ours runs or ended a moment ago, so that what it touches proves nothing.
    *wider*: answers to what only the watch asks. *states*: what secrets, migrations and recovery were like when they
    were last right, by subject; *touched*: of which of them an operation of ours is changing some. *usual*: what is
    usual, by the name of a measure; *lately*: its p95 of ten minutes.
    """

    recorded: Mapping[str, Known] = field(default_factory=dict, hash=False)
    changing: bool = False
    wider: Answered = NOTHING
    states: Mapping[str, str] = field(default_factory=dict, hash=False)
    touched: frozenset[str] = frozenset()
    usual: Mapping[str, float] = field(default_factory=dict, hash=False)
    lately: Mapping[str, float] = field(default_factory=dict, hash=False)
    token_ends: datetime | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Detector:
    """*id* is for ever: it is the dedup key. *runbook*: the heading it makes executable.

    *confirm*: that many looks in a row see it (one less where it is *sure*), *span* seconds apart at least from the
    first to the last. *calm*: so long without it, and five good looks, before it is over. *inhibited_by*: the causes
    that explain it; while one of them is open this attaches to it as a symptom: one cause, one page. *needs*: what
    must have been asked; a look that did not ask it says nothing. *by*: the thresholds that it goes by, of
    bot.health.thresholds. *lowered*: a P1 where deploys by others are expected.
    """

    id: str
    severity: Severity
    title: str
    runbook: str
    see: Callable[[Answers, World], Sight] = field(repr=False)
    confirm: int = 3
    span: float = 10.0
    calm: timedelta = timedelta(seconds=60)
    inhibited_by: frozenset[str] = frozenset()
    needs: frozenset[Asks] = frozenset(Question)
    by: tuple[str, ...] = ()
    lowered: bool = False


def load(tuning: Tuning | None = None, *, external: bool = False) -> tuple[Detector, ...]:
    """All of them, P0 first, causes before what they explain; as patient as *tuning* says.

    *external*: deploys by others are expected. Raises TypeError for an id used twice.
    """
    found: list[Detector] = []
    for module in pkgutil.iter_modules(__path__):
        found += importlib.import_module(f"{__name__}.{module.name}").DETECTORS
    ids = [one.id for one in found]
    if len(set(ids)) < len(ids):
        raise TypeError("two detectors share an id")
    patience = tuning.patience if tuning is not None else {}
    found = [_patient(one, patience[one.id]) if one.id in patience else one for one in found]
    found = [replace(one, severity="P1") if external and one.lowered else one for one in found]
    causes = {one.id: one.inhibited_by for one in found}
    found = [replace(one, inhibited_by=_above(one.id, causes)) for one in found]
    return tuple(sorted(found, key=lambda one: (one.severity, len(one.inhibited_by), ids.index(one.id))))


def looked(
    detectors: Iterable[Detector],
    answers: Answers,
    world: World,
    asked: Iterable[Asks],
    *,
    open_now: Collection[str] = (),
    muted: Collection[str] = (),
) -> dict[str, Sight]:
    """What each detector sees whose questions were asked, by id.

    Of those in *open_now* a value must have fallen well below its threshold before it counts as calm. Those in *muted*
    are not looked with: a maintenance is under way.
    """
    given = frozenset(asked)
    eased = replace(answers, limits=answers.limits.eased()) if open_now else answers
    sights: dict[str, Sight] = {}
    for one in detectors:
        if not one.needs <= given:
            continue
        sight: Sight = Muted() if one.id in muted else one.see(answers, world)
        if one.id in open_now and isinstance(sight, Calm) and isinstance(one.see(eased, world), Firing):
            sight = Lingering()
        sights[one.id] = sight
    return sights


def _above(id_: str, causes: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Its causes and theirs: whatever stands above stands before it in the order, having fewer."""
    found = causes[id_]
    return found.union(*(_above(one, causes) for one in found)) if found else found


def fired(findings: Iterable[Finding], *, sure: bool = False) -> Firing | None:
    """The worst of *findings* as a sight; None where there is none."""
    worst = max(findings, key=lambda one: one.level, default=None)
    return None if worst is None else Firing(worst.what, worst.do, sure, worst.title)


def each(findings: Iterable[Finding]) -> Firing | None:
    """All of *findings* as one sight, the worst first: each is a subject of its own; None where there is none."""
    worst_first = sorted(findings, key=lambda one: -one.level)
    return together([Firing(one.what, one.do, title=one.title) for one in worst_first])


def together(found: Sequence[Firing]) -> Firing | None:
    """Several subjects in one sight: one message that names each; None where there is none.

    What is kept about the others stands under `also`.
    """
    if not found:
        return None
    first, *others = found
    subjects: frozenset[str] = frozenset().union(*(one.subjects or {one.title} for one in found))
    if not others:
        return replace(first, subjects=subjects)
    what = " ".join(one.what for one in found[:NAMED])
    if len(found) > NAMED:
        what += f" And {len(found) - NAMED} more."
    also = [dict(one.about) for one in others if one.about]
    about = {**first.about, "also": also} if also else dict(first.about)
    title = ", ".join(one.title for one in found)[:100]
    return Firing(what, first.do, first.sure, title, about, subjects)


def unseen(failure: object, why: str) -> Sight:
    """What could not be asked. A token that may not ask is the team's choice, and makes nobody blind."""
    if isinstance(failure, NotAllowed):
        return Muted()
    return Blind(f"{why} {failure.what}" if isinstance(failure, Failure) else why)


def _patient(one: Detector, patience: Patience) -> Detector:
    confirm = one.confirm if patience.confirm is None else patience.confirm
    span = one.span if patience.span is None else patience.span
    calm = one.calm if patience.calm is None else timedelta(seconds=patience.calm)
    return replace(one, confirm=confirm, span=span, calm=calm)
