"""When the calendar's reviews fall due, in the team's time zone. Pure.

At nine in the morning of a working day, each cadence on a day of its own, so that no morning brings five cards at once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING = time(9)  # exists on every day in every zone: clocks are changed at night
SATURDAY = 5


class Cadence(StrEnum):
    """How often, and from which day of the period on: a Saturday or Sunday is moved to the Monday after."""

    WEEKLY = "weekly"  # on Monday
    MONTHLY = "monthly"  # from the 1st
    MID_MONTH = "monthly, in its middle"  # from the 18th
    QUARTERLY = "quarterly"  # from the 8th of its first month
    MID_QUARTER = "quarterly, a week later"  # from the 15th of its first month
    ANNUAL = "annual"  # from 22 January


_MONTHS = {Cadence.MONTHLY: 1, Cadence.MID_MONTH: 1, Cadence.QUARTERLY: 3, Cadence.MID_QUARTER: 3, Cadence.ANNUAL: 12}
_DAY = {Cadence.MONTHLY: 1, Cadence.MID_MONTH: 18, Cadence.QUARTERLY: 8, Cadence.MID_QUARTER: 15, Cadence.ANNUAL: 22}


@dataclass(frozen=True, slots=True)
class Period:
    """One turn of a cadence. *key*: 2026-W48, 2026-11, 2026-Q4 or 2026; *due*: when, UTC."""

    key: str
    due: datetime


def current(cadence: Cadence, now: datetime, zone: ZoneInfo) -> Period:
    """The period that fell due last, at *now* or before."""
    first = _first(cadence, now.astimezone(zone).date())
    period = _period(cadence, first, zone)
    if period.due <= now:
        return period
    return _period(cadence, _first(cadence, first - timedelta(days=1)), zone)


def following(cadence: Cadence, now: datetime, zone: ZoneInfo) -> Period:
    """The period that falls due next, after *now*."""
    first = _first(cadence, now.astimezone(zone).date())
    period = _period(cadence, first, zone)
    if period.due > now:
        return period
    return _period(cadence, _next(cadence, first), zone)


def passed(cadence: Cadence, after: datetime, until: Period, zone: ZoneInfo) -> list[str]:
    """The keys of the periods that fell due after *after* and before *until*: nobody was asked in them."""
    keys = []
    while (one := following(cadence, after, zone)).due < until.due:
        keys.append(one.key)
        after = one.due
    return keys


def words(key: str) -> str:
    """A period's key as people say it: November 2026, week 48 of 2026, quarter 4 of 2026; another as it is."""
    year, _, rest = key.partition("-")
    if rest.startswith("W"):
        return f"week {rest[1:]} of {year}"
    if rest.startswith("Q"):
        return f"quarter {rest[1:]} of {year}"
    return f"{date(int(year), int(rest), 1):%B %Y}" if rest.isdigit() and 0 < int(rest) < 13 else key


def _first(cadence: Cadence, day: date) -> date:
    """The first day of the period that *day* lies in."""
    if cadence is Cadence.WEEKLY:
        return day - timedelta(days=day.weekday())
    months = _MONTHS[cadence]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next(cadence: Cadence, first: date) -> date:
    if cadence is Cadence.WEEKLY:
        return first + timedelta(days=7)
    months = first.month - 1 + _MONTHS[cadence]
    return date(first.year + months // 12, months % 12 + 1, 1)


def _period(cadence: Cadence, first: date, zone: ZoneInfo) -> Period:
    day = first if cadence is Cadence.WEEKLY else first.replace(day=_DAY[cadence])
    if day.weekday() >= SATURDAY:
        day += timedelta(days=7 - day.weekday())
    due = datetime.combine(day, MORNING, zone).astimezone(UTC)
    return Period(_key(cadence, first), due)


def _key(cadence: Cadence, first: date) -> str:
    match cadence:
        case Cadence.WEEKLY:
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02}"
        case Cadence.MONTHLY | Cadence.MID_MONTH:
            return f"{first:%Y-%m}"
        case Cadence.ANNUAL:
            return f"{first:%Y}"
        case _:
            return f"{first:%Y}-Q{(first.month + 2) // 3}"
