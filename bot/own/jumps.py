"""The clock of the machine is put back: what was put off by seconds must not wait for that hour to come again.

What is tried later lies in rows with a time of day, so that a restart knows it. A letter of a P0 that waits for its
next try would otherwise wait for as long as the clock was put back.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.clock import Clock

log = structlog.get_logger(__name__)

BACK = 2.0  # seconds that the time of day may fall behind what has passed: time services slew by less

Hurry = Callable[[datetime], None]


class Jumps:
    """At each `round` holds the time of day against what has passed. *hurry*: what to try now, where it was put back.

    Timers and deadlines keep their time of day: what is due at nine is due at nine, also by a clock set right.
    """

    def __init__(self, clock: Clock, hurry: Sequence[Hurry]) -> None:
        self._clock = clock
        self._hurry = hurry
        self._seen = self._offset()

    async def round(self) -> None:
        """Compare. What could not be written is tried in the next round."""
        offset = self._offset()
        if self._seen - offset > BACK:
            log.warning("clock.put.back", seconds=round(self._seen - offset))
            for hurry in self._hurry:
                hurry(self._clock.now())
        self._seen = offset

    def _offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()
