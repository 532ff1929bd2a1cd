"""Health samples: each look at the outside, raw for 24 h, by the hour for 30 days, by the day for a year.

All in UTC, so that no hour is missing or doubled. A state is ok, failed (it answered badly or not at all) or unknown
(it could not be asked: that is neither health nor outage).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from store.connection import Connection
from store.rollup import roll_up
from store.times import from_seconds, to_seconds

State = Literal["ok", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Sample:
    """What one look found. *source*: who was asked; *part*: about what ("" for the source itself)."""

    at: datetime
    source: str
    part: str
    state: State
    latency_ms: float | None = None
    value: float | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """An hour or a day of samples, from *start*, as its row is. p95 is the nearest rank over all that have a latency.

    The least and the most are asked by nothing of ours: they are there for whoever opens the file.
    """

    start: datetime
    source: str
    part: str
    count: int
    failed: int
    unknown: int
    min_ms: float | None
    avg_ms: float | None
    p95_ms: float | None
    max_ms: float | None


_KEEP = "INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?, ?, ?)"
_SINCE = "SELECT * FROM samples WHERE source = :source AND part = :part AND at >= :at ORDER BY at"
_SINCE_ALL = "SELECT * FROM samples WHERE source = :source AND at >= :at ORDER BY at, part"
# Jumps from part to part along the index instead of reading a day of samples.
_LATEST = """
    WITH RECURSIVE parts (part) AS (
        SELECT min(part) FROM samples WHERE source = :source
        UNION ALL
        SELECT (SELECT min(s.part) FROM samples AS s WHERE s.source = :source AND s.part > parts.part)
        FROM parts WHERE parts.part IS NOT NULL)
    SELECT s.* FROM parts JOIN samples AS s ON s.source = :source AND s.part = parts.part
        AND s.at = (SELECT max(at) FROM samples WHERE source = :source AND part = parts.part)
    ORDER BY s.part"""


class Samples:
    """Keeps samples, gives them back, sums them up."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, samples: Sequence[Sample]) -> None:
        """Keep *samples* in one transaction. Of two with the same source, part and time the later stays."""
        rows = [
            (to_seconds(one.at), one.source, one.part, one.state, one.latency_ms, one.value, one.detail)
            for one in samples
        ]
        with self._connection.transaction():
            self._connection.raw.executemany(_KEEP, rows)

    def since(self, source: str, at: datetime, part: str | None = None) -> list[Sample]:
        """The raw samples of *source* (of one *part*, or of all) from *at* on, oldest first."""
        sql = _SINCE_ALL if part is None else _SINCE
        return self._samples(sql, {"source": source, "part": part, "at": to_seconds(at)})

    def latest(self, source: str) -> list[Sample]:
        """The newest raw sample of each part of *source*, by part."""
        return self._samples(_LATEST, {"source": source})

    def hours(self, source: str, since: datetime, part: str = "") -> list[Span]:
        """The hours of *source* and *part* that start at or after *since*, oldest first."""
        return self._spans(
            "SELECT * FROM sample_hours WHERE source = ? AND part = ? AND start >= ?", source, part, since
        )

    def days(self, source: str, since: datetime, part: str = "") -> list[Span]:
        """The UTC days of *source* and *part* that start at or after *since*, oldest first."""
        return self._spans(
            "SELECT * FROM sample_days WHERE source = ? AND part = ? AND start >= ?", source, part, since
        )

    def roll_up(self, now: datetime) -> None:
        """Sum up the hours and days that are over, drop what is too old. Doing it twice, or late, changes no figure."""
        with self._connection.transaction():
            roll_up(self._connection.raw, to_seconds(now))

    def _samples(self, sql: str, parameters: dict[str, object]) -> list[Sample]:
        with self._connection.reading():
            return [
                Sample(**(row | {"at": from_seconds(row["at"])})) for row in self._connection.db.query(sql, parameters)
            ]

    def _spans(self, sql: str, source: str, part: str, since: datetime) -> list[Span]:
        with self._connection.reading():
            rows = self._connection.db.query(sql + " ORDER BY start", (source, part, to_seconds(since)))
            return [Span(**(row | {"start": from_seconds(row["start"])})) for row in rows]
