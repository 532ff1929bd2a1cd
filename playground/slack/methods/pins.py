"""pins.add, pins.remove, pins.list."""

from playground.slack.channels import Channel
from playground.slack.errors import SlackError
from playground.slack.methods.table import Answer, Call, method

MOST = 100  # docs.slack.dev: too_many_pins


def _item(call: Call) -> tuple[Channel, str]:
    channel = call.channel()
    if not call.args.has("timestamp"):
        raise SlackError("no_item_specified")
    if not channel.bot_member:
        raise SlackError("not_in_channel")
    stamp = call.args.text("timestamp")
    if call.backend.state.public(channel.id, stamp) is None:
        raise SlackError("message_not_found")
    return channel, stamp


@method("pins.add", tier=2, scopes=("pins:write",))
def add(call: Call) -> Answer:
    """Pin a message to its channel."""
    channel, stamp = _item(call)
    if stamp in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= MOST:
        raise SlackError("too_many_pins")
    channel.pins.append(stamp)
    call.backend.state.channel_changed(channel)
    return {}


@method("pins.remove", tier=2, scopes=("pins:write",))
def remove(call: Call) -> Answer:
    """Take the pin out."""
    channel, stamp = _item(call)
    if stamp not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(stamp)
    call.backend.state.channel_changed(channel)
    return {}


@method("pins.list", tier=2, scopes=("pins:read",), takes_json=False)
def list_(call: Call) -> Answer:
    """What is pinned."""
    channel = call.channel()
    messages = [call.backend.state.public(channel.id, stamp) for stamp in channel.pins]
    items = [{"type": "message", "channel": channel.id, "message": message.as_api()} for message in messages if message]
    return {"items": items}
