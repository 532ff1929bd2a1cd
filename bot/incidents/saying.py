"""What is said of an incident, and where: its card, its thread, its own channel, its clocks, the lead.

Called inside the transaction that changes it, so that what is told is what is committed (bot.post.outbox).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog

from bot.clock import Clock
from bot.incidents.around import around
from bot.incidents.clocks import Due
from bot.incidents.evidence import Counted, Evidence, evidence
from bot.incidents.helping import Help, urgency
from bot.incidents.paging import loud
from bot.incidents.swings import Swing
from bot.post.outbox import Outbox
from bot.views import incident as cards
from bot.views.blocks import Message
from bot.views.checklist import checklist
from bot.views.incident_facts import UNREACHED
from store.database import Store
from store.incidents import ACKNOWLEDGED, MERGED, OPENED, REOPENED, RESOLVED, Incident

log = structlog.get_logger(__name__)


class Saying:
    """Writes the letters. *channels*: by severity, empty where nobody is to be told."""

    def __init__(self, store: Store, clock: Clock, outbox: Outbox, help_: Help, channels: Mapping[str, str]) -> None:
        self._store = store
        self._clock = clock
        self._outbox = outbox
        self._help = help_
        self._channels = channels
        self.swing: Callable[[Incident], Swing | None] = lambda _: None  # bot.incidents.alerting keeps it
        self.counts: Callable[[Incident], Counted | None] = lambda _: None  # bot.incoming.telling keeps it

    def below(self, subject: str, key: str, message: Message) -> None:
        """Say *message* in the thread of its card."""
        incident = self._store.incidents.of(subject)
        channel = self._channels[incident.severity]
        if channel:
            under = f"{subject}/card"
            self._outbox.say(f"{subject}/{key}", channel, message, under=under, urgency=urgency(incident))

    def tell(self, incident: Incident) -> None:
        """The card, and a line in its thread for each step, in words that stay."""
        story = self._store.incidents.story(incident.subject)
        seen, hurry = replace(evidence(incident, story), swing=self.swing(incident)), urgency(incident)
        if (counted := self.counts(incident)) is not None:
            seen = replace(seen, counted=counted)
        if story[-1].kind == OPENED:
            self._help.guess(incident)
        if incident.severity == "P0" and incident.open:
            self._help.call(incident, seen, story[-1])
        if story[-1].kind == RESOLVED:
            self._help.over(incident, seen, story)
        self._help.moved(incident)
        channel = self._channels[incident.severity]
        if not channel:
            log.error("incident.untold", incident=incident.subject, reason="no channel is set")
            return
        place = around(self._store, incident, seen, self._help, self._clock.now())
        card = cards.card(incident, seen, self._clock.now(), place)
        stood = self._outbox.where(f"{incident.subject}/card") is not None
        self._outbox.say(f"{incident.subject}/card", channel, card, urgency=hurry)
        if place.room:
            # Called once, where everybody looks: who is asked into the room hears of it by that.
            inside = replace(place, mentions="", home=channel)
            copy = cards.card(incident, seen, self._clock.now(), inside)
            self._outbox.say(f"{incident.subject}/room", place.room, copy, urgency=hurry)
        self._point(incident, seen)
        if story[-1].kind == REOPENED or (stood and loud(story[-1], incident)):
            # An edit and a reply in a thread notify nobody.
            again = cards.reminder(incident, cards.back(story[-1]), place.mentions)
            self._outbox.say(f"{incident.subject}/back/{story[-1].id}", channel, again, urgency=hurry)
        if story[-1].kind in (ACKNOWLEDGED, RESOLVED, MERGED):
            self._heard(incident)
        line = cards.step(story[-1], self._help.team.seconds(story[-1].actor))
        if line is not None and len(story) > 1:
            self.below(incident.subject, f"log/{story[-1].id}", line)
        if place.owed:
            self.below(incident.subject, "actions", checklist(incident, place))

    def _heard(self, incident: Incident) -> None:
        """What asked who has it asks no more: its button would only say that it is too late."""
        for letter in self._store.outbox.beginning(f"{incident.subject}/"):
            said = cards.heard(letter.body, incident)
            if said is not None and letter.state != "failed":
                self._outbox.say(letter.key, letter.channel, said)

    def _point(self, incident: Incident, seen: Evidence) -> None:
        """A line in the ops channel: who sits there must not learn of a P0 from somebody else. It is kept current."""
        there, key = self._channels["P0"], f"{incident.subject}/ops"
        if there != self._channels["P1"] and (incident.severity == "P0" or self._outbox.where(key) is not None):
            self._outbox.say(key, self._channels["P1"], cards.pointer(incident, there, seen))

    def clock(self, incident: Incident, due: Due) -> None:
        """A clock of it has run out."""
        channel = self._channels[incident.severity]
        words = due.words
        if due.escalate and not any(self._help.reach_of_lead().values()):
            words = f"Not resolved within {due.after} minutes: it is for the technical lead. {UNREACHED}"
        words += cards.late(due.late)
        if channel:
            mentions = self._help.team.mentions if due.loud and incident.severity == "P0" else ""
            message = cards.reminder(incident, words, mentions)
            under = None if due.loud else f"{incident.subject}/card"
            if mentions:
                self._help.called(incident, (), f"clock/{due.key}")
            key = f"{incident.subject}/clock/{due.key}"
            self._outbox.say(key, channel, message, under=under, urgency=urgency(incident))
        if not due.escalate:
            return
        seen = evidence(incident, self._store.incidents.story(incident.subject))
        self._help.reach_lead(incident, seen, words, f"lead/{due.key}")
        self.tell(incident)
