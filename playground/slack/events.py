"""Events: to whom they go, and again where nobody took them.

An event goes to the app where it is subscribed to it, has the scope, and the bot is in the channel. One that is not
acknowledged within 3 s comes again at once, after a minute and after five (docs.slack.dev, “Events API”, retries);
commands and interactions never do.
"""

from typing import Any

from playground.slack import payloads
from playground.slack.backend import Backend
from playground.slack.channels import Channel
from playground.slack.messages import Message
from playground.slack.people import BOT_USER
from playground.slack.sockets import NoAckError, NotConnectedError

RETRIES = (0.0, 60.0, 300.0)
SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}


class Events:
    """Sends them on the side: nobody in the workspace waits for an app."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def message(self, message: Message) -> None:
        """Somebody wrote: `message.…`, and `app_mention` where the bot is named."""
        state = self._backend.state
        channel = state.channels[message.channel]
        body: dict[str, Any] = {"type": "message", "channel": channel.id, "event_ts": message.ts}
        body |= message.as_api(with_metadata=True) | {"channel_type": _channel_type(channel)}
        self._send("message." + channel.kind, body, channel)
        if f"<@{BOT_USER}>" in message.text and not message.by_bot and not channel.is_im:
            mention = {key: value for key, value in body.items() if key != "channel_type"}
            self._send("app_mention", mention | {"type": "app_mention"}, channel)

    def changed(self, message: Message, subtype: str, event_ts: str) -> None:
        """A message was edited or deleted: the hidden `message` event of that subtype."""
        channel = self._backend.state.channels[message.channel]
        body: dict[str, Any] = {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": channel.id,
            "channel_type": _channel_type(channel),
            "ts": event_ts,
            "event_ts": event_ts,
        }
        if subtype == "message_deleted":
            body |= {"deleted_ts": message.ts, "previous_message": message.as_api()}
        else:
            body |= {"message": message.as_api(with_metadata=True)}
        self._send("message." + channel.kind, body, channel)

    def reaction(self, kind: str, user: str, name: str, message: Message) -> None:
        """`reaction_added` or `reaction_removed`."""
        body = {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": message.channel, "ts": message.ts},
            "item_user": message.user,
            "event_ts": self._backend.state.ts(),
        }
        self._send(kind, body, self._backend.state.channels[message.channel])

    def home_opened(self, user: str) -> None:
        """`app_home_opened`, with the view that stands there if there is one."""
        dm = self._backend.state.dm(user)
        body: dict[str, Any] = {
            "type": "app_home_opened",
            "user": user,
            "channel": dm.id,
            "tab": "home",
            "event_ts": self._backend.state.ts(),
        }
        view = self._backend.views.homes.get(user)
        if view is not None:
            body["view"] = view.as_api()
        self._send("app_home_opened", body, dm)

    def other(self, kind: str, body: dict[str, Any], channel: Channel) -> None:
        """Any further event, by its subscription name."""
        self._send(kind, body, channel)

    def _send(self, subscription: str, body: dict[str, Any], channel: Channel) -> None:
        backend = self._backend
        scope = SCOPES.get(subscription)
        wanted = subscription in backend.app.events and (scope is None or scope in backend.app.scopes)
        if not wanted or not channel.bot_member or backend.tokens.refusal:
            return
        ident = backend.state.new_id("Ev")
        at = int(backend.clock.now().timestamp())
        payload = payloads.event(backend.tokens.verification, body, ident, at, shared=channel.is_shared)
        backend.tasks.start(self._deliver(payload))

    async def _deliver(self, payload: dict[str, Any]) -> None:
        for attempt, wait in enumerate((0.0, *RETRIES)):
            if wait:
                await self._backend.clock.sleep(wait)
            reason = "timeout" if attempt else ""
            try:
                await self._backend.sockets.deliver(
                    "events_api", payload, accepts=False, retry_attempt=attempt, retry_reason=reason
                )
            except (NoAckError, NotConnectedError):
                continue
            return


def _channel_type(channel: Channel) -> str:
    return {"channels": "channel", "groups": "group", "im": "im"}[channel.kind]
