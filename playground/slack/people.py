"""The cast: who is in the workspace (docs/playground.md)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

TEAM = "T0AIKEYS"
TEAM_NAME = "AIKeys"
TEAM_DOMAIN = "aikeys"
OTHER_TEAM = "T0PARTNER"
APP = "A0AIKEYS"
BOT = "B0BOT"
BOT_USER = "U0BOT"


@dataclass
class User:
    """A person, or the bot. `role` is scenery for the page: the bot has its own settings."""

    id: str
    name: str
    real_name: str
    tz: str
    color: str
    role: str
    is_bot: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False

    @property
    def team(self) -> str:
        """The workspace the person belongs to: another one for a Slack Connect outsider."""
        return OTHER_TEAM if self.is_stranger else TEAM

    @property
    def email(self) -> str:
        """A made-up address."""
        return f"{self.name}@example.com"

    def as_state(self) -> dict[str, Any]:
        """As `GET /control/state` shows a user."""
        return {
            "id": self.id,
            "name": self.name,
            "real_name": self.real_name,
            "tz": self.tz,
            "color": self.color,
            "is_bot": self.is_bot,
            "role": self.role,
            "is_restricted": self.is_restricted,
            "is_stranger": self.is_stranger,
        }

    def as_api(self, now: datetime, *, with_email: bool) -> dict[str, Any]:
        """As users.info answers; the address only where the token has users:read.email."""
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        profile = {
            "real_name": self.real_name,
            "display_name": self.name,
            "real_name_normalized": self.real_name,
            "display_name_normalized": self.name,
            "team": self.team,
        }
        if with_email and not self.is_bot:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.deleted,
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": profile,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_stranger": self.is_stranger,
            "is_bot": self.is_bot,
            "updated": int(now.timestamp()),
            "is_app_user": False,
        }


def cast(bot_name: str, app_name: str) -> list[User]:
    """Everyone, the bot first."""
    return [
        User(BOT_USER, bot_name, app_name, "Etc/UTC", "3b4a6b", "bot", is_bot=True),
        User("U0ANA", "ana", "Ana Ruiz", "Europe/Madrid", "9f3a5b", "operator"),
        User("U0BEN", "ben", "Ben Carter", "America/New_York", "2f6b4f", "approver"),
        User("U0CY", "cy", "Cy Mori", "Asia/Tokyo", "2d5fa4", "approver"),
        User("U0ZOE", "zoe", "Zoe Adams", "Europe/London", "7a4fa3", "viewer"),
        User("U0GUS", "gus", "Gus Lopes", "Europe/Lisbon", "8a5a1f", "guest", is_restricted=True),
        User("U0SAM", "sam", "Sam Quispe", "America/Lima", "1f6f78", "outsider", is_stranger=True),
    ]


def groups() -> dict[str, tuple[str, list[str]]]:
    """User groups: id → (handle, members)."""
    return {"S0OPERS": ("operators", ["U0ANA"]), "S0APPR": ("approvers", ["U0BEN", "U0CY"])}
