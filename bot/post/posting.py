"""A message and its notes, sent by a method of the Web API: whole, or less of it where Slack does not take it whole."""

from collections.abc import Iterator, Sequence
from typing import Any

import structlog

from bot.clients.slack import Slack, SlackRefused
from bot.views.blocks import Block, Message, context

log = structlog.get_logger(__name__)

Body = dict[str, Any]

# What Slack says of a card that it does not take (docs.slack.dev: errors of chat.postMessage).
BAD_CARD = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
NEW_BLOCKS = frozenset({"data_visualization"})  # not in every workspace and client yet; the words beside them say it

_INVITE = "I cannot post here, so only you see this. To share my answers: `/invite @aikeys`"
_ARCHIVED = "This channel is archived, so only you see this."
CLOSED_DOORS = {
    "channel_not_found": _INVITE,
    "not_in_channel": _INVITE,
    "restricted_action": _INVITE,
    "is_archived": _ARCHIVED,
    "is_inactive": _ARCHIVED,
}  # Slack's word → what the asker is told
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


def body(message: Message, notes: Sequence[str]) -> Body:
    """`text` and `blocks`, the notes under them. `blocks` is always there: chat.update keeps what is left out."""
    if message.blocks:
        return {"text": message.text, "blocks": [*message.blocks, *(context(note) for note in notes)]}
    return {"text": "\n".join([message.text, *notes]), "blocks": []}


async def send(slack: Slack, method: str, message: Message, notes: Sequence[str], **where: Any) -> dict[str, Any]:
    """Call *method*; where Slack does not take the card, again with less of it. Raises SlackRefused, SlackUncertain."""
    *cards, words = ever_simpler(body(message, notes))
    for said in cards:
        try:
            return await slack.call(method, **where, **said)
        except SlackRefused as error:
            if error.code not in BAD_CARD:
                raise
            log.error("card.refused", method=method, error=error.code)  # noqa: TRY400  # ours to mend, and the log has it
    return await slack.call(method, **where, **words)


def ever_simpler(said: Body) -> Iterator[Body]:
    """Yield it as it is, without the newest kinds of block, and as words alone."""
    blocks: list[Block] = said.get("blocks") or []
    plain = [block for block in blocks if block.get("type") not in NEW_BLOCKS]
    if blocks:
        yield said
    if len(plain) < len(blocks):
        yield said | {"blocks": plain}
    yield said | {"blocks": []}
