"""How much is taken: so many alerts a second, and each signed request once."""


class Room:
    """A bucket of alerts that fills at *rate* a second. A body takes all of its own where there is room for one."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._left = rate
        self._at = 0.0

    def wait(self, now: float) -> int:
        """Seconds until there is room, rounded up; 0: now. *now*: monotonic seconds."""
        self._left = min(self._rate, self._left + max(0.0, now - self._at) * self._rate)
        self._at = now
        return 0 if self._left >= 1 else int((1 - self._left) / self._rate) + 1

    def take(self, count: int) -> None:
        """*count* alerts came in; more than there was room for is owed."""
        self._left -= count


class Once:
    """Signatures that were taken, for one window at least: two sets that take turns, so that the oldest go."""

    MOST = 25_000  # of one set; a few megabytes. Beyond it what is oldest is forgotten sooner.

    def __init__(self, window: float) -> None:
        self._window = window
        self._new: set[int] = set()
        self._old: set[int] = set()
        self._since = 0.0

    def seen(self, signature: str) -> bool:
        """True where it was taken before."""
        short = int(signature[:15], 16)
        return short in self._new or short in self._old

    def keep(self, signature: str, now: float) -> None:
        """It was taken at *now*, in monotonic seconds."""
        if now - self._since > 2 * self._window or len(self._new) >= self.MOST:
            self._old, self._new, self._since = self._new, set(), now
        self._new.add(int(signature[:15], 16))
