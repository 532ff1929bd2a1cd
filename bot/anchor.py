"""The head of the audit chain, posted where nobody with the database can take it back.

Whoever holds the file and the key can rewrite the chain; what Slack has shown stays. `aikeys audit verify` holds
the chain against these posts and notices a cut-off tail.
"""

from datetime import datetime, timedelta

import structlog

from bot.clients.slack import Slack
from bot.clock import Clock
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
    return "daily" if now - last >= DAILY else None


def view(head: Head, why: str) -> Message:
    """The post: short, and readable by a program."""
    line = f"Audit head {code(f'{head.id}:{head.mac}')}"
    return Message(
        text=f"Audit head {head.id}:{head.mac}",
        blocks=[
            section(f"🔏 {line}"),
            context(f"{why} · the timeline up to here cannot be changed unnoticed · `aikeys audit verify`"),
        ],
    )


class Anchor:
    """Posts the head to the ops channel when it is due."""

    def __init__(self, store: Store, slack: Slack, clock: Clock, channel: str) -> None:
        self._store = store
        self._slack = slack
        self._clock = clock
        self._channel = channel

    async def round(self) -> None:
        """Post if it is due. The record of the post follows the post: a crash between posts twice, never not."""
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
