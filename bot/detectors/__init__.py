"""What the bot watches for: one file a bullet of the runbook's “Escalation Procedures”. Pure.

A detector looks at the answers of one look and says what it sees. When that becomes an incident is decided elsewhere
(bot.incidents.deciding), the same for all: how often in a row, and how long calm before it is over.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from bot.health.answers import ASKED_FOR, Answers, Part, Question
from bot.health.judgement import Finding

Severity = Literal["P0", "P1"]
QUICK: Part = (
    "database"  # what the quick look asks (bot.watch): the wallet, its database, Supabase's services; what kills
)
IN_QUICK = frozenset(ASKED_FOR[QUICK])


@dataclass(frozen=True, slots=True)
class Firing:
    """It is there: *what* it is in a sentence, what to *do* in another.

    *sure*: two vantage points agree. *title* in a few words: while it stays the same nothing new is told. *about*:
    what the incident is about beyond the detector, plain JSON, kept with the incident.
    """

    what: str
    do: str
    sure: bool = False
    title: str = ""
    about: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Calm:
    """It was looked for, and is not there."""


@dataclass(frozen=True, slots=True)
class Blind:
    """It could not be looked for: neither well nor an outage. *why* in a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Muted:
    """It was not looked for on purpose: what the bot itself is changing proves nothing, and that is no blindness."""


Sight = Firing | Calm | Blind | Muted


@dataclass(frozen=True, slots=True)
class Known:
    """A function as the bot's own record has it (bot.deploys.record.Made)."""

    version: int | None
    ezbr_sha256: str
    verify_jwt: bool | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What is true inside the bot at the moment of a look.

    *recorded*: by function, the last deploy of ours, or the state that a person has called right. *changing*: an
    operation of ours runs or ended a moment ago, so that what it touches proves nothing.
    """

    recorded: Mapping[str, Known] = field(default_factory=dict, hash=False)
    changing: bool = False


@dataclass(frozen=True, slots=True)
class Detector:
    """*id* is for ever: it is the dedup key. *runbook*: the heading it makes executable.

    *confirm*: that many looks in a row see it (one less where it is *sure*), *span* seconds apart at least from the
    first to the last. *calm*: so long without it, and five good looks, before it is over. *inhibited_by*: the causes
    that explain it; while one of them is open this attaches to it as a symptom: one cause, one page. *needs*: what
    must have been asked; a look that did not ask it says nothing.
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
    needs: frozenset[Question] = frozenset(Question)


def load() -> tuple[Detector, ...]:
    """All of them, P0 first. Raises TypeError for an id used twice."""
    found: list[Detector] = []
    for module in pkgutil.iter_modules(__path__):
        found += importlib.import_module(f"{__name__}.{module.name}").DETECTORS
    ids = [one.id for one in found]
    if len(set(ids)) < len(ids):
        raise TypeError("two detectors share an id")
    return tuple(sorted(found, key=lambda one: (one.severity, ids.index(one.id))))


def looked(
    detectors: Iterable[Detector], answers: Answers, world: World, asked: Iterable[Question]
) -> dict[str, Sight]:
    """What each detector sees whose questions were asked, by id."""
    given = frozenset(asked)
    return {one.id: one.see(answers, world) for one in detectors if one.needs <= given}


def fired(findings: Iterable[Finding], *, sure: bool = False) -> Firing | None:
    """The worst of *findings* as a sight; None where there is none."""
    worst = max(findings, key=lambda one: one.level, default=None)
    return None if worst is None else Firing(worst.what, worst.do, sure, worst.title)
