"""users.info, users.list, users.lookupByEmail, users.conversations."""

from playground.slack.errors import SlackError
from playground.slack.methods.paging import page
from playground.slack.methods.table import Answer, Call, method
from playground.slack.people import BOT_USER, User


def _shown(call: Call, user: User) -> Answer:
    with_email = "users:read.email" in call.backend.app.scopes
    return user.as_api(call.backend.clock.now(), with_email=with_email)


@method("users.info", tier=4, scopes=("users:read",), takes_json=False)
def users_info(call: Call) -> Answer:
    """One person."""
    user = call.backend.state.users.get(call.args.required("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _shown(call, user)}


@method("users.list", tier=2, scopes=("users:read",), takes_json=False)
def users_list(call: Call) -> Answer:
    """Everyone of the workspace; outsiders are met in channels only."""
    team = [user for user in call.backend.state.users.values() if not user.is_stranger]
    found, more = page(call.args, team)
    return {"members": [_shown(call, user) for user in found], "cache_ts": 0, **more}


@method("users.lookupByEmail", tier=3, scopes=("users:read.email",), takes_json=False)
def lookup_by_email(call: Call) -> Answer:
    """One person by the address."""
    wanted = call.args.required("email").lower()
    for user in call.backend.state.users.values():
        if not user.is_bot and user.email == wanted:
            return {"user": _shown(call, user)}
    raise SlackError("users_not_found")


@method("users.conversations", tier=3, scopes=("channels:read", "groups:read", "im:read"), takes_json=False)
def users_conversations(call: Call) -> Answer:
    """The channels that a person, or the bot itself, is in."""
    user = call.args.text("user") or BOT_USER
    names = call.args.words("types") or ["public_channel"]
    kinds = {"public_channel": "channels", "private_channel": "groups", "im": "im"}
    wanted = {kinds[name] for name in names if name in kinds}
    for kind in sorted(wanted):
        call.need(f"{kind}:read")
    channels = [
        each
        for each in call.backend.state.channels.values()
        if user in each.members and each.kind in wanted and (each.kind == "channels" or each.bot_member)
    ]
    found, more = page(call.args, channels)
    return {"channels": [each.as_api() for each in found], **more}
