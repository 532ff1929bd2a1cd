"""Words to a restore point or a second, and which migrations a moment undoes: tables."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clients.supabase import Applied
from bot.errors import Refused
from bot.restoring import record
from bot.restoring.planning import undone
from bot.restoring.points import named
from bot.restoring.target import Target, read

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def at(day: int, hour: int, minute: int, second: int = 0) -> Target:
    return Target(at=datetime(2026, 11, day, hour, minute, second, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("before-the-fix", Target("before-the-fix")),
        ("20m-point", Target("20m-point")),
        ("14:30", at(25, 13, 30)),
        ("14:30:05", at(25, 13, 30, 5)),
        ("23:00", at(24, 22, 0)),  # it has not come yet today: yesterday's
        ("20m", at(25, 13, 40)),
        ("2h ago", at(25, 12, 0)),
        ("2026-11-24 14:30:00", at(24, 13, 30)),
        ("2026-11-24T14:30:00Z", at(24, 14, 30)),
    ],
)
def test_what_is_meant(text, target):
    assert read(text, NOW, MADRID) == target


@pytest.mark.parametrize(
    "text", ["", "a b", "x" * 21, "24:00:00", "2026-13-01 10:00", "-rf", "2027-01-01 10:00", "';--"]
)
def test_what_is_refused(text):
    with pytest.raises(Refused) as refused:
        read(text, NOW, MADRID)
    assert refused.value.do


def test_two_points_of_one_minute_have_two_names():
    """Else the question whether the second is there would find the first."""
    names = [named(NOW + timedelta(seconds=one)) for one in (0, 1)]
    assert names == ["aikeys-1125-140000", "aikeys-1125-140001"]
    assert [read(one, NOW, MADRID) for one in names] == [Target(one) for one in names], "it can be gone back to"


def test_what_a_moment_undoes():
    """Written after it: undone. The platform's own odd versions are left alone."""
    history = [Applied(version=one) for one in ("20261125135959", "20261125140000", "20261125140001", "7")]
    assert [one.version for one in undone(history, NOW)] == ["20261125140001"]
    late = frozenset({"20261125135959", "20260101000000"})  # applied through the bot; the second was taken back since
    assert [one.version for one in undone(history, NOW, late)] == ["20261125135959", "20261125140001"]


def test_what_stood_before_a_moment_is_not_undone_by_going_back_to_it():
    """The bot's own timeline knows when it applied what; a file may bear a date to come."""
    history = [Applied(version=one) for one in ("20261125140001", "20271231000000", "20280101000000")]
    assert [one.version for one in undone(history, NOW, stood=frozenset({"20271231000000"}))] == [
        "20261125140001",
        "20280101000000",
    ]


def test_what_is_known_to_have_stood(store):
    """Not what was taken back since, unless it was applied again; and nothing that is older than a restore."""

    def happens(version: str, kind: str, minutes: int) -> None:
        store.events.append(f"migration/{version}", kind, "U0BEN", {}, NOW + timedelta(minutes=minutes))

    happens("1", record.APPLIED, -9)
    store.events.append(record.SUBJECT, record.RESTORED, "U0BEN", {}, NOW - timedelta(minutes=8))
    assert record.stood(store, NOW) == frozenset()
    for version in ("2", "3", "4"):
        happens(version, record.APPLIED, -7)
    happens("3", record.TAKEN_BACK, -6)
    happens("4", record.TAKEN_BACK, -6)
    happens("4", record.APPLIED, -5)
    happens("5", record.APPLIED, 1)
    assert record.stood(store, NOW) == {"2", "4"}
    assert record.stood(store, NOW + timedelta(minutes=1)) == {"2", "4", "5"}
    assert record.applied(store, NOW) == {"5"}
