"""What was asked and what came back, before anything is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from bot.clients.errors import Failure
from bot.clients.supabase import Function, Project, ReadOnly, Service
from bot.clients.wallet import Health, Pulse
from bot.health.thresholds import DEFAULTS, Thresholds

Part = Literal["database", "webhooks", "functions", "secrets", "services"]


class Question(StrEnum):
    """One of the six things asked, all at the same time. The value is its field in `Answers`."""

    WALLET = "wallet"
    PROJECT = "project"
    SERVICES = "services"
    FUNCTIONS = "functions"
    SECRETS = "secrets"
    WEBHOOKS = "webhooks"


# What each question is called when it is missing on a card.
CALLED: Mapping[Question, str] = {
    Question.WALLET: "the wallet's /health",
    Question.PROJECT: "project status",
    Question.SERVICES: "Supabase's services",
    Question.FUNCTIONS: "functions",
    Question.SECRETS: "secrets",
    Question.WEBHOOKS: "webhook numbers",
}

ASKED_FOR: Mapping[Part | None, tuple[Question, ...]] = {
    None: tuple(Question),
    "database": (Question.WALLET, Question.PROJECT, Question.SERVICES),
    "webhooks": (Question.WALLET, Question.FUNCTIONS, Question.WEBHOOKS),
    "functions": (Question.WALLET, Question.FUNCTIONS),
    "secrets": (Question.WALLET, Question.SECRETS),
    "services": (Question.PROJECT, Question.SERVICES),
}


class ProjectSeen(Project):
    """The project, and whether the platform lets nothing be written to its database; None where that is not known."""

    read_only: bool | None = None

    @classmethod
    def of(cls, project: Project, writes: ReadOnly | Failure | None) -> "ProjectSeen":
        """Of a token that may not ask whether it is read-only, that is all that is missing."""
        return cls(**project.model_dump(), read_only=writes.in_force if isinstance(writes, ReadOnly) else None)


@dataclass(frozen=True, slots=True)
class FunctionsSeen:
    """The list, and what the declared probes found, by slug."""

    listed: tuple[Function, ...] | Failure
    pulses: Mapping[str, Pulse | Failure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Events:
    """Real events in `payment_events`. *quiet* is seconds since the last one; None where there never was one.

    *usual*, seconds: in this hour of the week, in four weeks, 99 of 100 gaps were shorter; None: too few known.
    """

    last_hour: int
    last_day: int
    quiet: float | None
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Attempts in `idempotency_keys`; *failed* ended with 500 or more. *recent*: of the last ten minutes.

    *five*, *half*, *six*: of five minutes, half an hour, six hours, for the burn rates.
    """

    hour: int
    hour_failed: int
    recent: int
    recent_failed: int
    five: int = 0
    five_failed: int = 0
    half: int = 0
    half_failed: int = 0
    six: int = 0
    six_failed: int = 0


@dataclass(frozen=True, slots=True)
class Suspicions:
    """Rows of `security_events`: signatures that did not match, and high-risk events."""

    signatures_hour: int
    signatures_recent: int
    high_risk_hour: int
    sources: int = 0  # addresses that the recent ones came from


@dataclass(frozen=True, slots=True)
class WebhooksCounted:
    """Three counts, each by its own question: one missing table does not hide the other two."""

    events: Events | Failure
    deliveries: Deliveries | Failure
    suspicions: Suspicions | Failure


@dataclass(frozen=True, slots=True)
class Answers:
    """What has come back so far. None: not yet, or not asked. *limits*: the figures that it is to be judged by."""

    wallet: Health | Failure | None = None
    project: Project | Failure | None = None
    services: tuple[Service, ...] | Failure | None = None
    functions: FunctionsSeen | Failure | None = None
    secrets: frozenset[str] | Failure | None = None
    webhooks: WebhooksCounted | Failure | None = None
    limits: Thresholds = field(default=DEFAULTS, kw_only=True)

    def having(self, question: Question, answer: object) -> "Answers":
        """These and *answer*, which is of the type that *question* gives or a Failure."""
        return replace(self, **{question.value: answer})  # type: ignore[arg-type]  # probes.ASK pairs them

    def failures(self) -> Mapping[Question, tuple[Failure, ...]]:
        """Every question that failed wholly or in part."""
        found: dict[Question, tuple[Failure, ...]] = {}
        for question in Question:
            if failures := failed(getattr(self, question.value)):
                found[question] = failures
        return found


def failed(answer: object) -> tuple[Failure, ...]:
    """What of an answer could not be had: all of it, or parts."""
    parts: tuple[object, ...]
    match answer:
        case FunctionsSeen(listed, pulses):
            parts = (listed, *pulses.values())
        case WebhooksCounted(events, deliveries, suspicions):
            parts = (events, deliveries, suspicions)
        case _:
            parts = (answer,)
    return tuple(each for each in parts if isinstance(each, Failure))
