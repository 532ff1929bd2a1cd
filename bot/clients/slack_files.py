"""A file into a thread: an address for the bytes, the bytes, and only then what people see.

Slack's files have no idempotency key and no metadata of ours: one whose fate is unknown is looked for in its thread.
"""

from collections.abc import Callable
from typing import Any

from bot.clients.slack import Slack, SlackUncertain

SETTLES = (
    2.0  # seconds: a file stands in its thread a moment after Slack has answered; looked for sooner it is "not there"
)
_PAGES = 5  # of 100 messages
_SKEW = 30.0  # seconds that this machine's clock may be ahead of Slack's


async def hand_over(slack: Slack, name: str, content: bytes) -> str:
    """Give Slack the bytes; return the file's id. Nothing is visible yet. Raises SlackRefused, SlackUncertain."""
    data = content or b"\n"  # docs.slack.dev: a length of 0 is refused
    opened = await slack.call("files.getUploadURLExternal", filename=name, length=len(data))
    await slack.hand_over(str(opened.get("upload_url", "")), data)
    return str(opened.get("file_id", ""))


async def share(slack: Slack, file_id: str, title: str, channel: str, thread: str | None, comment: str = "") -> None:
    """Show it in *thread* of *channel*, a channel's id. Raises SlackRefused, SlackUncertain: it may be there or not."""
    where: dict[str, Any] = {"channel_id": channel, "thread_ts": thread, "initial_comment": comment or None}
    await slack.call("files.completeUploadExternal", files=[{"id": file_id, "title": title}], **where)


async def stands(
    slack: Slack, channel: str, thread: str | None, since: float, mine: Callable[[dict[str, Any]], bool]
) -> bool:
    """True if a file of which *mine* is true was shared there after *since*, in Unix seconds.

    Raises SlackRefused where the bot may not look, SlackUncertain.
    """
    where: dict[str, Any] = {"channel": channel, "limit": 100, "oldest": f"{since - _SKEW:.6f}"}
    if thread:
        where["ts"] = thread
    for _ in range(_PAGES):
        seen = await slack.call("conversations.replies" if thread else "conversations.history", **where)
        if any(mine(file) for message in seen.get("messages", []) for file in message.get("files") or []):
            return True
        cursor = (seen.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return False
        where["cursor"] = cursor
    raise SlackUncertain("too much was said since to look through")
