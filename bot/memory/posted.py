"""The audit heads that stand in Slack, and whether the timeline still holds them.

Whoever has the file and the key can cut off its end, put an older copy back, or sign all of it anew. What Slack has
shown stays: the bot compares once an hour, `aikeys audit verify --posted` whenever somebody wants to know.
"""

import re
from collections.abc import Mapping
from typing import Any

import structlog

from bot.clients.slack import Slack, SlackRefused
from bot.clock import Clock
from bot.door.payload import part, text
from bot.errors import Unanswered
from bot.memory.anchor import ANCHOR_EVENT
from bot.views.blocks import Message, context, section
from store.database import Store
from store.events import Head

log = structlog.get_logger(__name__)

MISSED = "audit.missed"
PAGES = 10  # of 200 messages: a head a day is among the last 2,000 of any channel that people can still read


async def heads(slack: Slack, channel: str, bot_id: str, *, newest: bool = False) -> list[Head]:
    """Return the heads that this bot posted in *channel*, newest first; with *newest* no more pages than one needs.

    What other apps post with the same event type counts for nothing. Raises SlackRefused (missing_scope without
    channels:history) and SlackUncertain.
    """
    found: list[Head] = []
    where: dict[str, Any] = {"channel": channel, "limit": 200, "include_all_metadata": True}
    for _ in range(PAGES):
        seen = await slack.call("conversations.history", **where)
        mine = (one for one in seen.get("messages", []) if one.get("bot_id") == bot_id)
        found += [head for one in mine if (head := _read(one)) is not None]
        where["cursor"] = text(seen, "response_metadata", "next_cursor")
        if not where["cursor"] or (newest and found):
            break
    return found


def _read(message: Mapping[str, Any]) -> Head | None:
    payload = part(message, "metadata", "event_payload")
    number, mac = payload.get("id"), payload.get("mac")
    if text(message, "metadata", "event_type") != ANCHOR_EVENT or not isinstance(number, int):
        return None
    return Head(number, mac) if isinstance(mac, str) and re.fullmatch("[0-9a-f]{64}", mac) else None


def view(head: Head) -> Message:
    """What is said when the timeline does not hold what was posted."""
    said = f"The timeline does not hold the audit head {head.id} that was posted here."
    why = "Its end was cut off, or another copy of the file was put in its place."
    do = "Was a backup restored? Then what happened after it is missing. If not, keep the file as it is"
    return Message(
        text=f"{said} {why}",
        blocks=[
            section(f"⛔ *{said}*\n{why}"),
            context(f"→ {do}: `aikeys audit verify --posted` says where it differs."),
        ],
    )


class Comparison:
    """Holds the timeline against the newest head in the ops channel, and says there when it does not match."""

    def __init__(self, store: Store, slack: Slack, clock: Clock, channel: str, bot_id: str) -> None:
        self._store = store
        self._slack = slack
        self._clock = clock
        self._channel = channel
        self._bot_id = bot_id

    async def round(self) -> None:
        """Compare; each head that is missed is said once."""
        try:
            await self._compare()
        except SlackRefused as error:
            log.info("audit.unread", reason=error.code)  # the scope is optional
        except Unanswered as error:
            log.warning("audit.unread", error=str(error))

    async def _compare(self) -> None:
        there = await heads(self._slack, self._channel, self._bot_id, newest=True)
        lost = next((head for head in there if not self._holds(head)), None)
        if lost is None:
            return
        data = {"head": lost.id, "mac": lost.mac}
        known = self._store.events.latest(MISSED)
        if known is not None and known.data == data:
            return
        log.error("audit.missed", head=lost.id)
        said = view(lost)
        await self._slack.call("chat.postMessage", channel=self._channel, text=said.text, blocks=list(said.blocks))
        self._store.events.append(subject="audit", kind=MISSED, actor="bot", data=data, at=self._clock.now())

    def _holds(self, head: Head) -> bool:
        try:
            return self._store.events.get(head.id).mac == head.mac
        except KeyError:
            return False
