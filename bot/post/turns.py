"""Whose turn it is in a channel that Slack limits (bot.post.outbox): it is waited for once, and the most urgent goes.

Slack takes about one message a second in a channel, and short bursts (docs.slack.dev: rate limits, posting messages).
What is turned away there is not asked again for each letter: the channel rests, and after that only one of them tries.
"""

from collections.abc import Collection

from bot.clock import Clock
from store.letter import Letter, Urgency

PACE = 1.0  # seconds from one message to the next in a channel that was limited lately
LATELY = 10.0  # seconds; then it is tried whether the channel takes bursts again
LONGEST = 60.0  # seconds; Retry-After has no upper bound, and one header must not silence a channel for a day


class Turns:
    """Which channels rest, until when; and which were limited lately, so that one letter at a time goes there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rests: dict[str, float] = {}
        self._paced: dict[str, float] = {}
        self._tight: dict[str, float] = {}

    def limited(self, channel: str, seconds: float) -> float:
        """Slack takes nothing there for so many *seconds*; return for how many it is believed."""
        rests = min(max(seconds, PACE), LONGEST)  # at once, a P0 would ask again and again
        now = self._clock.monotonic()
        self._rests[channel] = now + rests
        self._tight[channel] = now + rests + LATELY
        return rests

    def begun(self, channel: str) -> None:
        """A letter is on its way there."""
        self._paced[channel] = self._clock.monotonic() + PACE

    def free(self, letter: Letter, under_way: Collection[Letter]) -> bool:
        """Whether *letter* may go now, beside those *under way*. A P0 waits for what Slack said, not for our pace."""
        now, channel, first = self._clock.monotonic(), letter.channel, letter.urgency is Urgency.P0
        self._forget(now)
        if channel in self._rests:
            return False
        if channel not in self._tight:
            return True
        beside = any(one.channel == channel and (one.urgency is Urgency.P0) is first for one in under_way)
        return not beside and (first or channel not in self._paced)

    def opens(self) -> list[float]:
        """In how many seconds each channel that rests has rested."""
        now = self._clock.monotonic()
        self._forget(now)
        paced = [until for channel, until in self._paced.items() if channel in self._tight]
        return [until - now for until in (*self._rests.values(), *paced)]

    def _forget(self, now: float) -> None:
        for times in (self._rests, self._paced, self._tight):
            for channel in [name for name, until in times.items() if until <= now]:
                del times[channel]
