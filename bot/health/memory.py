"""What the bot remembers that belongs on the card: the last hour, open incidents, the last deploy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.clients.errors import Failure
from bot.clients.wallet import Health
from bot.health.answers import Answers, Deliveries, Question, WebhooksCounted
from bot.health.trend import HOUR, NOTHING, Trend, trend
from store.database import Store
from store.errors import StoreError
from store.samples import Sample, State
from store.views import Deploy, OpenIncident

log = structlog.get_logger(__name__)

WALLET = "wallet"  # the source of samples; part "" is /health itself, part "database" the latency it reports
DATABASE = "database"
WEBHOOKS, FAILED = "webhooks", "failed"  # its value: how many deliveries failed in the last hour
ANSWERED = "answered"  # samples of how each question was answered; the part is the question


@dataclass(frozen=True, slots=True)
class Memory:
    """*readable* is false where the database could not be read: then only the values of now mean anything."""

    response: Trend = NOTHING
    database: Trend = NOTHING
    incidents: tuple[OpenIncident, ...] = ()
    deploy: Deploy | None = None
    readable: bool = True


def recall(store: Store, answers: Answers, now: datetime) -> Memory:
    """Read what the card needs; a damaged memory takes no card away."""
    response = latency = None
    if isinstance(answers.wallet, Health):
        response = answers.wallet.seconds * 1000
        latency = answers.wallet.report.database.latency_ms if answers.wallet.report.database else None
    try:
        return Memory(
            response=trend("wallet", response, _hour(store, "", now), now),
            database=trend("database", latency, _hour(store, DATABASE, now), now),
            incidents=tuple(store.events.open_incidents()),
            deploy=store.events.last_deploy(),
        )
    except StoreError as error:
        log.warning("health.memory.unreadable", error=str(error))
        return Memory(Trend("wallet", response, None), Trend("database", latency, None), readable=False)


def keep(store: Store, answers: Answers, took: Mapping[Question, float], now: datetime) -> None:
    """Keep one look's samples. *took* is how long each question took, in seconds."""
    samples = [
        Sample(now, ANSWERED, question.value, _state(getattr(answers, question.value)), 1000 * seconds)
        for question, seconds in took.items()
    ]
    match answers.wallet:
        case Health(report, seconds):
            samples.append(Sample(now, WALLET, "", "ok", 1000 * seconds))
            if report.database is not None:
                state: State = "ok" if report.database.connected else "failed"
                samples.append(Sample(now, WALLET, DATABASE, state, report.database.latency_ms))
            elif report.status == "unhealthy":  # after an exception of its own it says nothing else of its database
                samples.append(Sample(now, WALLET, DATABASE, "failed"))
        case Failure():
            samples.append(Sample(now, WALLET, "", "failed"))
    match answers.webhooks:
        case WebhooksCounted(deliveries=Deliveries(hour_failed=failed)):
            samples.append(Sample(now, WEBHOOKS, FAILED, "ok", value=float(failed)))
    try:
        store.samples.keep(samples)
    except StoreError as error:
        log.warning("health.memory.unwritable", error=str(error))


def _hour(store: Store, part: str, now: datetime) -> list[tuple[datetime, float]]:
    """The hour's latencies; a database that is down has a latency of nothing, not of zero."""
    samples = store.samples.since(WALLET, now - HOUR, part)
    return [(one.at, one.latency_ms) for one in samples if one.latency_ms is not None and one.state == "ok"]


def _state(answer: object) -> State:
    return "unknown" if isinstance(answer, Failure) else "ok"
