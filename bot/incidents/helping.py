"""The runbook's actions for a P0, as errands: Supabase's support, the technical lead, the row in security_events.

Written in the transaction that opens it, so that they are owed if and only if it is there.
"""

from collections.abc import Sequence

from bot.clock import Clock
from bot.health.words import ago
from bot.incidents.about import CAUSE, LEAD, RECORD, ROOM, SUPPORT, TRIAGE, may_be_theirs
from bot.incidents.errands import Cannot, Did, Later, Outcome
from bot.incidents.evidence import Evidence
from bot.incidents.paging import MAIL, MESSAGE, loud, paged
from bot.incidents.rooms import INVITE, TOPIC
from bot.incidents.team import Team
from bot.post.outbox import Outbox
from bot.views import incident as cards
from bot.views.incident_mail import to_lead, to_support
from bot.views.rooms import checksum, topic
from store.database import Store
from store.errands import Errand
from store.errors import TooLate
from store.events import Event
from store.incidents import ESCALATED, FLAPPING, PAGED, REOPENED, SEVERITY, Incident
from store.letter import Urgency

NO_SERVER = "no mail server is set: AIKEYS_SMTP_URL"
_WHY = {
    REOPENED: "A P0 is open again",
    SEVERITY: "An incident was made a P0",
    FLAPPING: "A P0 that comes and goes has stayed bad for two minutes",
}
_SOON = 2.0  # seconds until a mail under way is looked for again


class Help:
    """Calls for it, and knows what became of it."""

    def __init__(self, store: Store, clock: Clock, outbox: Outbox, team: Team) -> None:
        self._store = store
        self._clock = clock
        self._outbox = outbox
        self.team = team

    def call(self, incident: Incident, seen: Evidence, newest: Event) -> None:
        """A P0 has begun, or a P1 has become one: all that the runbook asks for is owed from now on, once.

        The lead hears of it each time that it comes back or becomes one anew: *newest* is the event that is told.
        """
        rows, now, team = self._store.errands, self._clock.now(), self.team
        if rows.get(incident.subject, LEAD) is not None:
            if loud(newest, incident):
                self._call_lead(incident, seen, newest, _WHY[newest.kind], f"lead/{newest.id}")
            return
        if may_be_theirs(incident):
            subject, text = to_support(incident, seen, team.ref, team.lead_mail)
            draft = {"to": team.support_mail, "subject": subject, "text": text}
            rows.add(incident.subject, SUPPORT, now, offered=not team.at_once, data=draft)
        else:  # offered, and nothing to send: a person may still write, and say so
            hardly = {"to": team.support_mail, "ref": team.ref, "theirs": False}
            rows.add(incident.subject, SUPPORT, now, offered=True, data=hardly)
        rows.add(incident.subject, LEAD, now)
        if team.record:
            rows.add(incident.subject, RECORD, now)
        if team.rooms:
            rows.add(incident.subject, ROOM, now)
        self._call_lead(incident, seen, newest, _WHY.get(newest.kind, "A P0 has begun"), "lead")

    def _call_lead(self, incident: Incident, seen: Evidence, newest: Event, why: str, key: str) -> None:
        """Reach them, and keep who was called by name for *newest*."""
        ways = self.reach_lead(incident, seen, f"{why}, and you are the technical lead.", key)
        self.called(incident, ways, str(newest.id))

    def reach_lead(self, incident: Incident, seen: Evidence, words: str, key: str) -> list[str]:
        """By direct message and by mail, once for *key*; return the ways there are."""
        ways = []
        if self.team.lead:
            message = cards.reminder(incident, words)
            self._outbox.say(f"{incident.subject}/{key}", self.team.lead, message, urgency=urgency(incident))
            ways.append(MESSAGE)
        if self.tell_lead(incident, seen, words, key):
            ways.append(MAIL)
        return ways

    def called(self, incident: Incident, ways: Sequence[str], of: str, *, on_call: bool = True) -> None:
        """Keep that the lead was reached by *ways*, and *on_call*: those who are were mentioned. Once for *of*."""
        story = self._store.incidents.story(incident.subject)
        data = paged(
            self.team.on_call if on_call else (),
            self.team.lead,
            self.team.lead_mail,
            ways,
            here=self.team.here and on_call,
        )
        called = data["to"] or data["groups"] or data.get("here")
        if called and not any(one.kind == PAGED and one.data.get("of") == of for one in story):
            self._store.events.append(incident.subject, PAGED, "bot", {**data, "of": of}, self._clock.now())

    def guess(self, incident: Incident) -> None:
        """Let the likely cause be asked for."""
        if incident.dedup_key in TRIAGE:
            self._store.errands.add(incident.subject, CAUSE, self._clock.now())

    def reach_of_lead(self) -> dict[str, str]:
        """Where the lead is told: *to*, a Slack id, and *mail*, an address; empty what cannot be used."""
        return {"to": self.team.lead, "mail": self.team.lead_mail if self._outbox.mails else ""}

    def tell_lead(self, incident: Incident, seen: Evidence, why: str, key: str) -> bool:
        """Mail the lead, once for *key*; False where that cannot be."""
        subject, text = to_lead(incident, seen, why, self.team.ref, self.team.to_ring)
        first = "" if key == "lead" else f"{incident.subject}/lead"
        to = self.team.lead_mail
        own = f"{incident.subject}/{key}"
        return bool(to) and self._outbox.mail(own, to, subject, text, under=first, urgency=urgency(incident))

    def over(self, incident: Incident, seen: Evidence, story: Sequence[Event]) -> None:
        """It has ended: the lead hears of it where they were mailed that it began, or that it lasted. Once an end."""
        begun = self._store.mails.get(f"{incident.subject}/lead") is not None
        if begun or any(one.kind == ESCALATED and one.data.get("mail") for one in story):
            lasted = ago((story[-1].at - seen.since).total_seconds())
            self.tell_lead(incident, seen, f"It is over, after {lasted}.", f"over/{story[-1].id}")

    def moved(self, incident: Incident) -> None:
        """It stands otherwise now: the room says so, and who has it, leads it or writes it down is asked in."""
        room = self._store.errands.get(incident.subject, ROOM)
        if room is None or room.state != "done":
            return
        now = self._clock.now()
        said = self._store.errands.get(incident.subject, TOPIC)
        if said is not None and said.data.get("said") != checksum(topic(incident)):
            self._store.errands.again(incident.subject, TOPIC, now)
        for one in (incident.acked_by, incident.commander, incident.scribe):
            if one:
                self._store.errands.add(incident.subject, f"{INVITE}/{one}", now)

    def room(self, incident: Incident) -> str:
        """The id of its own channel; empty while it has none."""
        errand = self._store.errands.get(incident.subject, ROOM)
        return str(errand.data.get("channel", "")) if errand is not None and errand.state == "done" else ""

    def send(self, subject: str, name: str, by: str) -> None:
        """*by* wants the drafted mail sent. Raises TooLate where it was, KeyError where there is none."""
        errand = self._store.errands.get(subject, name)
        if errand is not None and not errand.drafted:
            raise KeyError(name)
        self._store.errands.accept(subject, name, self._clock.now(), {"by": by})

    def tick(self, subject: str, name: str, by: str) -> None:
        """*by* did it by hand. Raises TooLate where it is done, KeyError where there is none."""
        errand = self._store.errands.get(subject, name)
        if errand is None:
            raise KeyError(name)
        if errand.state in ("waiting", "trying") and name == SUPPORT:
            raise TooLate(f"{name} is under way.")
        self._store.errands.done(errand, by, self._clock.now(), {}, "by hand")

    async def support(self, errand: Errand, incident: Incident) -> Outcome:
        """The mail as it was drafted and shown."""
        to, subject, text = (str(errand.data.get(name, "")) for name in ("to", "subject", "text"))
        if not to:
            return Cannot("the runbook names no address of Supabase's support")
        key = f"{incident.subject}/support"
        if self._store.mails.get(key) is None and not self._outbox.mail(key, to, subject, text, urgency=Urgency.P0):
            return Cannot(NO_SERVER)
        return self._became(key)

    async def lead(self, _: Errand, incident: Incident) -> Outcome:
        """The mail that was written when it began."""
        key = f"{incident.subject}/lead"
        if self._store.mails.get(key) is None:
            return Cannot(NO_SERVER if self.team.lead_mail else "no address is set: AIKEYS_LEAD_EMAIL")
        return self._became(key)

    def _became(self, key: str) -> Outcome:
        mail = self._store.mails.get(key)
        if mail is None or mail.state == "waiting":
            return Later(mail.why if mail is not None else "", _SOON)
        return Did(f"mail to {mail.to}") if mail.state == "sent" else Cannot(mail.why)


def urgency(incident: Incident) -> Urgency:
    """Of what is said of it."""
    return Urgency.P0 if incident.severity == "P0" else Urgency.P1
