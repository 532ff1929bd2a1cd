"""Keeps what is said about approvals and operations in step: headline, card, progress, copies in direct messages.

Called inside the transaction that changes them, so that what is told is what is committed (bot.post.outbox).
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.approvals import glass
from bot.deploys import undone
from bot.deploys.record import WATCHED, verdict_key
from bot.post.outbox import Outbox
from bot.reviews.letters import ReviewLetters
from bot.rotations import checklist, record
from bot.rotations.judging import untouched
from bot.rotations.names import PROVE
from bot.views import approval as asked
from bot.views import operation as done
from bot.views import rotation as rotations
from bot.views.blocks import Message
from store.approvals import PENDING, Approval
from store.database import Store
from store.operations import Operation
from store.reviews import Review

RECENT = 20  # incidents: of what ended longer ago than these a card that waits says nothing


class LetterCards:
    """Implements `bot.changes.Cards`."""

    def __init__(self, store: Store, outbox: Outbox, reviews: ReviewLetters) -> None:
        self._store = store
        self._outbox = outbox
        self._reviews = reviews
        self.stoppable: Callable[[Operation], bool] = lambda _: True  # told by who carries them out

    def approval(self, approval: Approval) -> None:
        """Its headline, its card, the copies that approvers have, and what a broken glass leaves behind."""
        operation = self._store.operations.get(approval.operation) if approval.operation else None
        review = self._headline(approval, operation)
        open_now, ended = self._store.events.open_incidents(), self._store.incidents.recent(RECENT)
        found = glass.incident(self._store)
        card = asked.card(approval, glass=found, review=review, open_now=open_now, ended=ended)
        if review is not None:
            self._reviews.show(review)
        self._below(approval, f"{approval.subject}/card", card)
        self._todo(approval)
        if operation is not None and operation.over and approval.command == "rotate":
            self.operation(operation)  # a step by hand was done: less is owed
        for user in approval.where.get("approvers", []):
            key = f"{approval.subject}/dm/{user}"
            # Who was not told while it waited is not bothered with how it ended.
            if approval.state == PENDING or self._store.outbox.get(key) is not None:
                self._outbox.say(key, user, card)

    def operation(self, operation: Operation) -> None:
        """The headline and the progress."""
        approval = self._store.approvals.get(operation.approval)
        if approval is None:
            if channel := operation.where.get("channel"):  # nobody had to approve it: it has no card above it
                key = f"{operation.subject}/progress"
                message = done.progress(operation, stoppable=self._stops(operation))
                self._outbox.say(key, channel, message, thread=operation.where.get("thread"))
            return
        self._headline(approval, operation)
        if operation.over:
            self._todo(approval)
        back = undone.of(self._store, operation.subject)
        more = rotations.more(operation, record.waiting(self._store, operation.subject), self._owed(operation))
        message = done.progress(operation, back, more, stoppable=self._stops(operation))
        self._below(approval, f"{operation.subject}/progress", message)
        watched = self._store.events.latest(WATCHED, operation.subject) if back else None
        if watched is not None:  # its button would take back what is live now
            worse, said = watched.data["worse"], str(watched.data["said"])
            again = bool(watched.data.get("again"))
            worse = None if worse is None else bool(worse)
            message = done.watched(operation, said, worse=worse, undone=back, again=again)
            self._below(approval, verdict_key(operation.subject, worse=worse, again=again), message)

    def moved(self, key: str, channel: str) -> None:
        """Tell who asked where the card is, where Slack would not have it in the channel that they asked in."""
        subject, _, what = key.rpartition("/")
        approval = self._store.approvals.get(subject) if what == "headline" else None
        if approval is not None and approval.requested_by != "bot":
            self._outbox.say(f"{subject}/moved", approval.requested_by, asked.elsewhere(approval, channel))

    def _todo(self, approval: Approval) -> None:
        """What people do by hand around a rotation."""
        if approval.command == "rotate" and (by_hand := checklist.of(approval.plan["pinned"])):
            done_ = record.checked(self._store, approval.subject)
            one = self._store.operations.get(approval.operation) if approval.operation else None
            state = one.state if one is not None and untouched(one) else approval.state
            ended = checklist.ended(approval.plan["pinned"], state)
            self._below(approval, f"{approval.subject}/todo", rotations.todo(approval, by_hand, done_, ended))

    def _owed(self, operation: Operation) -> list[str]:
        """What people still have to do after a rotation that is proved."""
        if operation.command != "rotate" or not operation.over or PROVE not in operation.results:
            return []
        return checklist.owed(operation.data, record.checked(self._store, operation.approval))

    def _headline(self, approval: Approval, operation: Operation | None) -> Review | None:
        """Write it; return the review of the glass that was broken for it, which it names."""
        review = self._store.reviews.glass_of(approval.subject) if approval.glass else None
        back = undone.of(self._store, operation.subject) if operation is not None else []
        owed = self._owed(operation) if operation is not None else []
        message = asked.headline(approval, operation, review, back, owed)
        where = approval.where
        self._outbox.say(
            f"{approval.subject}/headline",
            where["channel"],
            message,
            thread=where.get("thread"),
            under=where.get("under"),
        )
        return review

    def _stops(self, operation: Operation) -> bool:
        """Whether a Cancel would be heeded; not asked of one that is over, whose steps may be another version's."""
        return operation.state == "running" and self.stoppable(operation)

    def _below(self, approval: Approval, key: str, message: Message) -> None:
        self._outbox.say(key, approval.where["channel"], message, **thread_of(approval.subject, approval.where))


def thread_of(approval: str, where: Mapping[str, Any]) -> dict[str, Any]:
    """Where what belongs to *approval* is said: in the thread that it was asked in, else in its headline's."""
    if where.get("thread"):
        return {"thread": where["thread"]}
    return {"under": where.get("under") or f"{approval}/headline"}
