"""The head of the audit chain, posted where nobody with the database can take it back.

Whoever holds the file and the key can rewrite the chain; what Slack has shown stays. `aikeys audit verify` holds
the chain against these posts and notices a cut-off tail.
"""

from datetime import datetime, timedelta

import structlog

from bot.clients.slack import Slack, SlackAway, SlackUncertain
from bot.clock import Clock
from bot.errors import Unanswered
from bot.views.blocks import Message, code, context, section
from store.database import Store
from store.events import Head

log = structlog.get_logger(__name__)

DAILY = timedelta(hours=24)
ANCHOR_EVENT = "aikeys_audit_head"
ANCHORED = "audit.anchored"


def due(last: datetime | None, newest_p0: datetime | None, now: datetime) -> str | None:
    """Why the head is to be posted now, or None: once a day, and once for each P0."""
    if last is None:
        return "first head"
    if newest_p0 is not None and newest_p0 > last:
        return "P0 opened"
    # A last post that lies ahead was made while the clock was wrong: waiting for that day would leave a gap.
    return "daily" if not timedelta(0) <= now - last < DAILY else None


def view(head: Head, why: str) -> Message:
    """The post: short, and readable by a program."""
    seal = code(f"{head.id}:{head.mac}")
    return Message(
        text=f"Audit head {head.id}:{head.mac}",
        blocks=[
            section(
                f"🔏 A seal on my timeline, after: {why}. Nobody can cut or rewrite it unnoticed. "
                "The seal itself asks nothing of you."
            ),
            context(f"{seal} · checked by `aikeys audit verify --posted`"),
        ],
    )


class Anchor:
    """Posts the head to the ops channel when it is due."""

    def __init__(self, store: Store, slack: Slack, clock: Clock, channel: str) -> None:
        self._store = store
        self._slack = slack
        self._clock = clock
        self._channel = channel
        self._unsure = False  # an earlier post may have arrived

    async def round(self) -> None:
        """Post if it is due, or else in the next round.

        The record of the post follows the post: a crash between posts twice, never not.
        """
        try:
            await self._post_if_due()
        except Unanswered as error:
            self._unsure = isinstance(error, SlackUncertain) and not isinstance(error, SlackAway)
            log.warning("audit.not.anchored", error=str(error))

    async def _post_if_due(self) -> None:
        now = self._clock.now()
        last = self._store.events.latest(ANCHORED)
        newest = self._store.events.latest_p0()
        why = due(last.at if last else None, newest, now)
        if why is None:
            return
        if self._store.events.head() is None:
            self._store.events.append(subject="audit", kind="audit.started", actor="bot", data={}, at=now)
        head = self._store.events.head()
        if head is None:
            return
        if self._unsure:
            await self._slack.call("auth.test")  # a second blind post only once Slack answers again
        message = view(head, why)
        said = await self._slack.call(
            "chat.postMessage",
            channel=self._channel,
            text=message.text,
            blocks=list(message.blocks),
            metadata={"event_type": ANCHOR_EVENT, "event_payload": {"id": head.id, "mac": head.mac}},
        )
        self._store.events.append(
            subject="audit",
            kind=ANCHORED,
            actor="bot",
            data={"head": head.id, "mac": head.mac, "channel": said["channel"], "ts": said["ts"], "why": why},
            at=now,
        )
        log.info("audit.anchored", head=head.id, why=why)
