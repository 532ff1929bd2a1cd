"""Socket Mode addresses: good for one handshake, and not for long."""

from secrets import token_hex
from typing import Literal

from bot.clock import Clock
from playground.slack.people import APP

LIFE = 60.0  # docs.slack.dev calls the address temporary without a number


class Tickets:
    """Gives out tickets and takes each once. `refusals` is how many handshakes the wedge still refuses."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._fresh: dict[str, float] = {}
        self.refusals = 0
        self.issued = 0

    def url(self, base: str) -> str:
        """A new address: `ws://127.0.0.1:8400/link/?ticket=…&app_id=…`."""
        ticket = token_hex(16)
        self._fresh[ticket] = self._clock.monotonic()
        self.issued += 1
        return f"{base}/link/?ticket={ticket}&app_id={APP}"

    def take(self, ticket: str) -> Literal[101, 403, 408]:
        """The handshake's status: 101, 403 for a used, old or unknown ticket, 408 where the wedge is on.

        A refused ticket is spent as well: a client that tries the same address again is refused for ever, which is how
        slack_sdk 3.47 wedges.
        """
        born = self._fresh.pop(ticket, None)
        if born is None or self._clock.monotonic() - born > LIFE:
            return 403
        if self.refusals > 0:
            self.refusals -= 1
            return 408
        return 101
