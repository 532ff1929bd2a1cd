"""Whose turn it is where Slack limits us (bot.post.outbox): it is waited for once, and the most urgent goes first.

Slack takes about one message a second in a channel, and short bursts; of changes to messages 50 a minute in all the
workspace (docs.slack.dev: rate limits; chat.update is of tier 3). So each channel is a place, and all changes are one.
Where one letter is turned away the others do not ask as well: the place rests, and after that only one of them tries.
"""

from collections.abc import Collection

from bot.clock import Clock
from store.letter import Letter, Urgency

PACE = 1.0  # seconds from one letter to the next in a place that was limited lately
LATELY = 10.0  # seconds; then it is tried whether it takes bursts again
LONGEST = 60.0  # seconds; Retry-After has no upper bound, and one header must not silence a channel for a day
CHANGES = "chat.update"  # no channel's id has a dot


def place(letter: Letter) -> str:
    """Where *letter* needs a turn."""
    return CHANGES if letter.state == "posted" else letter.channel


class Turns:
    """Which places rest, until when; and which were limited lately, so that one letter at a time goes there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rests: dict[str, float] = {}
        self._paced: dict[str, float] = {}
        self._tight: dict[str, float] = {}

    def limited(self, letter: Letter, seconds: float) -> float:
        """Slack takes nothing where *letter* was to go for so many *seconds*; return for how many it is believed."""
        rests = min(max(seconds, PACE), LONGEST)  # at once, a P0 would ask again and again
        where, now = place(letter), self._clock.monotonic()
        self._rests[where] = now + rests
        self._tight[where] = now + rests + LATELY
        return rests

    def begun(self, letter: Letter) -> None:
        """It is on its way."""
        self._paced[place(letter)] = self._clock.monotonic() + PACE

    def free(self, letter: Letter, under_way: Collection[Letter]) -> bool:
        """Whether *letter* may go now, beside those *under way*. A P0 waits for what Slack said, not for our pace."""
        self._forget()
        where, first = place(letter), letter.urgency is Urgency.P0
        if where in self._rests:
            return False
        if where not in self._tight:
            return True
        beside = any(place(one) == where and (one.urgency is Urgency.P0) is first for one in under_way)
        return not beside and (first or where not in self._paced)

    def opens(self) -> list[float]:
        """In how many seconds each place that rests has rested."""
        self._forget()
        paced = [until for where, until in self._paced.items() if where in self._tight]
        return [until - self._clock.monotonic() for until in (*self._rests.values(), *paced)]

    def _forget(self) -> None:
        now = self._clock.monotonic()
        for times in (self._rests, self._paced, self._tight):
            for where in [name for name, until in times.items() if until <= now]:
                del times[where]
