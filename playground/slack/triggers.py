"""Trigger ids: what lets an app open a modal in front of a person, once and within 3 s."""

from dataclasses import dataclass
from secrets import token_hex

from bot.clock import Clock
from playground.slack.errors import SlackError

KEPT = 3600.0  # so long one that is too late is called so, not unknown
LIFE = 3.0  # docs.slack.dev: a trigger id expires 3 s after it was given out


@dataclass
class Trigger:
    """For whom, and from which open view if from one."""

    user: str
    view_id: str | None
    born: float
    used: bool = False


class Triggers:
    """Gives them out and takes them back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, Trigger] = {}  # oldest first
        self._count = 0

    def issue(self, user: str, view_id: str | None = None) -> str:
        """A new one, in Slack's form `13345224609.738474920.8088930838d88f008e0`."""
        self._forget()
        self._count += 1
        ident = f"{self._count:011d}.738474920.{token_hex(12)}"
        self._issued[ident] = Trigger(user, view_id, self._clock.monotonic())
        return ident

    def exchange(self, ident: str) -> Trigger:
        """Use it up. Raises SlackError: invalid_, exchanged_ or expired_trigger_id."""
        found = self._issued.get(ident)
        if found is None:
            raise SlackError("invalid_trigger_id")
        if found.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock.monotonic() - found.born > LIFE:
            raise SlackError("expired_trigger_id")
        found.used = True
        return found

    def _forget(self) -> None:
        """Those of an hour ago and more: each is looked at once, however many there are."""
        oldest = self._clock.monotonic() - KEPT
        while self._issued and self._issued[first := next(iter(self._issued))].born < oldest:
            del self._issued[first]
