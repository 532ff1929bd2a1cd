"""The bot looks by itself, so that the trend of the last hour is there when somebody asks."""

from datetime import datetime, timedelta

import structlog

from bot.context import Context
from bot.health.look import look

log = structlog.get_logger(__name__)

LATE = 3  # cadences without a finished look before the bot calls itself not ready


class Watch:
    """Keeps the samples coming. `recent` is false when the last look is older than three cadences."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._every = timedelta(seconds=ctx.settings.look_every)
        self._started = ctx.clock.now()
        self.last: datetime | None = None

    async def round(self) -> None:
        """Look once, to the end; the look itself keeps its samples."""
        verdict = ""
        async for checkup in look(self._ctx):
            verdict = checkup.level
        self.last = self._ctx.clock.now()
        log.debug("watch.looked", verdict=verdict)

    @property
    def recent(self) -> bool:
        """True while looks finish in time."""
        return self._ctx.clock.now() - (self.last or self._started) <= LATE * self._every
