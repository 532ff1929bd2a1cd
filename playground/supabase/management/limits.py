"""The Management API's rate limit, on the playground's clock."""

import math
from dataclasses import dataclass

from bot.clock import Clock

_WINDOW = 60.0  # seconds


@dataclass
class Verdict:
    """What a call may do, and the headers that every answer carries; `reset` is seconds left, not a moment."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """As recorded from the real API."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(self.reset),
        }


class Limits:
    """Counts calls per user, project and endpoint in windows of a minute that begin with the first call.

    `off` lets everything pass, for measurements of something else.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}
        self.ceilings: dict[str, int] = {}  # endpoint → a lower limit, while a switch is on
        self.off = False

    def take(self, project: str, endpoint: str, limit: int, *, spent: bool = False) -> Verdict:
        """Count one call; refused as if the minute's calls were *spent*. A refusal does not lengthen the wait."""
        now, limit = self._clock.monotonic(), min(limit, self.ceilings.get(endpoint, limit))
        begun, used = self._windows.get((project, endpoint), (now, 0))
        if now - begun >= _WINDOW:
            begun, used = now, 0
        if self.off:
            used = 0
        reset = max(1, math.ceil(begun + _WINDOW - now))
        if spent or used >= limit:
            return Verdict(allowed=False, limit=limit, remaining=0, reset=reset)
        self._windows[project, endpoint] = (begun, used + 1)
        return Verdict(allowed=True, limit=limit, remaining=limit - used - 1, reset=reset)

    def clear(self) -> None:
        """Forget every call, and count again."""
        self._windows.clear()
        self.off = False
