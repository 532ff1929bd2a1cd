"""The bot looks by itself: it knows before a customer writes, and has the last hour's trend when somebody asks."""

import structlog

from bot.context import Context
from bot.detectors import QUICK
from bot.health.look import Checkup
from bot.incidents.seeing import Eyes

log = structlog.get_logger(__name__)

LATE = 3  # cadences without a finished look before the bot calls itself not ready
EACH = 4  # one look in so many asks everything; with the default cadence every 15 s and every minute


class Watch:
    """Keeps the looks coming. `recent` is false when the last one is older than three cadences."""

    def __init__(self, ctx: Context, eyes: Eyes) -> None:
        self._ctx = ctx
        self._eyes = eyes
        self._looks = 0
        self._seen: Checkup | None = None
        self._last = ctx.clock.monotonic()  # not the time of day: that jumps

    async def round(self) -> None:
        """Look once, to the end; the look itself keeps its samples and gives up in time."""
        part = None if self._looks % EACH == 0 else QUICK
        self._looks += 1
        seen = await self._eyes.look(part)
        if part is None:
            self._seen = seen
        self._last = self._ctx.clock.monotonic()
        log.debug("watch.looked", verdict=seen.level if seen else "", part=part or "all")

    @property
    def recent(self) -> bool:
        """True while looks finish in time."""
        return self._ctx.clock.monotonic() - self._last <= LATE * self._ctx.settings.look_every

    def looked(self) -> tuple[Checkup | None, bool]:
        """The last look at everything, taken to its end, and whether looks are recent; None before the first."""
        return self._seen, self.recent
