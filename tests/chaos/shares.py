"""The time of a programme, shared out among all that it tries."""

import time


class Time:
    """How much there is for all that is tried: *seconds*, for so many *things*, one after the other."""

    def __init__(self, seconds: float, things: int) -> None:
        now = time.monotonic()
        self._half, self._end, self._left = now + seconds / 2, now + seconds, things
        self._enough = self._share = self._end

    def next(self) -> None:
        """Another one begins."""
        now = time.monotonic()
        share = max(0.0, self._end - now) / self._left
        self._enough, self._share = max(self._half, now + share / 2), max(self._half, now + share)
        self._left -= 1

    def short(self) -> bool:
        """True where half of all is over, and half of the share that this one has of the rest."""
        return time.monotonic() > self._enough

    def over(self) -> bool:
        """True where half of all is over, and the whole of its share."""
        return time.monotonic() > self._share

    def gone(self) -> bool:
        """True where all of it is over: what has not begun is left out."""
        return time.monotonic() > self._end
