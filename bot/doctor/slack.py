"""Slack, looked at: both tokens, the scopes, the channels and whether the bot sits in them, the people and groups."""

import asyncio
from collections.abc import Callable

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clients.slack import Slack, SlackRefused, new_session, web_client
from bot.clients.slack_errors import Passing
from bot.clock import Clock
from bot.doctor.line import Line, note, unknown, well, wrong
from bot.doctor.reaching import reached
from bot.errors import Unanswered
from bot.rights.standing import read
from bot.settings import Problem, Settings
from bot.start.scopes import missing
from bot.start.startup import asked_of, scopes_of, two_apps

_PUT_RIGHT = "Bring the app up to date with manifest.yml (aikeys manifest) and install it again."


async def look(settings: Settings, clock: Clock, heard: Callable[[str], None]) -> list[Line]:
    """All of it. *heard*: told of the Date header of each good answer."""
    async with new_session() as session:
        client = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session, clock)
        slack = Slack(client, session)
        slack.heard = heard
        lines, bot = await _tokens(settings, client, clock)
        if bot is None:
            return lines  # the rest is asked with this token
        found = await asyncio.gather(
            _channel(slack, "AIKEYS_OPS_CHANNEL", settings.ops_channel),
            _channel(slack, "AIKEYS_INCIDENT_CHANNEL", settings.incident_channel),
            *(_member(slack, name, one) for name, one in _members(settings)),
        )
        return [*lines, *_nowhere(settings), *found, *_roles(settings)]


async def _tokens(
    settings: Settings, client: AsyncWebClient, clock: Clock
) -> tuple[list[Line], AsyncSlackResponse | None]:
    app_token = settings.slack_app_token.get_secret_value()
    bot, app = await asyncio.gather(
        asked_of("SLACK_BOT_TOKEN", "auth.test", client.auth_test(), clock),
        # A ticket for a socket, which nobody opens: Slack has no other question for this token.
        asked_of("SLACK_APP_TOKEN", "apps.connections.open", client.apps_connections_open(app_token=app_token), clock),
    )
    lines = [_token("SLACK_BOT_TOKEN", bot)]
    who = bot if isinstance(bot, AsyncSlackResponse) else None
    if who is not None:
        lines += _scopes(scopes_of(who))
    others = two_apps(who, app_token) if who is not None else []
    lines.append(_token("SLACK_APP_TOKEN", others[0] if others else app))
    if isinstance(app, AsyncSlackResponse):
        # Tried, and not opened: what Slack sent down it would be lost to the bot that runs.
        lines.append(await reached("Socket", str(app.get("url", "")), "Slack"))
    return lines, who


def _token(name: str, answer: AsyncSlackResponse | Problem | Passing) -> Line:
    if isinstance(answer, Problem):
        return wrong(name, answer.wrong, "See “Installing it in a workspace” in the README.")
    if isinstance(answer, Passing):
        return unknown(name, answer.why, "Look at the network of this machine and at status.slack.com.")
    if name == "SLACK_APP_TOKEN":
        return well(name, "Slack gives a socket for it")
    return well(name, f"workspace {answer.get('team', '?')}, bot @{answer.get('user', '?')}")


def _scopes(granted: frozenset[str]) -> list[Line]:
    if not granted:
        return [unknown("Scopes", "Slack did not say which scopes the token has", "Is a proxy in between?")]
    needed, optional = missing(granted)
    lines = [wrong(f"Scope {one.name}", f"it is missing, needed to {one.why}", _PUT_RIGHT) for one in needed]
    lines += [note(f"Scope {one.name}", f"not granted: {one.lost}") for one in optional]
    return lines or [well("Scopes", "all that the manifest asks for")]


async def _channel(slack: Slack, setting: str, channel: str | None) -> Line:
    if channel is None:
        return note(setting, "not set: what belongs there is told nowhere, or in the other channel")
    try:
        found = (await slack.call("conversations.info", channel=channel))["channel"]
    except SlackRefused as error:
        if error.code == "channel_not_found":
            said = f"Slack shows me no channel {channel}: there is none, or it is private and I am not in it"
            do = "Copy the id from the channel's About tab; in a private one type /invite @aikeys."
            return wrong(setting, said, do)
        return wrong(setting, str(error), _PUT_RIGHT)
    except Unanswered as error:
        return unknown(setting, str(error))
    name = f"#{found.get('name', channel)}"
    if found.get("is_archived"):
        return wrong(setting, f"{name} is archived", "Name another channel, or unarchive this one.")
    if not found.get("is_member"):
        return wrong(setting, f"I am not in {name}", f"Type /invite @aikeys in {name}.")
    if found.get("is_ext_shared"):
        said = f"{name} is shared with another workspace: logs are not shown there, alerts are"
        return note(setting, said, "Name a channel of your own people alone.")
    return well(setting, f"{name}, and I am in it")


def _nowhere(settings: Settings) -> list[Line]:
    if settings.ops_channel or settings.incident_channel:
        return []
    return [
        wrong("Channels", "none is set: alarms are told nowhere", "Set AIKEYS_OPS_CHANNEL and AIKEYS_INCIDENT_CHANNEL.")
    ]


def _members(settings: Settings) -> list[tuple[str, str]]:
    """Each person and group that the settings name, once, with the first setting that does."""
    found: dict[str, str] = {}
    roles = {
        "AIKEYS_LEAD": (settings.lead,) if settings.lead else (),
        "AIKEYS_OPERATORS": settings.operators,
        "AIKEYS_APPROVERS": settings.approvers,
        "AIKEYS_VIEWERS": settings.viewers,
        "AIKEYS_ON_CALL": settings.on_call,
    }
    for setting, members in roles.items():
        for one in members:
            found.setdefault(one, setting)
    return [(setting, one) for one, setting in found.items()]


async def _member(slack: Slack, setting: str, member: str) -> Line:
    what = f"{setting} {member}"
    try:
        if member.startswith("S"):
            users = (await slack.call("usergroups.users.list", usergroup=member))["users"]
            if users:
                return well(what, f"a user group of {len(users)}")
            return wrong(what, "a user group with nobody in it", "Put people into it, or name another.")
        person = read((await slack.call("users.info", user=member))["user"])
    except SlackRefused as error:
        if error.code in ("user_not_found", "no_such_subteam", "subteam_not_found"):
            return wrong(what, "Slack knows nobody by that id", "Copy it from the profile (⋮, Copy member ID).")
        return wrong(what, str(error), _PUT_RIGHT)
    except Unanswered as error:
        return unknown(what, str(error))
    off = "has left the workspace" if person.deleted else "is a bot" if person.bot else ""
    off = off or ("is a guest, or of another workspace" if person.guest or person.stranger else "")
    if off:
        return wrong(what, f"{person.name} {off}: may do nothing", "Name somebody else.")
    return well(what, person.name)


def _roles(settings: Settings) -> list[Line]:
    if not settings.operators and not settings.approvers:
        said = "nobody is named: members may look, and nobody may change anything"
        return [note("Roles", said, "Set AIKEYS_OPERATORS and AIKEYS_APPROVERS.")]
    if not settings.approvers and not settings.alone:
        said = "nobody may approve: what operators ask for waits until it expires"
        return [wrong("Roles", said, "Set AIKEYS_APPROVERS, or for a team of one AIKEYS_ALONE=true.")]
    if not settings.operators:
        return [wrong("Roles", "approvers are named and no operators: nobody may ask", "Set AIKEYS_OPERATORS.")]
    people = {*settings.operators, *settings.approvers}
    if len(people) == 1 and not settings.alone and not next(iter(people)).startswith("S"):
        said = "one person holds them all, and nobody approves their own request"
        return [wrong("Roles", said, "Name a second person, or set AIKEYS_ALONE=true.")]
    return []
