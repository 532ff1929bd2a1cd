"""chat.postMessage, chat.update, chat.delete."""

from playground.slack.channels import Channel
from playground.slack.content import UPDATE_MOST, read_content
from playground.slack.errors import SlackError
from playground.slack.messages import Message
from playground.slack.methods.table import Answer, Call, method
from playground.slack.people import BOT_USER
from playground.slack.threads import root_of


@method("chat.postMessage", tier=None, scopes=("chat:write",))
def post_message(call: Call) -> Answer:
    """A new message in a channel, a thread or (channel = a user's id) a DM."""
    backend, args = call.backend, call.args
    channel = _postable(call)
    thread = args.text("thread_ts") or None
    root = root_of(backend.state, channel.id, thread) if thread else None
    _restricted(channel, in_thread=root is not None)
    content = read_content(backend.state, args)
    if not content.text.strip() and not content.blocks and not content.attachments:
        raise SlackError("no_text")
    backend.limits.post(channel.id)
    message = Message(
        channel.id,
        backend.state.ts(),
        BOT_USER,
        content.text,
        content.blocks or [],
        content.attachments or [],
        thread_ts=root,
        metadata=content.metadata or None,
        broadcast=root is not None and args.flag("reply_broadcast"),
        subtype="thread_broadcast" if root is not None and args.flag("reply_broadcast") else None,
    )
    backend.state.add(message)
    backend.events.message(message)
    if content.truncated:
        call.warnings.append("message_truncated")
    return {"channel": channel.id, "ts": message.ts, "message": message.as_api(with_metadata=True)}


def _postable(call: Call) -> Channel:
    """Where the bot may write: member, or a public channel with chat:write.public (docs.slack.dev, scopes)."""
    channel = call.channel(by_name=True)
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_im and not call.backend.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    if not channel.bot_member and "chat:write.public" not in call.backend.app.scopes:
        raise SlackError("not_in_channel")
    return channel


def _restricted(channel: Channel, *, in_thread: bool) -> None:
    rule = channel.restriction
    if (
        rule in ("restricted_action", "restricted_action_read_only_channel")
        or (rule == "restricted_action_thread_only_channel" and not in_thread)
        or (rule == "restricted_action_non_threadable_channel" and in_thread)
    ):
        raise SlackError(rule)


@method("chat.update", tier=3, scopes=("chat:write",))
def update(call: Call) -> Answer:
    """Another content for the bot's own message. An ephemeral one is not there for this method."""
    backend = call.backend
    channel = call.channel()
    message = backend.state.public(channel.id, call.args.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if not message.by_bot:
        raise SlackError("cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    content = read_content(backend.state, call.args, most=UPDATE_MOST)
    message.text = content.text
    # What is left out is kept, also under a new text; an empty list or object takes it away (python-slack-sdk#523).
    if content.blocks is not None:
        message.blocks = content.blocks
    if content.attachments is not None:
        message.attachments = content.attachments
    if content.metadata is not None:
        message.metadata = content.metadata or None
    stamp = backend.state.ts()
    message.edited = {"user": BOT_USER, "ts": stamp}
    backend.state.changed(message)
    backend.events.changed(message, "message_changed", stamp)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.as_api(with_metadata=True),
    }


@method("chat.delete", tier=3, scopes=("chat:write",))
def delete(call: Call) -> Answer:
    """Take the bot's own message away."""
    channel = call.channel()
    message = call.backend.state.public(channel.id, call.args.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if not message.by_bot:
        raise SlackError("cant_delete_message")
    call.backend.state.remove(message)
    call.backend.events.changed(message, "message_deleted", call.backend.state.ts())
    return {"channel": channel.id, "ts": message.ts}
