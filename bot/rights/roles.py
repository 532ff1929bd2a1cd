"""Who may do what: asks Slack who somebody is and who is in a group, and lets `bot.rights.standing` decide."""

import asyncio
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from bot.clients.deadline import within
from bot.clients.slack import SlackRefused, SlackUncertain
from bot.clock import Clock
from bot.command import Role
from bot.door.recovery import ago
from bot.rights.remembered import Known, Remembered
from bot.rights.standing import NOBODY, Grant, Person, decide, groups, operates, read
from bot.settings import Settings
from bot.views import refusals
from store.errors import StoreError

log = structlog.get_logger(__name__)

FRESH = 300.0  # seconds an answer is believed: longer, and somebody who left keeps the keys over a coffee
LAST_KNOWN = 24 * 3600.0  # seconds it counts when Slack cannot be asked: an outage of Slack must not lock the team out
PATIENCE = 3.0  # seconds; a question waits for this, and an old answer is better than a late one

_NOT_A_GROUP = frozenset({"no_such_subteam", "subteam_not_found", "plan_upgrade_required"})
_NOT_A_USER = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


def only_operators(roles: Collection[str], *, needed: str = Role.OPERATOR) -> None:
    """Before what a button does. Raises Refused for somebody who does not operate; *needed* names the role to them."""
    if not operates(roles):
        raise refusals.not_allowed("This button", needed, roles)


class Asked(Protocol):
    """What is needed of Slack. Raises SlackRefused (with a code) or SlackUncertain."""

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method of the Web API."""
        ...


class _Away(Exception):
    """Slack could not be asked, or not now: what was known last may count."""


class Roles:
    """Answers for one workspace, *team_id*. Remembers for 5 minutes; asks once for all who wait.

    *named* hears what people are called.
    """

    def __init__(
        self,
        settings: Settings,
        slack: Asked,
        clock: Clock,
        team_id: str,
        *,
        named: Callable[[str, str], None] = lambda _user, _name: None,
    ) -> None:
        self._settings = settings
        self._slack = slack
        self._clock = clock
        self._team = team_id
        self._named = named
        self._names: dict[str, str] = {}
        self._groups = groups(settings)
        self._people = Remembered(self._person, clock, fresh=FRESH, last=LAST_KNOWN, away=(_Away,))
        self._members = Remembered(self._group, clock, fresh=FRESH, last=LAST_KNOWN, away=(_Away,))

    async def of(self, user_id: str, team_id: str, *, anew: bool = False) -> Grant:
        """Return what *user_id*, speaking from *team_id*, may do: nothing, where that cannot be found out.

        *anew*: what Slack says now, and not five minutes ago; what it said last where it cannot be asked.
        """
        if not user_id:
            return Grant(NOBODY, "Nobody is named as the one who asks.")
        if team_id and team_id != self._team and not team_id.startswith("E"):
            return Grant(NOBODY, "You come from another workspace (Slack Connect).")
        ask = (self._members.get(group, anew=anew) for group in self._groups)
        asking = asyncio.gather(*ask, return_exceptions=True) if self._groups else None
        try:
            person = await self._people.get(user_id, anew=anew)
        except _Away as error:
            if asking is not None:
                await asking
            log.warning("roles.unknown", user=user_id, error=str(error))
            return Grant(NOBODY, f"I could not ask Slack who you are ({error}), so nothing is allowed. Try again soon.")
        found = await asking if asking is not None else ()
        known = {group: one for group, one in zip(self._groups, found, strict=True) if isinstance(one, Known)}
        if person.value is None:
            return Grant(NOBODY, "Slack does not know you in this workspace.")
        members = {group: one.value for group, one in known.items()}
        grant = decide(person.value, self._team, self._settings, members)
        ages = [person.age, *(one.age for one in known.values())]
        lost, age = len(known) < len(self._groups), max(ages)
        if not lost and age <= FRESH:
            return grant
        now = self._clock.now()
        return _noted(grant, lost=lost, age=ago(now - timedelta(seconds=age), now) if age > FRESH else "")

    async def zone(self, user_id: str) -> ZoneInfo:
        """The time zone of *user_id*; UTC where Slack does not say, or this machine does not know it."""
        try:
            person = (await self._people.get(user_id)).value
            return ZoneInfo(person.zone) if person is not None and person.zone else ZoneInfo("UTC")
        except (_Away, ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")

    async def holding(self, role: Role) -> frozenset[str]:
        """The people who hold *role* by name or by user group; a group that cannot be read has nobody here."""
        named = self._settings.approvers if role is Role.APPROVER else self._settings.operators
        groups = [one for one in named if one in self._groups]
        found = await asyncio.gather(*map(self._members.get, groups), return_exceptions=True)
        people = {one for one in named if one not in groups}
        return frozenset(people).union(*(one.value for one in found if isinstance(one, Known)))

    async def _person(self, user: str) -> Person | None:
        try:
            found = read((await self._ask("users.info", user=user)).get("user") or {})
        except SlackRefused as error:
            if error.code in _NOT_A_USER:
                return None
            raise _Away(error.code) from error
        self._keep(user, found.name)
        return found

    def _keep(self, user: str, name: str) -> None:
        if name and self._names.get(user) != name:
            self._names[user] = name
            try:
                self._named(user, name)
            except StoreError as error:
                log.warning("roles.name.unkept", error=str(error))  # a full disk takes nobody's roles away

    async def _group(self, group: str) -> frozenset[str]:
        try:
            users = (await self._ask("usergroups.users.list", usergroup=group)).get("users")
        except SlackRefused as error:
            if error.code in _NOT_A_GROUP:
                log.warning("roles.group.unknown", group=group, error=error.code)
                return frozenset()
            raise _Away(error.code) from error
        return frozenset(map(str, users)) if isinstance(users, list) else frozenset()

    async def _ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        try:
            return await within(self._clock, PATIENCE, self._slack.call(method, **arguments))
        except (SlackUncertain, TimeoutError) as error:
            raise _Away("Slack did not answer") from error


def _noted(grant: Grant, *, lost: bool, age: str) -> Grant:
    """Say what a grant rests on where Slack could not be asked."""
    notes = []
    if lost:
        notes.append("A user group could not be read, so its members are unknown to me.")
    if age:
        notes.append(f"Slack could not be asked: this rests on what it said {age} ago.")
    note = " ".join(notes)
    return Grant(grant.roles, " ".join(part for part in (grant.why, note) if part) if grant.why else "", note, age)
