"""What a judgement is made of."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How bad, in order. UNKNOWN is never healthy, and never an outage."""

    OK = 0
    WAITING = 1
    UNKNOWN = 2
    DEGRADED = 3
    DOWN = 4


class Topic(StrEnum):
    """A line on the card, in its order."""

    WALLET = "Wallet"
    DATABASE = "Database"
    WEBHOOKS = "Webhooks"
    FUNCTIONS = "Functions"
    SECRETS = "Secrets"
    SERVICES = "Services"
    SECURITY = "Security"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a *title* of few words, *what* it is, what to *do*. Plain text, not yet escaped."""

    topic: Topic
    level: Level
    title: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One named thing within a topic, for `health <part>`."""

    level: Level
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is thought of one topic. *says* is its state in a few words."""

    topic: Topic
    level: Level
    says: str
    findings: tuple[Finding, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The whole: *line* is the verdict in one line, *findings* the worst first, *missing* who has not answered yet."""

    level: Level
    line: str
    findings: tuple[Finding, ...]
    opinions: tuple[Opinion, ...]
    missing: tuple[str, ...] = ()


def opinion(
    topic: Topic, says: str, *findings: Finding, details: tuple[Detail, ...] = (), at_least: Level = Level.OK
) -> Opinion:
    """An opinion as bad as the worst of its findings."""
    level = max((finding.level for finding in findings), default=Level.OK)
    return Opinion(topic, max(level, at_least), says, findings, details)


def waiting(topic: Topic) -> Opinion:
    """Nothing to go by yet."""
    return Opinion(topic, Level.WAITING, "no answer yet")


def unknown(topic: Topic, says: str = "not known") -> Opinion:
    """It could not be asked; `judges.silence` says why."""
    return Opinion(topic, Level.UNKNOWN, says)
