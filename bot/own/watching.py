"""The bot looks at itself: a P1 where it may be going blind or is not heard; by mail where Slack is what is away."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from bot.context import Context
from bot.incidents.alerting import Alerts
from bot.incidents.deciding import Opened, Reopened, Resolved, decide
from bot.incidents.paging import MAIL
from bot.incidents.tracks import Track
from bot.own.facts import Dates, Own, Room, room
from bot.own.judging import DETECTORS, SLACK, sights
from bot.post.outbox import Outbox
from store.errors import TooLate
from store.incidents import Incident
from store.letter import Urgency

log = structlog.get_logger(__name__)

EVERY = 15.0  # seconds


class Mirror:
    """Looks at itself at each `round`; where Slack is away it writes to the lead."""

    def __init__(
        self,
        ctx: Context,
        alerts: Alerts,
        outbox: Outbox,
        dates: Dates,
        *,
        disk: Callable[[], Room | None] | None = None,
    ) -> None:
        self._ctx = ctx
        self._alerts = alerts
        self._outbox = outbox
        self._dates = dates
        self._disk = disk or (lambda: room(ctx.store.path.parent))
        self._tracks: Mapping[str, Track] = {}
        self.mute = False  # True while Slack takes nothing

    async def round(self) -> None:
        """Look once; record and tell what follows."""
        now = self._ctx.clock.now()
        seen = sights(self._look())
        found = decide(DETECTORS, seen, self._tracks, self._alerts.past(DETECTORS), now)
        self._tracks = found.tracks
        for change in found.changes:
            try:
                incident = self._alerts.heed(change, {})
            except TooLate:
                log.info("own.overtaken", change=type(change).__name__)
                continue
            if isinstance(change, Opened | Reopened) and (self.mute or incident.dedup_key == SLACK):
                self._write(incident, change.firing.what, change.firing.do)
            elif incident.dedup_key == SLACK and isinstance(change, Resolved):
                self._write_again(incident)
        past = self._alerts.past(DETECTORS)
        self.mute = SLACK in past and past[SLACK].open

    def _look(self) -> Own:
        stuck = self._ctx.store.outbox.stuck()
        waits = None
        if stuck is not None:
            waits = (stuck[0], max(timedelta(), self._ctx.clock.now() - stuck[1]))
        return Own(self._disk(), self._dates.skews(), self._dates.silent("Slack"), waits)

    def _write(self, incident: Incident, what: str, do: str) -> None:
        lines = [what, "", do, "", f"Project {self._ctx.target.ref}. Whom to ring: aikeys contacts, on my machine."]
        open_now = [one for one in self._ctx.store.events.open_incidents() if one.subject != incident.subject]
        if open_now:
            lines += ["", "Open meanwhile:", *(f"- {one.severity} {one.title}" for one in open_now[:20])]
        self._send(incident, f"P1 {incident.title}", "\n".join(lines))

    def _write_again(self, incident: Incident) -> None:
        self._send(incident, "Slack takes my messages again", "Slack is back. What waited is being posted.", over=True)

    def _send(self, incident: Incident, subject: str, text: str, *, over: bool = False) -> None:
        first = f"{incident.subject}/mail/mute"
        back = len([one for one in self._ctx.store.incidents.story(incident.subject) if one.kind.endswith("reopened")])
        key = f"{first}/{back}{'/over' if over else ''}" if back or over else first
        to = self._alerts.help.team.lead_mail
        if not to or not self._outbox.mail(
            key, to, f"[AIKeys] {subject}", text, under="" if key == first else first, urgency=Urgency.P0
        ):
            log.error("own.untold", reason="Slack is away, and AIKEYS_SMTP_URL is not set")
        elif not over:
            self._alerts.help.called(incident, (MAIL,), key, on_call=False)
