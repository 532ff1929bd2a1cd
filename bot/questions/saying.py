"""What all questions say alike: what has not answered yet, what could not be asked and why. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from bot.clients.errors import Failure
from bot.health.judgement import Finding, Level
from bot.health.words import listing
from bot.report import Wrong

T = TypeVar("T")


def told(answer: T | Failure | None, say: Callable[[T], str]) -> str:
    """What *say* makes of the answer, or why there is none."""
    if answer is None:
        return "no answer yet"
    return "not known" if isinstance(answer, Failure) else say(answer)


def unanswered(answers: Any, called: Mapping[str, str]) -> tuple[Wrong, ...]:
    """For each reason why fields of *answers* are not known: the reason, what they are called, what to do."""
    found = ((name, getattr(answers, field)) for field, name in called.items())
    return not_known((name, answer) for name, answer in found if isinstance(answer, Failure))


def not_known(costs_of: Iterable[tuple[str, Failure]]) -> tuple[Wrong, ...]:
    """The same of pairs: what is not known, and why."""
    reasons: dict[str, Failure] = {}
    costs: dict[str, list[str]] = {}
    for name, failure in costs_of:
        reasons.setdefault(failure.what, failure)
        costs.setdefault(failure.what, []).append(name)
    return tuple(
        Wrong(Level.UNKNOWN, f"{failure.what} So not known: {listing(costs[what])}.", failure.do)
        for what, failure in reasons.items()
    )


def waiting(answers: Any, called: Mapping[str, str]) -> tuple[str, ...]:
    """Small print that names who has not answered yet; nothing where all have."""
    names = [name for field, name in called.items() if getattr(answers, field) is None]
    return (f"Not answered yet: {listing(names)}.",) if names else ()


def wrongs(findings: Iterable[Finding]) -> tuple[Wrong, ...]:
    """What the judges of health found, as a report holds it, the worst first."""
    found = sorted(findings, key=lambda one: -one.level)
    return tuple(Wrong(one.level, one.what, one.do) for one in found)


def worst_first(*wrong: Wrong) -> tuple[Wrong, ...]:
    """The same, the worst first."""
    return tuple(sorted(wrong, key=lambda one: -one.level))


def level(wrong: Iterable[Wrong], small: tuple[str, ...] = ()) -> Level:
    """How bad a report is: as its worst; waiting where *small* names who has not answered yet."""
    found = [one.level for one in wrong]
    return max([*found, Level.WAITING] if small else found, default=Level.OK)
