"""Keeps what is said about approvals and operations in step: headline, card, progress, copies in direct messages.

Called inside the transaction that changes them, so that what is told is what is committed (bot.outbox).
"""

from bot.outbox import Outbox
from bot.views import approval as asked
from bot.views import operation as done
from bot.views.blocks import Message
from store.approvals import PENDING, Approval
from store.database import Store
from store.operations import Operation


class LetterCards:
    """Implements `bot.changes.Cards`."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    def approval(self, approval: Approval) -> None:
        """Its headline, its card and the copies that approvers have."""
        self._headline(approval, None)
        card = asked.card(approval)
        self._below(approval, f"{approval.subject}/card", card)
        for user in approval.where.get("approvers", []):
            key = f"{approval.subject}/dm/{user}"
            # Who was not told while it waited is not bothered with how it ended.
            if approval.state == PENDING or self._store.outbox.get(key) is not None:
                self._outbox.say(key, user, card)

    def operation(self, operation: Operation) -> None:
        """The headline and the progress."""
        approval = self._store.approvals.get(operation.approval)
        if approval is None:
            return
        self._headline(approval, operation)
        self._below(approval, f"{operation.subject}/progress", done.progress(operation))

    def _headline(self, approval: Approval, operation: Operation | None) -> None:
        where = approval.where
        message = asked.headline(approval, operation)
        self._outbox.say(f"{approval.subject}/headline", where["channel"], message, thread=where.get("thread"))

    def _below(self, approval: Approval, key: str, message: Message) -> None:
        """In the headline's thread; in the thread that it was asked in, if it was."""
        where = approval.where
        if where.get("thread"):
            self._outbox.say(key, where["channel"], message, thread=where["thread"])
        else:
            self._outbox.say(key, where["channel"], message, under=f"{approval.subject}/headline")
