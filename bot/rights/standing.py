"""Pure: from what Slack says about a person, and what the settings say, to what that person may do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.command import Role
from bot.settings import Settings
from bot.settings.people import People

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says about a user; see `read`."""

    id: str
    teams: frozenset[str]
    deleted: bool = False
    bot: bool = False
    guest: bool = False
    stranger: bool = False
    zone: str = ""  # as the IANA calls it
    name: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """The roles of a person. *why* says why there are none; *note* what the roles rest on when Slack was not asked.

    *age*: how long ago Slack said so, in words (`2 h`), where it could not be asked now; else empty.
    """

    roles: frozenset[str]
    why: str = ""
    note: str = ""
    age: str = ""


def read(user: Mapping[str, Any]) -> Person:
    """Return the person in a `user` object of users.info (docs.slack.dev/reference/objects/user-object).

    A key that is missing counts against the person only where Slack always sends it (`id`).
    """
    grid = user.get("enterprise_user")
    teams = [user.get("team_id"), *(grid.get("teams", []) if isinstance(grid, Mapping) else [])]
    return Person(
        id=str(user.get("id", "")),
        teams=frozenset(str(team) for team in teams if team),
        deleted=bool(user.get("deleted")),
        bot=bool(user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") == "USLACKBOT"),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        stranger=bool(user.get("is_stranger")),
        zone=str(user.get("tz") or ""),
        name=str(user.get("real_name") or user.get("name") or "")[:80],
    )


def operates(roles: Collection[str]) -> bool:
    """Whether who holds *roles* may do what operators do: approvers may as well."""
    return Role.OPERATOR in roles or Role.APPROVER in roles


def groups(settings: Settings) -> tuple[str, ...]:
    """Return the user groups that the settings name, each once."""
    named = (*settings.operators, *settings.approvers, *settings.viewers)
    return tuple(dict.fromkeys(member for member in named if member.startswith("S")))


def decide(person: Person, team: str, settings: People, members: Mapping[str, frozenset[str]]) -> Grant:
    """Return what *person* may do in *team*; *members* are the people of each user group that could be read.

    A guest, an outsider or a bot may do nothing, also when a setting or a group names them: whoever adds a
    guest to a group does not think of this bot.
    """
    if why := _outside(person, team):
        return Grant(NOBODY, why)
    mine = {
        role
        for role, named in ((Role.OPERATOR, settings.operators), (Role.APPROVER, settings.approvers))
        if _named(person.id, named, members)
    }
    if mine or not settings.viewers or _named(person.id, settings.viewers, members):
        return Grant(frozenset({Role.VIEWER.value, *(role.value for role in mine)}))
    return Grant(NOBODY, "Looking is limited to some members here, and you are not among them.")


def _outside(person: Person, team: str) -> str:
    if person.deleted:
        return "This account is deactivated."
    if person.bot:
        return "I take no orders from bots."
    if person.stranger or team not in person.teams:
        return "You come from another workspace (Slack Connect)."
    if person.guest:
        return "You are a guest in this workspace."
    return ""


def _named(user: str, named: Sequence[str], members: Mapping[str, frozenset[str]]) -> bool:
    return any(user == one or user in members.get(one, ()) for one in named)
