"""How long the bot keeps what: payloads until answered, their rows a week, samples a day, a month, a year."""

import functools
from datetime import timedelta

from tests.wait import eventually

TIDY = 6  # seconds after the start the bot has tidied up


async def test_a_payload_is_emptied_once_answered_and_its_row_stays_a_week(chat, life, moved):
    await life.begins()
    await chat.says("ana", "/aikeys what-i-typed-here")
    await chat.until("what-i-typed-here")
    await moved.passes(seconds=2)  # marks are written with the next commit, a second later at most
    await eventually(lambda: life.rows("SELECT kind, payload, outcome FROM deliveries") == [("command", "", "refused")])
    await life.ends()
    for file in life.file.parent.iterdir():
        assert b"xoxb" not in file.read_bytes()

    await moved.passes(days=7, hours=-1)
    await life.begins()
    await moved.passes(seconds=TIDY)
    assert life.rows("SELECT count(*) FROM deliveries") == [(1,)]
    await life.ends()

    await moved.passes(hours=1)
    await life.begins()
    await moved.passes(seconds=TIDY)
    await eventually(lambda: life.rows("SELECT count(*) FROM deliveries") == [(0,)])


async def test_samples_are_summed_up_and_dropped_in_time(life, moved):
    """The bot's own looks: raw for a day, by the hour for a month, by the day for a year."""
    begun = moved.now()
    midnight = begun.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    tables = {"samples": "at", "sample_hours": "start", "sample_days": "start"}

    def there() -> tuple[bool, ...]:
        """Whether each table still has something of the first look."""
        first = begun.timestamp() + 60
        return tuple(
            bool(life.rows(f"SELECT 1 FROM {table} WHERE {column} < {first}")) for table, column in tables.items()
        )

    def as_expected(expected: tuple[bool, ...]) -> bool:
        return there() == expected

    await life.begins()
    await moved.passes(seconds=2)
    await eventually(lambda: there() == (True, False, False))
    await life.ends()

    for moment, expected in (
        (midnight + timedelta(minutes=10), (True, True, True)),
        (begun + timedelta(hours=26), (False, True, True)),
        (begun + timedelta(days=32), (False, False, True)),
        (begun + timedelta(days=368), (False, False, False)),
    ):
        await moved.passes(seconds=(moment - moved.now()).total_seconds())
        await life.begins()
        await moved.passes(seconds=TIDY)
        await eventually(functools.partial(as_expected, expected))
        await life.ends()
