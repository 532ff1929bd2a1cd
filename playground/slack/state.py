"""The workspace's memory: people, channels, messages. Nothing here waits, so each change is whole."""

from collections.abc import Iterable
from typing import Any

from bot.clock import Clock
from playground.slack.channels import Channel, rooms
from playground.slack.feed import Feed, Sees
from playground.slack.messages import Message
from playground.slack.people import BOT_USER, User, cast, groups


class State:
    """Holds and finds. Changes are told to the feed; what may be changed by whom is decided by the callers."""

    def __init__(self, clock: Clock, feed: Feed, bot_name: str, app_name: str) -> None:
        self._clock = clock
        self._feed = feed
        self._last_ts = 0
        self._serial = 0
        people = cast(bot_name, app_name)
        self.users: dict[str, User] = {user.id: user for user in people}
        self.channels: dict[str, Channel] = {channel.id: channel for channel in rooms(people)}
        self.groups: dict[str, tuple[str, list[str]]] = groups()
        self.timelines: dict[str, dict[str, Message]] = {each: {} for each in self.channels}
        self.homes: dict[str, dict[str, Any]] = {}

    def ts(self) -> str:
        """A message's timestamp: unique in the workspace and rising, even while the clock stands still."""
        now = int(self._clock.now().timestamp() * 1_000_000)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        """An id such as F00000001."""
        self._serial += 1
        return f"{letter}{self._serial:08d}"

    def user(self, name: str) -> User | None:
        """Find by id or by name, with or without `@`."""
        return self.users.get(name) or next(
            (user for user in self.users.values() if user.name == name.removeprefix("@").lower()), None
        )

    def channel(self, name: str) -> Channel | None:
        """Find by id or name (`ops`, `#ops`); a person's id or name is that person's DM with the bot."""
        found = self.channels.get(name)
        if found:
            return found
        plain = name.removeprefix("#")
        for channel in self.channels.values():
            if channel.name == plain and not channel.is_im and not name.startswith("@"):
                return channel
        person = None if name.startswith("#") else self.user(name)
        return self.dm(person.id) if person and not person.is_bot else None

    def dm(self, user: str) -> Channel:
        """That person's DM with the bot, opened if need be."""
        ident = "D" + user[1:]
        if ident not in self.channels:
            self.add_channel(Channel(ident, self.users[user].name, [user, BOT_USER], is_im=True, user=user))
        return self.channels[ident]

    def add_channel(self, channel: Channel) -> None:
        """A new channel."""
        self.channels[channel.id] = channel
        self.timelines[channel.id] = {}
        self.channel_changed(channel)

    def channel_changed(self, channel: Channel) -> None:
        """Tell the pages: members, topic, name, pins."""
        self._feed.publish({"type": "channel", "channel": channel.as_state()}, self.eyes(channel))

    def eyes(self, channel: Channel) -> Sees:
        """Who can open it: its members, and where it is public everyone of the team who is no guest."""

        def sees(user: str) -> bool:
            if user in channel.members:
                return True
            person = self.users.get(user)
            closed = channel.is_private or channel.is_im
            return person is not None and not (closed or person.is_restricted or person.is_stranger)

        return sees

    def message(self, channel: str, ts: str) -> Message | None:
        """Find, ephemeral ones too."""
        return self.timelines.get(channel, {}).get(ts)

    def public(self, channel: str, ts: str) -> Message | None:
        """Find among those that the API knows: no ephemeral ones."""
        found = self.message(channel, ts)
        return found if found and found.ephemeral_to is None else None

    def add(self, message: Message) -> Message:
        """A new message; its parent's reply count changes with it."""
        self.timelines[message.channel][message.ts] = message
        self._tell("message", message)
        if message.thread_ts and message.ephemeral_to is None:
            parent = self.message(message.channel, message.thread_ts)
            if parent and parent is not message:
                parent.replies.append(message)
                self.changed(parent)
        return message

    def changed(self, message: Message) -> None:
        """Tell the pages that it looks different now."""
        self._tell("message_changed", message)

    def remove(self, message: Message) -> None:
        """Take it away; a parent loses the reply. One with replies leaves Slack's tombstone."""
        if message.replies:
            message.user, message.subtype, message.text = "USLACKBOT", "tombstone", "This message was deleted."
            message.blocks, message.attachments, message.files, message.reactions = [], [], [], {}
            self.changed(message)
            return
        del self.timelines[message.channel][message.ts]
        self._feed.publish(
            {"type": "message_deleted", "channel": message.channel, "ts": message.ts}, self._eyes(message)
        )
        parent = self.message(message.channel, message.thread_ts) if message.thread_ts else None
        if parent and message in parent.replies:
            parent.replies.remove(message)
            self.changed(parent)

    def seen(self, channel: str, user: str | None = None) -> Iterable[Message]:
        """What that person sees there, oldest first; everything where no one is named."""
        for message in self.timelines.get(channel, {}).values():
            if message.ephemeral_to is None or user is None or message.ephemeral_to == user:
                yield message

    def _tell(self, kind: str, message: Message) -> None:
        event = {"type": kind, "channel": message.channel, "message": message.as_control()}
        self._feed.publish(event, self._eyes(message))

    def _eyes(self, message: Message) -> Sees:
        if message.ephemeral_to is not None:
            return lambda user: user == message.ephemeral_to
        return self.eyes(self.channels[message.channel])
