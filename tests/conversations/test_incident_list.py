"""`/aikeys incident list`: those of a month, as the team counts months."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.incidents.months import month
from tests.chat import words


async def test_those_of_this_month_and_none_of_another(chat, bot):
    bot.store.incidents.open("P0", "Down", "a", bot.clock.now())
    bot.store.incidents.open("P1", "Slow <!channel>", "b", bot.clock.now())
    await chat.says("zoe", "/aikeys incident list")
    found = words(await chat.until("2 incidents in", "zoe"))
    assert "Down" in found
    assert "<!channel>" not in found
    await chat.says("zoe", "/aikeys incident list 2025-02")
    await chat.until("No incidents in February 2025", "zoe")
    await chat.says("zoe", "/aikeys incident list 2025-13")
    await chat.until("month", "zoe")


@pytest.mark.parametrize(
    ("said", "zone", "begins", "ends"),
    [
        ("2026-12", "UTC", datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (None, "Europe/Madrid", datetime(2026, 10, 31, 23, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("2026-03", "Europe/Madrid", datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)),
    ],
)
def test_a_month_is_the_teams(said, zone, begins, ends):
    found = month(said, datetime(2026, 10, 31, 23, 30, tzinfo=UTC), ZoneInfo(zone))
    assert (found.begins, found.ends) == (begins, ends)
