"""What Slack sends to an app, field by field (docs.slack.dev, “Interactivity” and “Slash commands”)."""

from typing import Any

from playground.slack.actions import message_values
from playground.slack.channels import Channel
from playground.slack.messages import Message
from playground.slack.people import APP, BOT_USER, TEAM, TEAM_DOMAIN, User
from playground.slack.views import View

Payload = dict[str, Any]


def slash(
    token: str, user: User, channel: Channel, command: str, text: str, response_url: str, trigger_id: str
) -> Payload:
    """A slash command. All values are strings, as in the form that HTTP apps get."""
    return {
        "token": token,
        "team_id": user.team,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _common(token: str, kind: str, user: User) -> Payload:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": TEAM_DOMAIN},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "api_app_id": APP,
        "token": token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel(channel: Channel) -> Payload:
    return {"id": channel.id, "name": channel.payload_name}


def message_action(
    token: str,
    user: User,
    channel: Channel,
    message: Message,
    action: Payload,
    response_url: str,
    trigger_id: str,
) -> Payload:
    """A click on a message. An ephemeral message itself is not in the payload: the app has to know it."""
    ephemeral = message.ephemeral_to is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return (
        _common(token, "block_actions", user)
        | {
            "container": container,
            "trigger_id": trigger_id,
            "channel": _channel(channel),
            "state": {"values": message_values(message, user.id)},
            "response_url": response_url,
            "actions": [action],
        }
        | ({} if ephemeral else {"message": message.as_api(with_metadata=True)})
    )


def view_action(token: str, user: User, view: View, action: Payload, trigger_id: str) -> Payload:
    """A click in a modal or a home: no channel, no message, no response_url."""
    return _common(token, "block_actions", user) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": view.as_api(),
        "actions": [action],
    }


def submission(token: str, user: User, view: View, trigger_id: str) -> Payload:
    """A modal's submission."""
    return _common(token, "view_submission", user) | {
        "trigger_id": trigger_id,
        "view": view.as_api(),
        "response_urls": [],
    }


def closed(token: str, user: User, view: View, *, cleared: bool) -> Payload:
    """A modal closed without submitting; sent only where the view asks for it."""
    return _common(token, "view_closed", user) | {"view": view.as_api(), "is_cleared": cleared}


def shortcut(token: str, user: User, callback_id: str, action_ts: str, trigger_id: str) -> Payload:
    """A global shortcut: no channel, no response_url."""
    return _common(token, "shortcut", user) | {
        "callback_id": callback_id,
        "action_ts": action_ts,
        "trigger_id": trigger_id,
    }


def message_shortcut(
    token: str,
    user: User,
    channel: Channel,
    message: Message,
    callback_id: str,
    action_ts: str,
    response_url: str,
    trigger_id: str,
) -> Payload:
    """A shortcut on a message."""
    return _common(token, "message_action", user) | {
        "callback_id": callback_id,
        "action_ts": action_ts,
        "message_ts": message.ts,
        "channel": _channel(channel),
        "message": message.as_api(with_metadata=True),
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def event(token: str, body: Payload, event_id: str, at: int, *, shared: bool) -> Payload:
    """An event_callback, the whole body that HTTP apps get."""
    return {
        "token": token,
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": body,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": at,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event_id}",
    }
