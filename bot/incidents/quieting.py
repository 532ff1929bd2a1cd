"""Silences begin, are agreed to, and end: recorded and told in one transaction, with a durable timer for the end."""

from collections.abc import Callable
from datetime import datetime

from bot.clock import Clock
from bot.clockwork.timers import Fired, Timers
from bot.incidents.alerting import Alerts
from bot.views.incident import settled
from store.database import Store
from store.errors import TooLate
from store.incidents import BOT, Incident
from store.quiet import Silence

OVER = "silence.over"  # the timer's kind


class Quieting:
    """What the bot is told to keep quiet about."""

    def __init__(self, store: Store, clock: Clock, timers: Timers, alerts: Alerts) -> None:
        self._store = store
        self._clock = clock
        self._timers = timers
        self._alerts = alerts
        timers.on(OVER, self._over)
        alerts.ends.append(self.over)

    def ask(self, incident: Incident, by: str, reason: str, until: datetime) -> Silence:
        """*by* wants it silent until then. Raises TooLate where it is over, or that is more than a day."""
        if not incident.open:
            raise TooLate(f"{incident.subject} is over.")
        now = self._clock.now()
        with self._store.transaction():
            before = self._store.quiet.of(incident.dedup_key)
            done = self._store.quiet.silence(
                incident.subject, incident.dedup_key, incident.severity, by, reason, until, now
            )
            self._timers.set(OVER, incident.subject, until, {"silence": done.id})
            self._alerts.redraw(incident.subject)
            if before is not None:
                self._outcome(before)
        return done

    def agree(self, silence: Silence, by: str) -> Silence:
        """The second person. Raises TooLate."""
        with self._store.transaction():
            done = self._store.quiet.agree(silence, by, self._clock.now())
            self._alerts.redraw(silence.incident)
            self._outcome(silence)
        return done

    def end(self, silence: Silence, by: str) -> None:
        """It is over before its time; what is still there is told again at its next repeat. Raises TooLate."""
        with self._store.transaction():
            self._store.quiet.end(silence, by, self._clock.now())
            self._timers.cancel(OVER, silence.incident)
            self._alerts.redraw(silence.incident)
            self._outcome(silence)

    def withdraw(self, silence: Silence, by: str) -> None:
        """It is called off before it began. Raises TooLate where it no longer waits: it alone is ended, no other."""
        with self._store.transaction():
            if self._store.quiet.get(silence.id).state != "asked":
                raise TooLate("That request no longer waits.")
            self.end(silence, by)

    def over(self, incident: Incident) -> None:
        """*incident* has ended, and with it the silence of a P0: two people agreed to that outage, not to the next.

        That of a P1 lasts as long as was said. Joins the transaction.
        """
        silence = self._store.quiet.of(incident.dedup_key)
        if silence is None or silence.severity != "P0":
            return
        self._store.quiet.end(silence, BOT, self._clock.now(), over=True)
        self._timers.cancel(OVER, silence.incident)
        self._alerts.redraw(silence.incident)
        self._outcome(silence)

    async def _over(self, fired: Fired) -> Callable[[], None]:
        def ended() -> None:
            silence = self._store.quiet.get(int(fired.data["silence"]))
            if silence.state != "ended":
                self._store.quiet.end(silence, BOT, self._clock.now())
                self._alerts.redraw(silence.incident)
                self._outcome(silence)

        return ended

    def _outcome(self, silence: Silence) -> None:
        """The message that asked for a P0's says what became of it, without its buttons."""
        if silence.severity != "P0":
            return
        story = self._store.incidents.story(silence.incident)
        asked = next(one for one in story if one.id == silence.id)
        became = [one for one in story if one.data.get("silence") == silence.id]
        self._alerts.below(silence.incident, f"log/{silence.id}", settled(asked, became))
