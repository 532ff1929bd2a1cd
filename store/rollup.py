"""Summing samples up into hours and days, and dropping what is older than anyone asks for.

A figure is always made from all raw samples of its hour or day, never from other figures (the 95th percentile of a
day cannot be had from those of its hours). So raw samples go by whole hours, a day is summed up while all of it is
there, and the mark `raw_from` says from when on that is so. Samples that come in for a time before it are dropped:
they would turn a full hour's figures into those of one sample.
"""

import sqlite3

HOUR, DAY = 3600, 86_400
KEEP_RAW, KEEP_HOURS, KEEP_DAYS = DAY, 30 * DAY, 365 * DAY
# Hours summed up again each time: the clock may have been ahead for a while, and then they were not over.
AGAIN = 2 * HOUR

_GROUPS = """
    SELECT source, part, count(*), sum(state = 'failed'), sum(state = 'unknown'),
           min(latency_ms), avg(latency_ms), max(latency_ms), count(latency_ms)
    FROM samples WHERE at >= ? AND at < ? GROUP BY source, part"""
# The one with as many above it as the nearest rank leaves; eight times faster than window functions over a day.
_RANKED = """
    SELECT latency_ms FROM samples
    WHERE source = ? AND part = ? AND at >= ? AND at < ? AND latency_ms IS NOT NULL
    ORDER BY latency_ms DESC LIMIT 1 OFFSET ?"""


def roll_up(raw: sqlite3.Connection, now: float) -> None:
    """Bring both tables up to *now* (seconds since 1970), inside the caller's transaction."""
    raw_from, rolled_to = raw.execute("SELECT raw_from, rolled_to FROM sample_marks").fetchone()
    hour, day = now // HOUR * HOUR, now // DAY * DAY
    (oldest,) = raw.execute("SELECT coalesce(min(at), ?) FROM samples", (now,)).fetchone()
    raw_from = min(raw_from, hour)  # later: the clock was days ahead for a while, and is right again
    first = max(raw_from, min(rolled_to, hour) - AGAIN, oldest // HOUR * HOUR)
    _sum(raw, "sample_hours", HOUR, first, hour)
    # Only days of which every raw sample is still there: raw_from lies at or before their start.
    first_day = max(-(-raw_from // DAY) * DAY, first // DAY * DAY)
    _sum(raw, "sample_days", DAY, first_day, day)
    raw_from = max(raw_from, (now - KEEP_RAW) // HOUR * HOUR)
    raw.execute("UPDATE sample_marks SET raw_from = ?, rolled_to = ?", (raw_from, hour))
    raw.execute("DELETE FROM samples WHERE at < ?", (raw_from,))
    raw.execute("DELETE FROM sample_hours WHERE start < ?", ((now - KEEP_HOURS) // HOUR * HOUR,))
    raw.execute("DELETE FROM sample_days WHERE start < ?", ((now - KEEP_DAYS) // DAY * DAY,))


def _sum(raw: sqlite3.Connection, table: str, width: int, first: float, end: float) -> None:
    """Sum up each span of *width* seconds from *first* on that is over at *end*."""
    while first < end:
        rows = []
        for source, part, count, failed, unknown, least, mean, most, known in raw.execute(
            _GROUPS, (first, first + width)
        ).fetchall():
            # The rank is 19/20 of those that have a latency, rounded up: so 1/20, rounded down, lie above it.
            ranked = raw.execute(_RANKED, (source, part, first, first + width, known // 20)).fetchone()
            p95 = ranked[0] if ranked else None
            rows.append((first, source, part, count, failed, unknown, least, mean, p95, most))
        raw.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608  # ours
        first += width
