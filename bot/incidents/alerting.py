"""What is decided becomes rows, and the letters that tell of it, in one transaction: recorded and told, or neither."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.approvals.policy import DETECTOR
from bot.clock import Clock
from bot.clockwork.timers import Fired, Timers
from bot.detectors import Detector, Firing
from bot.incidents import clocks, impact
from bot.incidents.about import DID, LEAD, RECORD, SUPPORT
from bot.incidents.deciding import Change, Flapping, Opened, Past, Reopened, Resolved, Seen, Stays
from bot.incidents.evidence import CALM, KEPT, Evidence, evidence
from bot.incidents.helping import Help
from bot.incidents.saying import Saying
from bot.incidents.states import called_right
from bot.incidents.team import Team
from bot.incidents.tracks import swing
from bot.incidents.watched import Looks
from bot.post.outbox import Outbox
from bot.views import moments
from bot.views.blocks import Message, section
from bot.views.pens import SlackPen
from store.database import Store
from store.errors import TooLate
from store.events import Event
from store.incidents import (
    ACKNOWLEDGED,
    ESCALATED,
    FLAPPING,
    MERGED,
    NOTED,
    REOPENED,
    RESOLVED,
    SEEN,
    SEVERITY,
    Incident,
)
from store.quiet import covers

log = structlog.get_logger(__name__)

ERRANDS = frozenset({("send", SUPPORT), ("tick", SUPPORT), ("tick", LEAD), ("tick", RECORD)})  # what buttons do


class Alerts:
    """Opens, moves and tells of incidents. *p0*, *p1*: channel ids, empty where nobody is to be told."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        outbox: Outbox,
        timers: Timers,
        *,
        p0: str = "",
        p1: str = "",
        team: Team | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._timers = timers
        self._channels = {"P0": p0 or p1, "P1": p1 or p0}
        self.help = Help(store, clock, outbox, team or Team())
        self.saying = Saying(store, clock, outbox, self.help, self._channels)
        self.saying.swing = lambda one: swing(self.looks.tracks.get(one.dedup_key))
        self.looked = False  # before the first look nobody knows what is seen
        self.seen_now: Collection[str] = ()  # ids of the detectors that see something; bot.incidents.seeing keeps it
        self.looks = Looks()  # the same: what the last looks left, for people who ask
        # The fingerprints of critical alerts that an incident tells of now; bot.incoming.telling keeps it.
        self.critical: Callable[[Incident], Collection[str]] = lambda _: ()
        self.called_right: Callable[[], None] = lambda: None  # the same: a person has called a change right
        self.ends: list[Callable[[Incident], None]] = []  # what else ends, or is drawn anew, with an incident
        for kind in clocks.KINDS:
            timers.on(kind, self._due)

    def past(self, detectors: tuple[Detector, ...]) -> dict[str, Past]:
        """The newest incident of each detector."""
        found: dict[str, Past] = {}
        for one in detectors:
            incident = self._store.incidents.latest(one.id)
            if incident is not None:
                seen = self._seen(incident)
                by_hand = incident.resolved_by not in ("", DETECTOR)
                found[one.id] = Past(
                    incident.subject, incident.open, seen.title, incident.resolved_at, by_hand, seen.subjects,
                    kept=bool(seen.kept_by), severity=incident.severity,
                )  # fmt: skip
        return found

    def heed(self, change: Change, titles: Mapping[str, str]) -> Incident:
        """Record *change* and tell of it. *titles*: of detectors, by id. Raises TooLate where it has been overtaken."""
        with self._store.transaction():
            incident = self._record(change, titles)
            self.saying.tell(incident)
            if not incident.open:
                self._over(incident)
        log.warning(
            "incident.changed", incident=incident.subject, change=type(change).__name__, severity=incident.severity
        )
        return incident

    def open(self, severity: str, title: str, by: str, text: str) -> Incident:
        """A person opens one."""
        with self._store.transaction():
            data = {"what": "", "do": "", "since": self._clock.now().isoformat()}
            subject = self._store.incidents.open(
                severity, title, "", self._clock.now(), by=by, data=data, text=text.strip() or None
            )
            incident = self._store.incidents.of(subject)
            clocks.begin(self._timers, incident, self._clock.now())
            self.saying.tell(incident)
        return incident

    def acknowledge(self, subject: str, by: str) -> Incident:
        """*by* has it. Raises TooLate where somebody has it already or it is over, KeyError where there is none."""
        return self.move(subject, ACKNOWLEDGED, by)

    def resolve(self, subject: str, by: str, why: str = "") -> Incident:
        """*by* calls it over. Raises as `acknowledge`."""
        return self.move(subject, RESOLVED, by, why)

    def note(self, subject: str, by: str, text: str) -> Incident:
        """Keep what *by* wrote, in its timeline and its thread. Raises KeyError."""
        return self.move(subject, NOTED, by, text)

    def keep(self, subject: str, by: str) -> Incident:
        """*by* keeps it open, also when it is no longer seen. Raises TooLate where it is over, KeyError."""
        return self._kept(subject, by, keep=True)

    def release(self, subject: str, by: str) -> Incident:
        """*by* lets it end by itself again. Raises as `keep`."""
        return self._kept(subject, by, keep=False)

    def _kept(self, subject: str, by: str, *, keep: bool) -> Incident:
        rows = self._store.incidents
        with self._store.transaction():
            incident = rows.of(subject)
            if not incident.open:
                raise TooLate(f"{subject} is over.")
            if bool(self._seen(incident).kept_by) is not keep:
                rows.move(subject, KEPT, by, self._clock.now(), {"keep": keep})
                self.redraw(subject)
        return incident

    def errand(self, subject: str, does: str, name: str, by: str) -> None:
        """*by* wants a drafted mail sent (*does*: send), or did something by hand (tick). Raises TooLate, KeyError."""
        with self._store.transaction():
            if does == "send":
                self.help.send(subject, name, by)
            else:
                self.help.tick(subject, name, by)
                self._store.events.append(
                    subject, DID, by, {"name": name, "state": "done", "why": "by hand"}, self._clock.now()
                )
            self.redraw(subject)

    def _seen(self, incident: Incident) -> Evidence:
        return evidence(incident, self._store.incidents.story(incident.subject))

    def move(self, subject: str, kind: str, by: str, text: str = "", data: Mapping[str, Any] | None = None) -> Incident:
        """A person's step of any *kind*, its clocks, and what is told of it (bot.incidents.handling has the others).

        Raises as `acknowledge`.
        """
        now = self._clock.now()
        with self._store.transaction():
            before = self._store.incidents.of(subject)
            facts = dict(data or {}) | (self._did(subject, now) if kind == RESOLVED else {})
            if kind == SEVERITY and before.severity == "P0" and (known := self.critical(before)):
                facts["accepted"] = sorted(known)  # these do not make it worse again
            incident = self._store.incidents.move(subject, kind, by, now, facts, text=text.strip() or None)
            if kind == ACKNOWLEDGED:
                clocks.heard(self._timers, incident)
            if kind == RESOLVED:
                clocks.end(self._timers, incident)
                if called_right(self._store, incident.subject, self._seen(incident).about, by, now):
                    self.called_right()
            if kind == MERGED:
                clocks.end(self._timers, incident)
            if kind in (SEVERITY, REOPENED):
                clocks.end(self._timers, incident)
                clocks.begin(self._timers, incident, now, told=self._seen(incident).told)
                self._elsewhere(before, incident)
            self.saying.tell(incident)
            if kind == SEVERITY and incident.severity == "P0":
                incident = self._worse(before, incident, by)
            if before.open and not incident.open:
                self._over(incident)
        log.info("incident.moved", incident=subject, kind=kind)
        return incident

    def _worse(self, before: Incident, incident: Incident, by: str) -> Incident:
        """Made a P0: a silence that one person made is broken; and who has it, and made it one, has it still."""
        silence = self._store.quiet.of(incident.dedup_key)
        if silence is not None and not covers(silence.severity, incident.severity):
            self._store.quiet.end(silence, DETECTOR, self._clock.now(), worse=incident.severity)
            self.redraw(silence.incident)
        if before.acked_by != by:
            return incident
        return self.move(incident.subject, ACKNOWLEDGED, by, data={"kept": True})

    def _did(self, subject: str, now: datetime) -> dict[str, Any]:
        """What it did, for the event of its end: the looks that say so are kept for a day only."""
        seen = self._seen(self._store.incidents.of(subject))
        return {"impact": impact.to_json(impact.measured(self._store, seen.since, now))}

    def _over(self, incident: Incident) -> None:
        for one in self.ends:
            one(incident)

    def redraw(self, subject: str) -> None:
        """Bring the card of *subject* up to date. Joins the transaction."""
        self.saying.tell(self._store.incidents.of(subject))

    def meanwhile(self, event: Event) -> None:
        """Something was changed: it stands in the thread of each incident that is open, and its card knows.

        Joins the transaction. What cannot be told here must not stop what was done.
        """
        try:
            with self._store.transaction():
                said = moments.line(event, SlackPen())
                for one in self._store.events.open_incidents():
                    self.redraw(one.subject)  # first: what it tells of, a broken glass, came before this
                    self.below(one.subject, f"meanwhile/{event.id}", Message(text=said, blocks=[section(said)]))
        except Exception:
            log.exception("incident.unredrawn", event=event.id)

    def below(self, subject: str, key: str, message: Message) -> None:
        """Say *message* in the thread of its card. Joins the transaction."""
        self.saying.below(subject, key, message)

    def _elsewhere(self, before: Incident, incident: Incident) -> None:
        """Made a P0, it has a card where P0 are read; the one in the ops channel leads there."""
        old, new = self._channels[before.severity], self._channels[incident.severity]
        if incident.severity == "P0" and old and new and old != new:
            self._store.outbox.rename(f"{incident.subject}/card", f"{incident.subject}/ops")

    def _record(self, change: Change, titles: Mapping[str, str]) -> Incident:
        rows, now = self._store.incidents, self._clock.now()
        match change:
            case Opened():
                data = _data(change.firing) | {
                    "since": change.since.isoformat(),
                    "symptoms": [titles.get(one, one) for one in change.symptoms],
                }
                incident = rows.of(rows.open(change.severity, change.title, change.id, now, data=data))
                clocks.begin(self._timers, incident, now)
            case Reopened():
                incident = rows.move(change.subject, REOPENED, DETECTOR, now, _data(change.firing))
                clocks.begin(self._timers, incident, now, told=self._seen(incident).told)
            case Seen():
                incident = rows.move(change.subject, SEEN, DETECTOR, now, _data(change.firing))
            case Flapping() | Stays():
                data = change.data if isinstance(change, Stays) else {"severity": rows.of(change.subject).severity}
                incident = rows.move(change.subject, FLAPPING, DETECTOR, now, data)
            case Resolved() if (seen := self._seen(rows.of(change.subject))).kept_by:
                # Said once, and again only after it was seen in between.
                if seen.calm:
                    return rows.of(change.subject)
                incident = rows.move(change.subject, CALM, DETECTOR, now, {"calm": change.calm.total_seconds()})
            case Resolved():
                data = {"calm": round(change.calm.total_seconds())} | self._did(change.subject, now)
                data |= {"said": change.said} if change.said else {}
                incident = rows.resolve(change.subject, DETECTOR, now, data)
                clocks.end(self._timers, incident)
        return incident

    async def _due(self, fired: Fired) -> Callable[[], None]:
        """A clock of an incident has run out: say so, and set the next; never after it was resolved."""

        def told() -> None:
            incident = self._store.incidents.of(fired.subject)
            due = clocks.due(fired, incident, self._clock.now())
            if due is None:
                return
            silence = self._store.quiet.of(incident.dedup_key)
            if fired.kind == clocks.UNHEARD and silence and silence.holds(incident.severity, self._clock.now()):
                # Asked again before its end: a person may end it by hand.
                again = max(self._clock.now(), fired.due + clocks.REPEAT)
                self._timers.set(fired.kind, fired.subject, min(silence.until, again), fired.data)
                return
            if due.escalate:
                data = {**self.help.reach_of_lead(), "after": due.after}
                self._store.events.append(incident.subject, ESCALATED, DETECTOR, data, self._clock.now())
            self.saying.clock(incident, due)
            self._timers.set(fired.kind, fired.subject, due.again, {"step": due.step})

        return told


def _data(firing: Firing) -> dict[str, Any]:
    data = {"what": firing.what, "do": firing.do, "seen": firing.title, "about": dict(firing.about)}
    return data | ({"subjects": sorted(firing.subjects)} if firing.subjects else {})
