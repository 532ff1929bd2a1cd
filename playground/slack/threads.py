"""Which message a reply may hang on."""

from playground.slack.errors import SlackError
from playground.slack.state import State


def root_of(state: State, channel: str, thread_ts: str) -> str:
    """The parent's ts. Raises SlackError(cannot_reply_to_message) where there is no such parent.

    docs.slack.dev: “Avoid using a reply's ts value; use its parent instead”; an ephemeral message is no parent either.
    """
    parent = state.public(channel, thread_ts)
    if parent is None or (parent.thread_ts and parent.thread_ts != parent.ts):
        raise SlackError("cannot_reply_to_message")
    return parent.ts
