"""A clock that runs on from wherever a test puts it: what waits a second for Slack waits a second, and no longer."""

from datetime import datetime, timedelta

from bot.clock import SystemClock


class Moved(SystemClock):
    """The machine's clock, so much later. What sleeps when it is moved sleeps on."""

    def __init__(self, at: datetime | None = None) -> None:
        self._by = at - super().now() if at is not None else timedelta()

    @property
    def by(self) -> timedelta:
        """How much later it is than the machine's."""
        return self._by

    def now(self) -> datetime:
        return super().now() + self._by

    def monotonic(self) -> float:
        return super().monotonic() + self._by.total_seconds()

    async def passes(self, **time: float) -> None:
        """Move on: days, hours, minutes, seconds."""
        self._by += timedelta(**time)


class Hurried(Moved):
    """Tells the time as it is, and sleeps a fifth (*times*): ten seconds for a warm function are two."""

    times = 5.0

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / self.times)
