"""What is said about a review: its card, reminders, the escalation, the lead's copy; all kept in step.

Called inside the transaction that changes it, so that what is told is what is committed (bot.post.outbox).
"""

from bot.post.outbox import Outbox
from bot.settings import Settings
from bot.views import review as page
from store.approvals import Approval
from store.database import Store
from store.letter import Urgency
from store.reviews import GLASS, OPEN, Review


class ReviewLetters:
    """Writes them. The calendar's go to the ops channel, a broken glass to the incident channel."""

    def __init__(self, store: Store, outbox: Outbox, settings: Settings) -> None:
        self._store = store
        self._outbox = outbox
        self._settings = settings

    def show(self, review: Review) -> None:
        """Bring all that was said about it up to date."""
        approval = self._store.approvals.get(review.of) if review.kind == GLASS else None
        key = f"{review.subject}/card"
        channel = self._channel(review, approval)
        if channel:
            urgency = Urgency.P0 if review.kind == GLASS else Urgency.USUAL
            card = page.card(review, approval, tell=self._tell(approval), incident=self._incident(review))
            self._outbox.say(key, channel, card, urgency=urgency)
            more = page.evidence(review) if review.kind != GLASS else None
            if more is not None:
                self._outbox.say(f"{review.subject}/evidence", channel, more, under=key)
            for number in range(1, review.reminders + 1):
                # What was said in a reminder long ago is not said again: only its buttons go.
                self._outbox.say(f"{review.subject}/reminder/{number}", channel, page.reminder(review, number))
        if review.escalated_at is not None:
            self._escalation(review, channel)

    def _escalation(self, review: Review, channel: str | None) -> None:
        lead = self._settings.lead or ""
        message = page.escalation(review, lead)
        key = f"{review.subject}/escalation"
        if channel:
            self._outbox.say(key, channel, message)
        if lead and lead != review.not_by and (review.state == OPEN or self._store.outbox.get(f"{key}/lead")):
            self._outbox.say(f"{key}/lead", lead, message)

    def _channel(self, review: Review, approval: Approval | None) -> str | None:
        """Where it is told; None where nothing is set, and it is only in /aikeys reviews."""
        ops, incidents = self._settings.ops_channel, self._settings.incident_channel
        if review.kind != GLASS:
            return ops or incidents
        asked = approval.where.get("channel") if approval is not None else None
        return incidents or ops or asked

    def _incident(self, review: Review) -> str:
        """The title of the incident that a glass was broken under."""
        opened = self._store.events.latest("incident.opened", review.incident) if review.incident else None
        return str(opened.data.get("title") or "") if opened is not None else ""

    def _tell(self, approval: Approval | None) -> list[str]:
        """Who hears of a broken glass at once: the lead, and those who could have approved it."""
        found = [self._settings.lead or "", *(approval.where.get("approvers", []) if approval is not None else [])]
        return list(dict.fromkeys(one for one in found if one))
