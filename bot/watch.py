"""The bot looks by itself, so that the trend of the last hour is there when somebody asks."""

import structlog

from bot.context import Context
from bot.health.look import look

log = structlog.get_logger(__name__)

LATE = 3  # cadences without a finished look before the bot calls itself not ready


class Watch:
    """Keeps the samples coming. `recent` is false when the last look is older than three cadences."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._last = ctx.clock.monotonic()  # not the time of day: that jumps

    async def round(self) -> None:
        """Look once, to the end; the look itself keeps its samples and gives up in time."""
        verdict = ""
        async for checkup in look(self._ctx):
            verdict = checkup.level
        self._last = self._ctx.clock.monotonic()
        log.debug("watch.looked", verdict=verdict)

    @property
    def recent(self) -> bool:
        """True while looks finish in time."""
        return self._ctx.clock.monotonic() - self._last <= LATE * self._ctx.settings.look_every
