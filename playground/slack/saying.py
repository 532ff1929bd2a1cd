"""What a person types into the composer: a message, a mention, or a slash command."""

from typing import Any

from playground.slack import payloads
from playground.slack.app import Command
from playground.slack.backend import Backend
from playground.slack.channels import Channel
from playground.slack.composer import command_text, message_text
from playground.slack.content import read_content
from playground.slack.errors import ControlError, SlackError
from playground.slack.messages import Message
from playground.slack.people import User
from playground.slack.sockets import NoAckError, NotConnectedError
from playground.slack.threads import root_of
from playground.slack.wire import Args

MOST = 12_000  # Slack's composer takes no more


class Saying:
    """Answers `{ok, ts}` for a message, `{ok, acked, failed?}` for a command. Raises ControlError."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def say(self, user: User, channel: Channel, text: str, thread_ts: str | None = None) -> dict[str, Any]:
        """Type *text* there and press Enter."""
        if not text.strip():
            raise ControlError("no_text", "There is nothing to send.")
        if len(text) > MOST:
            raise ControlError("too_long", f"Slack's composer takes at most {MOST} characters.")
        if text.startswith("/"):
            return await self._command(user, channel, text, thread_ts)
        return {"ok": True, "ts": self._message(user, channel, text, thread_ts).ts}

    def _message(self, user: User, channel: Channel, text: str, thread_ts: str | None) -> Message:
        backend = self._backend
        if channel.is_archived:
            raise ControlError("is_archived", f"#{channel.name} is archived.")
        if user.id not in channel.members:
            channel.members.append(user.id)  # the page's “Join” button
            backend.state.channel_changed(channel)
        try:
            root = root_of(backend.state, channel.id, thread_ts) if thread_ts else None
        except SlackError:
            root = None
        if thread_ts and root is None:
            raise ControlError("no_such_thread", f"There is no thread {thread_ts!r}.")
        said = message_text(backend.state, text)
        message = Message(channel.id, backend.state.ts(), user.id, said, thread_ts=root, team=user.team)
        backend.state.add(message)
        backend.events.message(message)
        return message

    async def _command(self, user: User, channel: Channel, typed: str, thread_ts: str | None) -> dict[str, Any]:
        backend = self._backend
        name, _, rest = typed.partition(" ")
        command = next((each for each in backend.app.commands if each.command == name), None)
        if channel.is_archived:
            raise ControlError("is_archived", f"#{channel.name} is archived.")
        if command is None:
            said = "In Slack, all messages that start with the “/” character are interpreted as commands."
            return self._failed(user, channel, f"{name} is not a valid command. {said}")
        if thread_ts:
            # Still so in 2026: no slash commands in threads.
            return self._failed(user, channel, f"{name} is not supported in threads. Sorry!")
        payload = self._payload(user, channel, command, rest.strip())
        try:
            ack = await backend.sockets.deliver("slash_commands", payload, accepts=True)
        except NotConnectedError:
            return self._failed(user, channel, f'{name} failed with the error "dispatch_failed"')
        except NoAckError:
            return self._failed(user, channel, f"{name} failed because the app did not respond")
        if ack is not None:
            return self._answer(user, channel, name, ack)
        return {"ok": True, "acked": True}

    def _payload(self, user: User, channel: Channel, command: Command, text: str) -> dict[str, Any]:
        backend = self._backend
        return payloads.slash(
            backend.tokens.verification,
            user,
            channel,
            command.command,
            command_text(backend.state, text, should_escape=command.should_escape),
            backend.hooks.issue(user.id, channel.id),
            backend.triggers.issue(user.id),
        )

    def _answer(self, user: User, channel: Channel, name: str, ack: Any) -> dict[str, Any]:
        """The acknowledgement carries a message: ephemeral unless it says `in_channel`."""
        backend = self._backend
        try:
            args = Args(ack if isinstance(ack, dict) else {"text": str(ack)})
            backend.hooks.post(user.id, channel.id, read_content(backend.state, args), args)
        except SlackError as error:
            backend.journal.note("in", "socket", "bad ack", {"ack": ack, "error": error.code, **error.fields})
            return self._failed(user, channel, f'{name} failed with the error "{error.code}"')
        return {"ok": True, "acked": True}

    def _failed(self, user: User, channel: Channel, text: str) -> dict[str, Any]:
        self._backend.failed(user.id, channel.id, text)
        return {"ok": True, "acked": False, "failed": text}
