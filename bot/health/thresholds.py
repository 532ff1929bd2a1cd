"""From which number on something is wrong. Each with whose figure it is.

A team overrides them in one file (bot.settings.tuning); what is handed through is one frozen object, so that card and
alarm judge by the same.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any

EASED = 0.7  # of its threshold a value must have fallen below before an alarm calls it over: not just under the line


@dataclass(frozen=True, slots=True)
class Figure:
    """What people read about a threshold: its unit, whose figure it is, and the bounds of what may be set.

    *eases*: while an alarm of it is open it counts as over only below EASED times the threshold.
    """

    unit: str
    why: str
    least: float
    most: float
    eases: bool = False


def _is(default: float, unit: str, *, least: float, most: float, eases: bool = False, why: str) -> Any:
    return field(default=default, metadata={"figure": Figure(unit, why, least, most, eases)})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All that a team may set. The names are those of the file."""

    # fmt: off  # two lines each: what is set, and why
    response_slow: float = _is(2.0, "s", least=0.1, most=30, eases=True, why="The owners: “warning: response > 2 s”.")
    response_critical: float = _is(5.0, "s", least=0.5, most=60, why="The owners: “critical: /health slower than 5 s”.")
    database_slow: float = _is(
        500.0,
        "ms",
        least=10,
        most=10_000,
        eases=True,
        why="The owners: “warning: database latency > 500 ms”; /health says degraded only from 1 s on.",
    )
    database_usual: float = _is(
        3.0,
        "× usual",
        least=1.5,
        most=100,
        eases=True,
        why="p95 of ten minutes against the same hour of the week: what doubles is a busy day, what trebles is not.",
    )
    database_floor: float = _is(
        250.0,
        "ms",
        least=1,
        most=10_000,
        eases=True,
        why="Below it three times the usual is jitter: the usual is 45 ms.",
    )
    webhook_failed_rate: float = _is(
        0.10, "of an hour's", least=0.001, most=1, eases=True, why="The owners: “failed webhook rate > 10 %”."
    )
    webhook_failed: float = _is(
        5,
        "in an hour",
        least=1,
        most=10_000,
        why="The owners: “failedWebhooks > 5”, on the card; an alarm goes by the burn rates: of 1,000 an hour "
        "five are noise.",
    )
    webhook_dead_attempts: float = _is(
        5,
        "in 10 min",
        least=2,
        most=1000,
        why="So many attempts and no success are processing that stopped, not noise.",
    )
    budget: float = _is(
        0.005,
        "of all",
        least=0.0001,
        most=0.2,
        why="99.5 % of webhooks succeed: the share that may fail, from which the burn rates count.",
    )
    burn_fast: float = _is(
        14.4,
        "× budget",
        least=1,
        most=1000,
        eases=True,
        why="In an hour and in its last 5 minutes: 2 % of a month's budget (SRE workbook, table 5-8).",
    )
    burn_slow: float = _is(
        6.0,
        "× budget",
        least=1,
        most=1000,
        eases=True,
        why="In six hours and in their last 30 minutes: 5 % of a month's budget (the same).",
    )
    burn_fewest: float = _is(
        10,
        "in an hour",
        least=1,
        most=10_000,
        why="Of fewer webhooks one failure is a rate, and would page thirty times a month.",
    )
    burn_fewest_failed: float = _is(
        5, "in an hour", least=1, most=1000, why="The same floor, in failures: at 30 an hour three page twice a month."
    )
    burn_slow_failed: float = _is(7, "in 6 h", least=1, most=1000, why="The same floor for the slow burn.")
    silence_minutes: float = _is(30, "min", least=5, most=10_000, why="No silence is shorter than this.")
    silence_gaps: float = _is(
        8,
        "× mean gap",
        least=2,
        most=1000,
        why="Of the day, where an hour of the week has no past: random arrivals leave such a gap once in 3,000.",
    )
    silence_usual: float = _is(
        4,
        "× p99 gap",
        least=1.5,
        most=100,
        why="Of the same hour of the week in four weeks: the longest usual gap, four times over.",
    )
    signatures_attack: float = _is(
        20, "in 5 min", least=2, most=10_000, why="More wrong signatures are an attack, or our own wrong secret."
    )
    signatures_sources: float = _is(
        5, "addresses in 5 min", least=2, most=1000, why="So many at once are no misconfigured sender."
    )
    signatures_noise: float = _is(
        5, "in an hour", least=0, most=10_000, why="So many are noise of the open internet: the address is public."
    )
    high_risk_critical: float = _is(
        5,
        "in an hour",
        least=1,
        most=1000,
        why="The owners: “more than 5 high-risk security events in 1 h”; one alone is a P1.",
    )
    auth_times: float = _is(
        5,
        "× usual",
        least=1.5,
        most=100,
        eases=True,
        why="Errors of sign-ins in an hour against the same hour of the week.",
    )
    auth_fewest: float = _is(50, "in an hour", least=1, most=100_000, eases=True, why="Fewer are people who mistype.")
    function_failed_rate: float = _is(
        0.05, "of an hour's", least=0.001, most=1, eases=True, why="The owners: “function error rate < 5 %”."
    )
    function_slow: float = _is(
        2.0,
        "× usual",
        least=1.2,
        most=100,
        eases=True,
        why="p95 of an hour against the hours before; and beyond the floor.",
    )
    function_floor: float = _is(2000, "ms", least=10, most=60_000, eases=True, why="The owners: “function p95 < 2 s”.")
    function_fewest: float = _is(
        20,
        "calls in an hour",
        least=1,
        most=100_000,
        why="Of fewer calls a p95 is the slowest one, which may be a cold start.",
    )
    connections_high: float = _is(
        0.85, "of the limit", least=0.1, most=1, eases=True, why="What is left is gone in one burst."
    )
    disk_high: float = _is(
        0.90,
        "of the disk",
        least=0.1,
        most=0.95,
        why="At 95 % Supabase makes the database read-only; five points earlier there is time.",
    )
    backup_late: float = _is(
        26, "h", least=1, most=400, why="One a day (Supabase docs), and two hours for the run itself."
    )
    token_days: float = _is(
        14,
        "days",
        least=1,
        most=180,
        why="Before the bot's own token ends: a new one needs an owner, who may be away for a week.",
    )
    # fmt: on

    def eased(self) -> "Thresholds":
        """What a value must fall below before an open alarm is over."""
        return replace(self, **{name: EASED * getattr(self, name) for name, one in figures().items() if one.eases})


def figures() -> dict[str, Figure]:
    """What people read about each, by its name, in the order of declaration."""
    return {one.name: one.metadata["figure"] for one in fields(Thresholds)}


DEFAULTS = Thresholds()

# Not to be set: what the wallet itself does, whatever we think of it.
DATABASE_SELF_DEGRADED = 1000.0  # ms; /health itself says degraded only from here on
HIGH_RISK_SCORE = 70  # the wallet counts risk_score above this
HIGH_RISK_SELF_DEGRADED = 10  # /health says degraded from here on, in 24 hours
