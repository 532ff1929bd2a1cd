"""Silences begin, are agreed to, and end: recorded and told in one transaction, with a durable timer for the end."""

from collections.abc import Callable
from datetime import datetime

from bot.clock import Clock
from bot.incidents.alerting import Alerts
from bot.timers import Fired, Timers
from store.database import Store
from store.errors import TooLate
from store.incidents import Incident
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

    def ask(self, incident: Incident, by: str, reason: str, until: datetime) -> Silence:
        """*by* wants it silent until then. Raises TooLate where it is over, or that is more than a day."""
        if not incident.open:
            raise TooLate(f"{incident.subject} is over.")
        now = self._clock.now()
        with self._store.transaction():
            done = self._store.quiet.silence(
                incident.subject, incident.dedup_key, incident.severity, by, reason, until, now
            )
            self._timers.set(OVER, incident.subject, until, {"silence": done.id})
            self._alerts.redraw(incident.subject)
        return done

    def agree(self, silence: Silence, by: str) -> Silence:
        """The second person. Raises TooLate."""
        with self._store.transaction():
            done = self._store.quiet.agree(silence, by, self._clock.now())
            self._alerts.redraw(silence.incident)
        return done

    def end(self, silence: Silence, by: str) -> None:
        """It is over before its time; what is still there is told again at its next repeat. Raises TooLate."""
        with self._store.transaction():
            self._store.quiet.end(silence, by, self._clock.now())
            self._timers.cancel(OVER, silence.incident)
            self._alerts.redraw(silence.incident)

    async def _over(self, fired: Fired) -> Callable[[], None]:
        def ended() -> None:
            silence = self._store.quiet.get(int(fired.data["silence"]))
            if silence.state != "ended":
                self._store.quiet.end(silence, "bot", self._clock.now())
                self._alerts.redraw(silence.incident)

        return ended
