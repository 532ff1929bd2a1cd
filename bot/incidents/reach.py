"""Slack away while a P0 is open: who leads is told by mail, once an outage and incident, also through a restart."""

from datetime import datetime, timedelta

import structlog

from bot.clients.slack import Slack
from bot.clock import Clock
from bot.errors import Unanswered
from bot.incidents.about import REACHED, UNREACHED
from bot.incidents.evidence import evidence
from bot.incidents.helping import Help
from bot.incidents.paging import MAIL
from store.database import Store
from store.incidents import Incident

log = structlog.get_logger(__name__)

LONG = timedelta(seconds=60)
EACH = timedelta(seconds=15)  # between two questions to Slack, while a P0 is open
_BOT = "bot"


class Reach:
    """Asks Slack while a P0 is open, and looks for what could not be said."""

    def __init__(self, store: Store, slack: Slack, clock: Clock, help_: Help) -> None:
        self._store = store
        self._slack = slack
        self._clock = clock
        self._help = help_
        self._asked: datetime | None = None
        self._away: datetime | None = None

    async def round(self) -> None:
        """Look once."""
        still = [one for one in self._store.events.open_incidents() if one.severity == "P0"]
        if not still:
            self._asked = self._away = None
            return
        await self._ask()
        for one in still:
            self._judge(self._store.incidents.of(one.subject))

    async def _ask(self) -> None:
        now = self._clock.now()
        if self._asked is not None and timedelta() <= now - self._asked < EACH:
            return
        self._asked = now
        try:
            await self._slack.call("auth.test")
        except Unanswered:  # refused is no better: nobody reads what is not taken
            self._away = min(self._away or now, now)
        else:
            self._away = None

    def _judge(self, incident: Incident) -> None:
        """Away is: Slack does not answer, or something about the incident could not be posted for a minute."""
        now, rows = self._clock.now(), self._store
        owed = rows.outbox.owed_since(f"{incident.subject}/")
        since = min((one for one in (self._away, owed) if one is not None), default=None)
        long = since is not None and now - since >= LONG
        story = rows.incidents.story(incident.subject)
        last = next((one.kind for one in reversed(story) if one.kind in (UNREACHED, REACHED)), REACHED)
        if long and since is not None and last == REACHED:
            seen = evidence(incident, story)
            why = f"Slack has not taken my messages since {since:%H:%M:%S} UTC, while this P0 is open."
            with rows.transaction():
                event = rows.events.append(incident.subject, UNREACHED, _BOT, {"since": since.isoformat()}, now)
                told = self._help.tell_lead(incident, seen, why, f"unreached/{event.id}")
                if told:
                    self._help.called(incident, (MAIL,), str(event.id), on_call=False)
            log.error("incident.unreached", incident=incident.subject, mailed=told)
        elif since is None and last == UNREACHED:
            rows.events.append(incident.subject, REACHED, _BOT, {}, now)
