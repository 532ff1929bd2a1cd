"""Which message a reply may hang on."""

import re

from playground.slack.errors import SlackError
from playground.slack.state import State

STAMP = re.compile(r"\d{1,12}\.\d{6}")


def root_of(state: State, channel: str, thread_ts: str) -> str | None:
    """The parent's ts; None where there is no such message.

    Slack does not refuse a reply to a message that is gone: it posts it in the channel, and only the missing thread_ts
    in the answer tells (slack-go/slack#1571). An ephemeral message is no parent either. Raises SlackError:
    invalid_thread_ts, and cannot_reply_to_message for a reply's ts (docs.slack.dev: “use its parent instead”).
    """
    if not STAMP.fullmatch(thread_ts):
        said = f"[ERROR] {thread_ts[:40]} is not a valid thread_ts"
        raise SlackError("invalid_thread_ts", response_metadata={"messages": [said]})
    parent = state.public(channel, thread_ts)
    if parent is None:
        return None
    if parent.thread_ts and parent.thread_ts != parent.ts:
        raise SlackError("cannot_reply_to_message")
    return parent.ts
