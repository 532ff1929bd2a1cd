"""The bot looks by itself: it knows before a customer writes, and has the last hour's trend when somebody asks."""

import structlog

from bot.context import Context
from bot.health.judge import judge
from bot.health.look import Checkup
from bot.health.memory import recall
from bot.incidents.asking import EACH, due
from bot.incidents.seeing import Eyes, Glimpse

log = structlog.get_logger(__name__)

LATE = 3  # cadences without a finished look before the bot calls itself not ready


class Watch:
    """Keeps the looks coming. `recent` is false when the last one is older than three cadences."""

    def __init__(self, ctx: Context, eyes: Eyes) -> None:
        self._ctx = ctx
        self._eyes = eyes
        self._rounds = 0
        self._seen: Checkup | None = None
        self._last = ctx.clock.monotonic()  # not the time of day: that jumps

    async def round(self) -> None:
        """Look once at what is due, to the end; the look itself keeps its samples and gives up in time."""
        whole = self._rounds % EACH == 0
        asked = due(self._rounds)
        self._rounds += 1
        began = self._ctx.clock.monotonic()
        seen = await self._eyes.look(asked)
        if whole:
            self._seen = self._checkup(seen, self._ctx.clock.monotonic() - began)
        self._last = self._ctx.clock.monotonic()
        log.debug("watch.looked", verdict=self._seen.level if self._seen else "", asked=len(asked))

    def _checkup(self, seen: Glimpse, seconds: float) -> Checkup:
        return Checkup(
            target=self._ctx.target,
            caller=self._ctx.caller,
            part=None,
            answers=seen.answers,
            judgement=judge(seen.answers),
            memory=recall(self._ctx.store, seen.answers, seen.at),
            at=seen.at,
            seconds=seconds,
        )

    @property
    def recent(self) -> bool:
        """True while looks finish in time."""
        return self._ctx.clock.monotonic() - self._last <= LATE * self._ctx.settings.look_every

    def looked(self) -> tuple[Checkup | None, bool]:
        """The last look at everything, taken to its end, and whether looks are recent; None before the first."""
        return self._seen, self.recent
