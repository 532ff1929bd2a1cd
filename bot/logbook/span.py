"""The time that is asked about: from words to two moments, and into pieces of a day. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Refused

LONGEST = timedelta(days=7)  # what Supabase keeps on the Pro plan; each day costs two of thirty questions a minute
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_LASTS = re.compile(r"([1-9]\d{0,4})\s?(s|m|min|h|d|w)", re.IGNORECASE)
_UNITS = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_USE = "Write 30m, 2h, yesterday, 14:30, 2026-11-24 or 2026-11-24T14:30."


@dataclass(frozen=True, slots=True)
class Span:
    """From *start* until before *end*, UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    def pieces(self) -> list["Span"]:
        """The newest first, none longer than a day when widened to whole minutes, as Supabase does."""
        found, end = [], self.end
        while end > self.start:
            start = max(self.start, _ceiling(end) - _DAY)
            found.append(Span(start, end))
            end = start
        return found


def span(since: str, until: str | None, now: datetime, zone: ZoneInfo) -> Span:
    """What *since* and *until* mean to somebody in *zone* at *now*. Raises Refused."""
    start = _moment(since, now, zone, last=False)
    end = now if until is None else _moment(until, now, zone, last=True)
    end = min(end, now)
    if start >= now:
        raise _refused(f"“{since[:40]}” lies ahead.", "Logs are about what was.")
    if start >= end:
        raise _refused("Its end lies before its beginning.", _USE)
    if end - start > LONGEST + _MINUTE:
        raise _refused(
            f"That is {(end - start).days} days; seven are the most.", "Ask for a shorter time with --until."
        )
    return Span(start, end)


def _moment(text: str, now: datetime, zone: ZoneInfo, *, last: bool) -> datetime:
    """*last*: a day means its end."""
    word = text.strip().casefold()
    today = now.astimezone(zone).date()
    if word == "now":
        return now
    if found := _LASTS.fullmatch(word):
        return now - timedelta(**{_UNITS[found[2].casefold()]: int(found[1])})
    if word in {"today", "yesterday"}:
        return _day(today - (_DAY if word == "yesterday" else timedelta()), zone, last=last)
    if found := _AT.fullmatch(word):
        at = _local(today, time(int(found[1]), int(found[2])), zone)
        return at if at <= now else _local(today - _DAY, time(int(found[1]), int(found[2])), zone)
    try:
        if _DATE.fullmatch(word):
            return _day(date.fromisoformat(word), zone, last=last)
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _refused(f"I do not understand the time “{text[:40]}”.", _USE) from None


def _day(day: date, zone: ZoneInfo, *, last: bool) -> datetime:
    return _local(day + _DAY if last else day, time(), zone)


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _ceiling(at: datetime) -> datetime:
    floor = at.replace(second=0, microsecond=0)
    return floor if floor == at else floor + _MINUTE


def _refused(why: str, do: str) -> Refused:
    return Refused("The logs were not asked.", why, do)
