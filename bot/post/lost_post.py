"""A post that Slack did not confirm: is it there? Bots have no idempotency key: the post carries its delivery's id."""

from typing import Any

from bot.clients.slack import Slack
from bot.context import Caller

_EVENT = "aikeys_answer"
_SKEW = 30.0  # seconds that this machine's clock may be ahead of Slack's
_MOST = 15  # messages; more are refused to some kinds of app (docs.slack.dev: conversations.history, 2025)


def mark(delivery: int) -> dict[str, Any]:
    """The `metadata` that a post is found by."""
    return {"event_type": _EVENT, "event_payload": {"delivery": str(delivery)}}


async def find(slack: Slack, caller: Caller) -> str | None:
    """Return the ts of the answer to *caller*, or None where there is none. Raises SlackRefused, SlackUncertain."""
    where: dict[str, Any] = {
        "channel": caller.channel,
        "limit": _MOST,
        "oldest": f"{caller.asked_at.timestamp() - _SKEW:.6f}",  # replies come oldest first
        "include_all_metadata": True,
    }
    if caller.thread:
        seen = await slack.call("conversations.replies", ts=caller.thread, **where)
    else:
        seen = await slack.call("conversations.history", **where)
    for message in seen.get("messages", []):
        metadata = message.get("metadata") or {}
        if (
            metadata.get("event_type") == _EVENT
            and metadata.get("event_payload") == mark(caller.delivery)["event_payload"]
        ):
            return str(message["ts"])
    return None
