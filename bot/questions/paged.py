"""What the watch has told and nobody has called over, on the cards of the same subject.

A card judges by the same thresholds as the watch (bot.context.Context.limits), yet at another moment and over another
span: a day's median is calm while ten minutes are not. So no card says “fine” while the watch pages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import structlog

from bot.health.judgement import Level
from bot.incidents.evidence import evidence
from bot.report import Wrong
from store.database import Store
from store.errors import StoreError

log = structlog.get_logger(__name__)

_KILLS = frozenset({"project_away", "database_outage", "database_read_only", "wallet_unreachable"})
_WEBHOOK = frozenset({"webhooks_dead", "webhook_errors", "webhook_errors_slow", "webhooks_silent", "signature_attack"})
_FUNCTION = frozenset({"function_errors", "function_slow", "function_wrong", "function_changed", "webhook_changed"})
_DATABASE = frozenset({"database_in_doubt", "database_slow", "connections_high", "disk_filling"})
# The detectors whose open incident a card tells of, by the question that is asked.
CARDS: Mapping[str, frozenset[str]] = {
    "webhooks": _KILLS | _WEBHOOK | {"secret_missing", "webhook_changed"},
    "security": _KILLS
    | {"high_risk_events", "high_risk_event", "signature_attack", "sign_in_errors", "secret_changed"}
    | {"migration_changed", "webhook_changed", "function_changed"},
    "perf": _KILLS | {"wallet_slow", "database_slow", "connections_high", "disk_filling"}
    | {"function_slow", "function_errors"},
    "functions": _KILLS | _FUNCTION,
    "backups": frozenset({"backup_late", "recovery_off"}),
    "db": _KILLS | _DATABASE,
    "triage webhook": _KILLS | _WEBHOOK | {"secret_missing", "webhook_changed", "secret_changed"},
    "triage database": _KILLS | _DATABASE,
    "triage function": _KILLS | _FUNCTION | {"wallet_slow", "secret_missing"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paged:
    """One open incident of the watch's own. *what* it saw last, in a sentence."""

    number: int
    severity: str
    title: str
    what: str


def paged(store: Store, card: str) -> tuple[Paged, ...]:
    """What is open of the subject of *card*, P0 first; a damaged memory takes no card away."""
    try:
        found = [
            store.incidents.of(one.subject) for one in store.events.open_incidents() if one.dedup_key in CARDS[card]
        ]
        return tuple(
            Paged(one.number, one.severity, one.title, evidence(one, store.incidents.story(one.subject)).what)
            for one in found
        )
    except StoreError as error:
        log.warning("paged.unreadable", error=str(error))
        return ()


def told_open(wrong: Iterable[Wrong], open_now: Iterable[Paged]) -> list[Wrong]:
    """*wrong*, and each of *open_now* that it does not say in the same words already."""
    found = list(wrong)
    said = {one.what for one in found}
    return found + [
        Wrong(
            Level.DOWN if one.severity == "P0" else Level.DEGRADED,
            f"Open since I saw it: {one.severity} {one.title}. {one.what}".strip(),
            f"See what was done about it: /aikeys incident show {one.number}",
        )
        for one in open_now
        if one.what not in said
    ]
