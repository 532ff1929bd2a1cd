"""Channels: who is in them, and what the API and the page see of them."""

from dataclasses import dataclass, field
from typing import Any, Literal

from playground.slack.people import BOT_USER, TEAM, User

CREATED = 1_767_225_600  # 2026-01-01: before anything that happens in the playground

Restriction = Literal[
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action",
]


@dataclass
class Channel:
    """A public or private channel, or a person's DM with the bot (`is_im`, `user`)."""

    id: str
    name: str
    members: list[str]
    is_private: bool = False
    is_shared: bool = False
    is_im: bool = False
    is_general: bool = False
    user: str | None = None
    topic: str = ""
    purpose: str = ""
    creator: str = "U0ANA"
    is_archived: bool = False
    restriction: Restriction | None = None
    pins: list[str] = field(default_factory=list)
    bookmarks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def bot_member(self) -> bool:
        """True if the bot is in it."""
        return BOT_USER in self.members

    @property
    def kind(self) -> Literal["channels", "groups", "im"]:
        """The family of its scopes: channels:read, groups:read, im:read."""
        if self.is_im:
            return "im"
        return "groups" if self.is_private else "channels"

    @property
    def payload_name(self) -> str:
        """What payloads call it: Slack names neither DMs nor private channels there."""
        if self.is_im:
            return "directmessage"
        return "privategroup" if self.is_private else self.name

    def as_state(self) -> dict[str, Any]:
        """As `GET /control/state` shows a channel."""
        return {
            "id": self.id,
            "name": self.name,
            "is_im": self.is_im,
            "is_private": self.is_private,
            "is_shared": self.is_shared,
            "is_archived": self.is_archived,
            "user": self.user,
            "topic": self.topic,
            "purpose": self.purpose,
            "members": list(self.members),
            "bot_member": self.bot_member,
            "pins": list(self.pins),
            "bookmarks": [dict(each) for each in self.bookmarks],
        }

    def as_api(self) -> dict[str, Any]:
        """As conversations.info answers."""
        if self.is_im:
            return {
                "id": self.id,
                "created": CREATED,
                "is_im": True,
                "is_org_shared": False,
                "user": self.user,
                "is_open": True,
                "is_user_deleted": False,
                "priority": 0,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "created": CREATED,
            "creator": self.creator,
            "is_archived": self.is_archived,
            "is_general": self.is_general,
            "unlinked": 0,
            "is_shared": self.is_shared,
            "is_ext_shared": self.is_shared,
            "is_org_shared": False,
            "pending_shared": [],
            "is_pending_ext_shared": False,
            "is_member": self.bot_member,
            "context_team_id": TEAM,
            "topic": {"value": self.topic, "creator": self.creator if self.topic else "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": self.creator if self.purpose else "", "last_set": 0},
            "previous_names": [],
        }


def rooms(users: list[User]) -> list[Channel]:
    """The channels of docs/playground.md, and each person's DM with the bot."""
    team = [user.id for user in users if not user.is_stranger and not user.is_restricted]
    people = [user for user in users if not user.is_bot]
    return [
        Channel("C0OPS", "ops", [*team, "U0GUS"], topic="AIKeys Wallet operations"),
        Channel("C0INC", "incidents", list(team), topic="One message per incident, the talk in its thread"),
        Channel("C0GEN", "general", [*team, "U0GUS"], is_general=True, topic="Everything else"),
        Channel("C0WAR", "war-room", ["U0ANA", "U0BEN", "U0CY"], is_private=True),
        Channel("C0EXT", "partners", [BOT_USER, "U0ANA", "U0BEN", "U0SAM"], is_shared=True),
        *(Channel("D" + user.id[1:], user.name, [user.id, BOT_USER], is_im=True, user=user.id) for user in people),
    ]
