"""Everything a command may touch, in one frozen object: time, memory, the outside world, the caller."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.health.thresholds import Thresholds
from bot.ids import fresh_id

if TYPE_CHECKING:
    from bot.changes import Changes
    from bot.clients.status_page import StatusPage
    from bot.clients.supabase import Supabase
    from bot.clients.wallet import Wallet
    from bot.incidents.alerting import Alerts
    from bot.logbook.following import Followers
    from bot.rights.places import Places
    from bot.rights.roles import Roles
    from bot.rotations.kit import Kit
    from bot.settings import Settings
    from bot.sources import Sources
    from bot.vault import Vault
    from store.database import Store


@dataclass(frozen=True, slots=True)
class Target:
    """The project the bot operates. Printed at start and on every card: it is never implicit."""

    ref: str
    name: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, where, and since when.

    *roles* are role names; empty means may do nothing, and *why_none* says why. *roles_age*: how long ago Slack
    said so, in words, where it could not be asked now. *thread* is the ts of the thread that the question stands in.
    *line*: the command as it was typed, without `/aikeys`; empty before it is read.
    """

    user: str
    channel: str
    roles: frozenset[str]
    asked_at: datetime
    why_none: str = ""
    thread: str | None = None
    delivery: int = 0
    roles_age: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Handed to every command; `dataclasses.replace(ctx, caller=…)` per question.

    *changes*, *roles*, *alerts*, *status_page*, *places*, *followers*, *vault*, *rotations*: None where only looks are
    made; *sources*: None where no git repository is set.
    """

    clock: Clock
    settings: "Settings"
    store: "Store"
    supabase: "Supabase"
    wallet: "Wallet"
    commands: Mapping[str, Any]
    target: Target
    caller: Caller
    changes: "Changes | None" = None
    sources: "Sources | None" = None
    roles: "Roles | None" = None
    status_page: "StatusPage | None" = None
    alerts: "Alerts | None" = None
    fresh_id: Callable[[], str] = fresh_id
    places: "Places | None" = None
    followers: "Followers | None" = None
    vault: "Vault | None" = None
    rotations: "Kit | None" = None

    @property
    def limits(self) -> Thresholds:
        """From which number on something is wrong."""
        return self.settings.tuning.limits

    async def zone(self) -> ZoneInfo:
        """The time zone of who asks: a time that is typed is meant as Slack shows it. UTC where Slack does not say."""
        return await self.roles.zone(self.caller.user) if self.roles is not None else ZoneInfo("UTC")
