"""chat.postEphemeral, chat.getPermalink."""

from playground.slack.content import read_content
from playground.slack.errors import SlackError
from playground.slack.messages import Message
from playground.slack.methods.table import Answer, Call, method
from playground.slack.people import BOT_USER
from playground.slack.threads import root_of


@method("chat.postEphemeral", tier=4, scopes=("chat:write",))
def post_ephemeral(call: Call) -> Answer:
    """A message that one person sees; it cannot be updated or found again through the API."""
    backend, args = call.backend, call.args
    channel = call.channel(by_name=True)
    user = args.required("user")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not channel.bot_member and "chat:write.public" not in backend.app.scopes:
        raise SlackError("not_in_channel")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = read_content(backend.state, args)
    thread = args.text("thread_ts") or None
    message = Message(
        channel.id,
        backend.state.ts(),
        BOT_USER,
        content.text,
        content.blocks or [],
        content.attachments or [],
        thread_ts=root_of(backend.state, channel.id, thread) if thread else None,
        ephemeral_to=user,
    )
    backend.state.add(message)
    return {"message_ts": message.ts}


@method("chat.getPermalink", tier=None, takes_json=False)
def get_permalink(call: Call) -> Answer:
    """The message's address."""
    channel = call.channel()
    message = call.backend.state.public(channel.id, call.args.required("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"{call.backend.base}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
