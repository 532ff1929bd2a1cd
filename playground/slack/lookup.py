"""Finding what a call of the Control API names, or saying in a sentence that it is not there."""

from typing import Any

from playground.slack.backend import Backend
from playground.slack.blocks import elements
from playground.slack.channels import Channel
from playground.slack.errors import ControlError
from playground.slack.messages import Message
from playground.slack.people import BOT_USER, User
from playground.slack.views import View


def person(backend: Backend, name: object) -> User:
    """A user who is no bot. Raises ControlError(no_such_user)."""
    user = backend.state.user(name) if isinstance(name, str) else None
    if user is None or user.is_bot:
        raise ControlError("no_such_user", f"There is no person {name!r}.")
    return user


def room(backend: Backend, user: User, name: object) -> Channel:
    """A channel that person can open. Raises ControlError(no_such_channel)."""
    channel = backend.state.channel(name) if isinstance(name, str) else None
    if channel is None and isinstance(name, str) and backend.state.user(name) is backend.state.users[BOT_USER]:
        channel = backend.state.dm(user.id)
    if channel is None or not backend.state.eyes(channel)(user.id):
        raise ControlError("no_such_channel", f"{user.name} sees no channel {name!r}.")
    return channel


def seen(backend: Backend, user: User, channel: Channel, ts: object) -> Message:
    """A message which that person sees. Raises ControlError(no_such_message)."""
    message = backend.state.message(channel.id, ts) if isinstance(ts, str) else None
    if message is None or message.ephemeral_to not in (None, user.id):
        raise ControlError("no_such_message", f"{user.name} sees no message {ts!r} in #{channel.name}.")
    return message


def standing(backend: Backend, user: User, view_id: str) -> View:
    """A view open in front of that person, or the home. Raises ControlError(no_such_view)."""
    view = backend.views.find(view_id)
    if view is None or view.user != user.id:
        raise ControlError("no_such_view", f"No view {view_id!r} is open in front of {user.name}.")
    return view


def element(
    blocks: list[dict[str, Any]], action_id: str, block_id: str | None, value: Any = None
) -> tuple[str, dict[str, Any]]:
    """The element to press, and its block_id. Raises ControlError(no_such_action).

    Where several have the action_id, *block_id* or a button's *value* tells which; else the first.
    """
    found = [
        (block["block_id"], each)
        for block, each in elements(blocks)
        if each["action_id"] == action_id and block_id in (None, block["block_id"])
    ]
    exact = [each for each in found if value is not None and each[1].get("value") == value]
    if not found:
        there = ", ".join(sorted({each["action_id"] for _, each in elements(blocks)})) or "none"
        raise ControlError("no_such_action", f"There is no action {action_id!r} here; there are: {there}.")
    return (exact or found)[0]
