"""The bot looks by itself, so that the trend of the last hour is there when somebody asks."""

import structlog

from bot.context import Context
from bot.health.look import Checkup, look

log = structlog.get_logger(__name__)

LATE = 3  # cadences without a finished look before the bot calls itself not ready


class Watch:
    """Keeps the samples coming. `recent` is false when the last look is older than three cadences."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._seen: Checkup | None = None
        self._last = ctx.clock.monotonic()  # not the time of day: that jumps

    async def round(self) -> None:
        """Look once, to the end; the look itself keeps its samples and gives up in time."""
        verdict = ""
        seen = None
        async for checkup in look(self._ctx):
            verdict, seen = checkup.level, checkup
        self._seen = seen
        self._last = self._ctx.clock.monotonic()
        log.debug("watch.looked", verdict=verdict)

    @property
    def recent(self) -> bool:
        """True while looks finish in time."""
        return self._ctx.clock.monotonic() - self._last <= LATE * self._ctx.settings.look_every

    def looked(self) -> tuple[Checkup | None, bool]:
        """The last look, taken to its end, and whether it is recent; None before the first."""
        return self._seen, self.recent
