"""A month of the team's: in its own time zone, as people count them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"


@dataclass(frozen=True, slots=True)
class Month:
    """From *begins* on, and before *ends*."""

    name: str
    begins: datetime
    ends: datetime


def month(said: str | None, now: datetime, zone: ZoneInfo) -> Month:
    """The month *said* (2026-10, which MONTH lets through), or the one that is now in *zone*."""
    local = now.astimezone(zone)
    year, number = map(int, said.split("-")) if said else (local.year, local.month)
    begins = datetime(year, number, 1, tzinfo=zone)
    ends = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return Month(f"{begins:%B %Y}", begins, ends)
