"""A clock that runs faster than the machine's, so that waits pass quickly while connections are real."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


class Hurried:
    """Implements `bot.clock.Clock`, *times* as fast."""

    def __init__(self, times: float = 20, start: datetime = START) -> None:
        self._times = times
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The start plus what has passed."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds passed here."""
        return (time.monotonic() - self._began) * self._times

    async def sleep(self, seconds: float) -> None:
        """Return when *seconds* have passed here."""
        await asyncio.sleep(seconds / self._times)
