"""usergroups.list, usergroups.users.list."""

from playground.slack.errors import SlackError
from playground.slack.methods.table import Answer, Call, method
from playground.slack.people import TEAM


@method("usergroups.list", tier=2, scopes=("usergroups:read",), takes_json=False)
def usergroups_list(call: Call) -> Answer:
    """All user groups."""
    with_users = call.args.flag("include_users")
    shown = []
    for ident, (handle, members) in call.backend.state.groups.items():
        group: Answer = {
            "id": ident,
            "team_id": TEAM,
            "is_usergroup": True,
            "name": handle.capitalize(),
            "handle": handle,
            "date_delete": 0,
            "user_count": str(len(members)),
        }
        shown.append(group | ({"users": list(members)} if with_users else {}))
    return {"usergroups": shown}


@method("usergroups.users.list", tier=2, scopes=("usergroups:read",), takes_json=False)
def usergroups_users_list(call: Call) -> Answer:
    """Who is in one."""
    found = call.backend.state.groups.get(call.args.required("usergroup"))
    if found is None:
        raise SlackError("no_such_subteam")
    return {"users": list(found[1])}
