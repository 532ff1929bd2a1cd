"""Rate limits, on the workspace's clock (docs.slack.dev, “Rate limits”).

A method of tier 1 to 4 may be called 1, 20, 50 or 100 times in any 60 s. Posting is allowed about once a second a
channel with short bursts (a bucket of five here), and several hundred times a minute in the workspace (300 here:
Slack does not publish the number).
"""

from collections import deque
from math import ceil

from bot.clock import Clock

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
BURST = 5
WORKSPACE_POSTS = 300
SPECIAL = 600  # auth.test: “hundreds of requests a minute”


class RateLimited(Exception):
    """HTTP 429 with `Retry-After: retry_after` (whole seconds, at least 1)."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"try again in {retry_after:.1f} s")
        self.retry_after = max(1, ceil(retry_after))


class Limits:
    """Counts what was let through; `off` lets everything pass, for measurements of something else."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: dict[str, deque[float]] = {}
        self._buckets: dict[str, tuple[float, float]] = {}
        self.off = False

    def call(self, method: str, tier: int | None) -> None:
        """Count a call of *method*; `tier` None is Slack's “special”. Raises RateLimited."""
        self._window(method, PER_MINUTE[tier] if tier else SPECIAL)

    def post(self, channel: str) -> None:
        """Count a message posted there. Raises RateLimited."""
        if self.off:
            return
        now = self._clock.monotonic()
        tokens, since = self._buckets.get(channel, (float(BURST), now))
        tokens = min(float(BURST), tokens + now - since)
        if tokens < 1:
            raise RateLimited(1 - tokens)
        self._window("workspace posts", WORKSPACE_POSTS)
        self._buckets[channel] = (tokens - 1, now)

    def _window(self, name: str, most: int) -> None:
        if self.off:
            return
        now = self._clock.monotonic()
        calls = self._calls.setdefault(name, deque())
        while calls and now - calls[0] >= 60:
            calls.popleft()
        if len(calls) >= most:
            raise RateLimited(60 - (now - calls[0]))
        calls.append(now)
