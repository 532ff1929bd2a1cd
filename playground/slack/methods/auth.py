"""auth.test, api.test, team.info, bots.info: who am I, where am I."""

from playground.slack.errors import SlackError
from playground.slack.methods.table import Answer, Call, method
from playground.slack.people import APP, BOT, BOT_USER, TEAM, TEAM_DOMAIN, TEAM_NAME


@method("auth.test", tier=None)
def auth_test(call: Call) -> Answer:
    """The bot's own ids and the workspace's."""
    return {
        "url": f"{call.backend.base}/",
        "team": TEAM_NAME,
        "user": call.backend.app.bot_name,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


@method("api.test", tier=4, token="none")
def api_test(call: Call) -> Answer:
    """Echo; fails with the error it is given."""
    if call.args.has("error"):
        raise SlackError(call.args.text("error"), args=call.args.as_dict())
    return {"args": call.args.as_dict()} if call.args.as_dict() else {}


@method("team.info", tier=3, scopes=("team:read",))
def team_info(call: Call) -> Answer:
    """The workspace."""
    if call.args.text("team", TEAM) != TEAM:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": TEAM,
            "name": TEAM_NAME,
            "domain": TEAM_DOMAIN,
            "url": f"{call.backend.base}/",
            "email_domain": "example.com",
            "icon": {"image_default": True},
        }
    }


@method("bots.info", tier=3, scopes=("users:read",), takes_json=False)
def bots_info(call: Call) -> Answer:
    """The bot's profile."""
    if call.args.text("bot") != BOT:
        raise SlackError("bot_not_found")
    name = call.backend.app.bot_name
    return {"bot": {"id": BOT, "deleted": False, "name": name, "app_id": APP, "user_id": BOT_USER, "icons": {}}}
