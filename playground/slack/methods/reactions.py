"""reactions.add, remove, get."""

import re

from playground.slack.errors import SlackError
from playground.slack.messages import Message
from playground.slack.methods.table import Answer, Call, method
from playground.slack.people import BOT_USER

NAME = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")
MOST_EMOJI = 23  # docs.slack.dev: distinct emoji on one message
MOST_EACH = 23  # and as many of one person


def _item(call: Call) -> Message:
    if not call.args.has("channel") or not call.args.has("timestamp"):
        raise SlackError("no_item_specified")
    channel = call.channel()
    stamp = call.args.text("timestamp")
    if not re.fullmatch(r"\d+\.\d+", stamp):
        raise SlackError("bad_timestamp")
    message = call.backend.state.public(channel.id, stamp)
    if message is None:
        raise SlackError("message_not_found")
    return message


def _name(call: Call) -> str:
    name = call.args.required("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name


@method("reactions.add", tier=3, scopes=("reactions:write",))
def add(call: Call) -> Answer:
    """The bot's own reaction."""
    name, message = _name(call), _item(call)
    channel = call.backend.state.channels[message.channel]
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    if name not in message.reactions and len(message.reactions) >= MOST_EMOJI:
        raise SlackError("too_many_emoji")
    if sum(BOT_USER in users for users in message.reactions.values()) >= MOST_EACH:
        raise SlackError("too_many_reactions")
    message.reactions.setdefault(name, []).append(BOT_USER)
    call.backend.state.changed(message)
    call.backend.events.reaction("reaction_added", BOT_USER, name, message)
    return {}


@method("reactions.remove", tier=2, scopes=("reactions:write",))
def remove(call: Call) -> Answer:
    """Take the bot's own back."""
    name, message = _name(call), _item(call)
    if BOT_USER not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(BOT_USER)
    if not message.reactions[name]:
        del message.reactions[name]
    call.backend.state.changed(message)
    call.backend.events.reaction("reaction_removed", BOT_USER, name, message)
    return {}


@method("reactions.get", tier=3, scopes=("reactions:read",), takes_json=False)
def get(call: Call) -> Answer:
    """A message with its reactions."""
    message = _item(call)
    return {"type": "message", "channel": message.channel, "message": message.as_api()}
