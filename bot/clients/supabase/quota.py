"""How many log queries a minute may be put, and who goes first: the bot's own watch, then people, then followers."""

from collections import deque
from enum import IntEnum

from bot.clock import Clock

USUAL = 30  # a minute, per user and project (Supabase docs, "Management API rate limits")
METERED = 10  # a minute, once the log allowance is enforced (Supabase docs, "Log query allowance")
MINUTE = 60.0  # seconds


class Urgency(IntEnum):
    """Who asks. What the later ones leave free is for the earlier ones."""

    WATCH = 0
    PERSON = 1
    FOLLOWER = 2


_LEAVES = {Urgency.WATCH: 0.0, Urgency.PERSON: 0.2, Urgency.FOLLOWER: 0.5}  # share of the minute's queries
_PATIENCE = {Urgency.WATCH: 10.0, Urgency.PERSON: 20.0, Urgency.FOLLOWER: 0.0}  # seconds somebody waits for a turn


class LogQuota:
    """Counts queries of the last minute. *limit* is a minute's queries; Supabase's answers may lower it."""

    def __init__(self, clock: Clock, limit: int = USUAL) -> None:
        self._clock = clock
        self._asked: deque[float] = deque()
        self._refused_until = 0.0
        self.limit = limit

    async def turn(self, urgency: Urgency) -> float:
        """Wait for a turn and take it; return 0. Where waiting is too long: the seconds it would take, not taken."""
        left = _PATIENCE[urgency]
        while (wait := self.wait(urgency)) > 0:
            if wait > left:
                return wait
            left -= wait
            await self._clock.sleep(wait)
        self._asked.append(self._clock.monotonic())
        return 0.0

    def wait(self, urgency: Urgency) -> float:
        """Seconds until somebody of that urgency may ask; 0: now."""
        now = self._clock.monotonic()
        while self._asked and now - self._asked[0] >= MINUTE:
            self._asked.popleft()
        held = max(0.0, self._refused_until - now)
        most = max(1, int(self.limit * (1 - _LEAVES[urgency])))
        if len(self._asked) < most:
            return held
        return max(held, self._asked[len(self._asked) - most] + MINUTE - now)

    def learned(self, limit: int | None) -> None:
        """What an answer said of the limit; it is never believed above the documented one."""
        if limit:
            self.limit = min(limit, USUAL)

    def refused(self, seconds: float) -> None:
        """Supabase said 429: others ask with the same token. Nobody asks for so long."""
        self._refused_until = self._clock.monotonic() + seconds
