"""What to go back to: the name of a restore point, or a second. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.clients.supabase import LONGEST_NAME
from bot.errors import Refused

NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST_NAME - 1}}}")
_AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_AGO = re.compile(r"([1-9]\d{0,4})\s?(s|m|min|h|d)( ago)?")
_UNITS = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Target:
    """A restore point by *name*, or, where that is empty, the second *at*, UTC."""

    name: str = ""
    at: datetime | None = None


def read(text: str, now: datetime, zone: ZoneInfo) -> Target:
    """What *text* means to somebody in *zone* at *now*: a time where it can be one. Raises Refused."""
    word = text.strip()
    at = _time(word, now, zone)
    if at is None:
        if NAME.fullmatch(word):
            return Target(name=word)
        raise Refused(
            "Nothing was asked for.",
            f"“{word[:40]}” is neither the name of a restore point nor a time.",
            'Write 14:30, 14:30:05, 20m, "2026-11-24 14:30:00", or a name: /aikeys backup lists mine.',
        )
    if at >= now:
        raise Refused("Nothing was asked for.", "That is ahead: {at}.", "Name a time that has passed.", (at,))
    return Target(at=at.replace(microsecond=0))


def _time(word: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    if found := _AGO.fullmatch(word.casefold()):
        return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
    if found := _AT.fullmatch(word):
        today = now.astimezone(zone).date()
        clock = time(int(found[1]), int(found[2]), int(found[3] or 0))
        at = _local(today, clock, zone)
        return at if at < now else _local(today - timedelta(days=1), clock, zone)
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", word):
        return None
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
