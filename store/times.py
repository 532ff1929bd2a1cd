"""How a time is kept.

Events and deliveries: ISO 8601 text in UTC, always with six decimals, so that text order is time order and a person
with a SQLite shell can read it. Health samples, of which there are many and which are cut into hours and days:
seconds since 1970 as a real number (exact to the microsecond until the year 2255).
"""

from datetime import UTC, datetime, timedelta

SLEWED = timedelta(minutes=1)  # a clock that is put right may go back by so much and mean nothing


def to_text(at: datetime) -> str:
    """2026-07-04T12:00:00.000000+00:00. Raises ValueError for a time without a zone."""
    return _aware(at).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """The aware UTC datetime that *to_text* wrote."""
    return datetime.fromisoformat(text)


def to_seconds(at: datetime) -> float:
    """Seconds since 1970. Raises ValueError for a time without a zone."""
    return _aware(at).timestamp()


def from_seconds(seconds: float) -> datetime:
    """The aware UTC datetime of *seconds* since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone: the store keeps UTC")
    return at if at.tzinfo is UTC else at.astimezone(UTC)
