"""A message: as the API, an event and the page show it."""

from dataclasses import dataclass, field
from typing import Any

from playground.slack.people import APP, BOT, BOT_USER, TEAM


@dataclass
class Message:
    """One message of a channel. `ephemeral_to` names the only person who sees it; such a one is not in the API."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    team: str = TEAM
    files: list[dict[str, Any]] = field(default_factory=list)
    edited: dict[str, str] | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: dict[str, Any] | None = None
    subtype: str | None = None
    broadcast: bool = False
    replies: list["Message"] = field(default_factory=list)
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)  # user → block_id → action_id → value

    @property
    def by_bot(self) -> bool:
        """True if the app wrote it."""
        return self.user == BOT_USER

    def _shared(self) -> dict[str, Any]:
        """What every view of a message has."""
        shown: dict[str, Any] = {"ts": self.ts, "user": self.user, "text": self.text}
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.by_bot:
            shown["bot_id"] = BOT
        rest = {
            "subtype": self.subtype,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "files": self.files,
            "edited": self.edited,
        }
        shown |= {key: value for key, value in rest.items() if value}
        if self.reactions:
            shown["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ]
        if self.replies:
            people = list(dict.fromkeys(reply.user for reply in self.replies))
            shown |= {
                "thread_ts": self.ts,
                "reply_count": len(self.replies),
                "reply_users": people,
                "reply_users_count": len(people),
                "latest_reply": self.replies[-1].ts,
            }
        return shown

    def as_api(self, *, with_metadata: bool = False) -> dict[str, Any]:
        """As conversations.history and chat.postMessage answer; metadata only where it was asked for."""
        shown = {"type": "message", **self._shared(), "team": self.team}
        if self.by_bot:
            shown["app_id"] = APP
        if self.team != TEAM:
            shown["user_team"] = self.team  # a Slack Connect outsider
        if self.metadata and with_metadata:
            shown["metadata"] = self.metadata
        return shown

    def as_control(self) -> dict[str, Any]:
        """As the Control API and the live updates show it."""
        shown = {**self._shared(), "channel": self.channel, "ephemeral": self.ephemeral_to is not None}
        if self.metadata:
            shown["metadata"] = self.metadata
        if self.broadcast:
            shown["broadcast"] = True
        return shown
