"""Looking at channels: conversations.list, info, members, open."""

from playground.slack.errors import SlackError
from playground.slack.methods.paging import page
from playground.slack.methods.table import Answer, Call, method

READ = ("channels:read", "groups:read", "im:read")
KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


@method("conversations.list", tier=2, scopes=READ, takes_json=False)
def list_(call: Call) -> Answer:
    """Public channels unless `types` says more; private ones only where the bot is in them."""
    names = call.args.words("types") or ["public_channel"]
    if any(name not in KINDS for name in names):
        raise SlackError("invalid_types")
    kinds = {KINDS[name] for name in names}
    for kind in sorted(kinds):
        call.need(f"{kind}:read")
    channels = [
        each
        for each in call.backend.state.channels.values()
        if each.kind in kinds
        and (each.kind == "channels" or each.bot_member)
        and not (each.is_archived and call.args.flag("exclude_archived"))
    ]
    found, more = page(call.args, channels)
    return {"channels": [each.as_api() for each in found], **more}


@method("conversations.info", tier=3, scopes=READ, takes_json=False)
def info(call: Call) -> Answer:
    """One channel; the scope is that of its kind."""
    channel = call.channel()
    call.need(f"{channel.kind}:read")
    shown = channel.as_api()
    if call.args.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


@method("conversations.members", tier=4, scopes=READ, takes_json=False)
def members(call: Call) -> Answer:
    """Who is in it."""
    channel = call.channel()
    call.need(f"{channel.kind}:read")
    found, more = page(call.args, channel.members)
    return {"members": list(found), **more}


@method("conversations.open", tier=3, scopes=("im:write", "channels:manage", "groups:write"))
def open_(call: Call) -> Answer:
    """A person's DM with the bot; group DMs are not played here."""
    call.need("im:write")
    if call.args.has("channel"):
        channel = call.channel()
    else:
        users = call.args.words("users")
        if not users:
            raise SlackError("users_list_not_supplied")
        if len(users) > 1:
            raise SlackError("method_not_supported_for_channel_type")
        user = call.backend.state.users.get(users[0])
        if user is None or user.is_bot:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("user_disabled")
        channel = call.backend.state.dm(user.id)
    full = call.args.flag("return_im")
    return {"channel": channel.as_api() if full else {"id": channel.id}, "no_op": True, "already_open": True}
