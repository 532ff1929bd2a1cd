"""Making and changing channels: conversations.create, invite, kick, join, open, setTopic, setPurpose, archive."""

import re

from playground.slack.channels import Channel
from playground.slack.errors import SlackError
from playground.slack.methods.table import Answer, Call, method
from playground.slack.people import BOT_USER

NAME = re.compile(r"[a-z0-9_\-]+")
NAME_MOST = 80
TOPIC_MOST = 250


@method("conversations.create", tier=2, scopes=("channels:manage", "groups:write"))
def create(call: Call) -> Answer:
    """A new channel with the bot in it."""
    name = call.args.text("name")
    private = call.args.flag("is_private")
    call.need("groups:write" if private else "channels:manage")
    _check_name(call, name)
    state = call.backend.state
    channel = Channel(state.new_id("C"), name, [BOT_USER], is_private=private, creator=BOT_USER)
    state.add_channel(channel)
    return {"channel": channel.as_api()}


def _check_name(call: Call, name: str) -> None:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME_MOST:
        raise SlackError("invalid_name_maxlength")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name_specials")
    if not any(letter.isalnum() for letter in name):
        raise SlackError("invalid_name_punctuation")
    if any(each.name == name and not each.is_im for each in call.backend.state.channels.values()):
        raise SlackError("name_taken")


def _mine(call: Call, scope: str, *more: str) -> Channel:
    """A channel the bot is in and may change; `scope` is completed by the channel's kind."""
    channel = call.channel()
    if channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    call.need("groups:write" if channel.is_private else scope, *(() if channel.is_private else more))
    if not channel.bot_member:
        raise SlackError("not_in_channel")
    return channel


@method("conversations.rename", tier=2, scopes=("channels:manage", "groups:write"))
def rename(call: Call) -> Answer:
    """Another name."""
    channel = _mine(call, "channels:manage")
    if channel.is_archived:
        raise SlackError("is_archived")
    _check_name(call, call.args.text("name"))
    channel.name = call.args.text("name")
    call.backend.state.channel_changed(channel)
    return {"channel": channel.as_api()}


@method("conversations.invite", tier=3, scopes=("channels:manage", "channels:write.invites", "groups:write"))
def invite(call: Call) -> Answer:
    """Add people. With several names one bad name fails the whole call, as Slack does without `force`."""
    channel = _mine(call, "channels:manage", "channels:write.invites")
    users = call.args.words("users")
    if not users:
        raise SlackError("no_user")
    if channel.is_archived:
        raise SlackError("is_archived")
    for name in users:
        user = call.backend.state.users.get(name)
        if user is None:
            raise SlackError("user_not_found")
        if name == BOT_USER:
            raise SlackError("cant_invite_self")
        if name in channel.members:
            raise SlackError("already_in_channel")
        if user.is_stranger and not channel.is_shared:
            raise SlackError("no_external_invite_permission")
        if user.is_restricted:
            raise SlackError("user_is_restricted")
        if user.deleted:
            raise SlackError("cant_invite")
    channel.members.extend(dict.fromkeys(users))
    call.backend.state.channel_changed(channel)
    return {"channel": channel.as_api()}


@method("conversations.kick", tier=3, scopes=("channels:manage", "groups:write"))
def kick(call: Call) -> Answer:
    """Take somebody out."""
    channel = _mine(call, "channels:manage")
    user = call.args.required("user")
    if user == BOT_USER:
        raise SlackError("cant_kick_self")
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    if user not in call.backend.state.users:
        raise SlackError("user_not_found")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    channel.members.remove(user)
    call.backend.state.channel_changed(channel)
    return {"errors": {}}


@method("conversations.join", tier=3, scopes=("channels:join",))
def join(call: Call) -> Answer:
    """The bot enters a public channel."""
    channel = call.channel()
    if channel.is_private or channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.bot_member:
        call.warnings.append("already_in_channel")
    else:
        channel.members.append(BOT_USER)
        call.backend.state.channel_changed(channel)
    return {"channel": channel.as_api()}


@method("conversations.setTopic", tier=2, scopes=("channels:manage", "channels:write.topic", "groups:write"))
def set_topic(call: Call) -> Answer:
    """At most 250 characters."""
    channel = _mine(call, "channels:manage", "channels:write.topic")
    channel.topic = _short(channel, call.args.text("topic"))
    call.backend.state.channel_changed(channel)
    return {"channel": channel.as_api()}


@method("conversations.setPurpose", tier=2, scopes=("channels:manage", "channels:write.topic", "groups:write"))
def set_purpose(call: Call) -> Answer:
    """At most 250 characters."""
    channel = _mine(call, "channels:manage", "channels:write.topic")
    channel.purpose = _short(channel, call.args.text("purpose"))
    call.backend.state.channel_changed(channel)
    return {"purpose": channel.purpose}


def _short(channel: Channel, text: str) -> str:
    if channel.is_archived:
        raise SlackError("is_archived")
    if len(text) > TOPIC_MOST:
        raise SlackError("too_long")
    return text


@method("conversations.archive", tier=2, scopes=("channels:manage", "groups:write"))
def archive(call: Call) -> Answer:
    """Close it for new messages."""
    channel = _mine(call, "channels:manage")
    if channel.is_general:
        raise SlackError("cant_archive_general")
    if channel.is_archived:
        raise SlackError("already_archived")
    channel.is_archived = True
    call.backend.state.channel_changed(channel)
    return {}


@method("conversations.unarchive", tier=2, scopes=("channels:manage", "groups:write"))
def unarchive(call: Call) -> Answer:
    """Open it again."""
    channel = _mine(call, "channels:manage")
    if not channel.is_archived:
        raise SlackError("not_archived")
    channel.is_archived = False
    call.backend.state.channel_changed(channel)
    return {}
