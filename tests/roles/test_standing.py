"""The decision alone: a table."""

from typing import Any

import pytest

from bot.rights.standing import Person, decide, groups, read

TEAM = "T1"
MEMBERS = {"SOPS": frozenset({"UANA", "UGUS"}), "SVIEW": frozenset({"UZOE"})}
SETTINGS = {"AIKEYS_OPERATORS": "SOPS", "AIKEYS_APPROVERS": "UBEN UANA"}


def person(ident: str, **facts: Any) -> Person:
    return Person(ident, frozenset({TEAM}), **facts)


@pytest.mark.parametrize(
    ("who", "settings", "roles"),
    [
        pytest.param(person("UZOE"), {}, {"viewer"}, id="no roles set: a member looks"),
        pytest.param(person("UZOE"), SETTINGS, {"viewer"}, id="a member without a role"),
        pytest.param(person("UBEN"), SETTINGS, {"viewer", "approver"}, id="named by id"),
        pytest.param(person("UANA"), SETTINGS, {"viewer", "operator", "approver"}, id="by group and by id"),
        pytest.param(person("UZOE"), {"AIKEYS_VIEWERS": "SVIEW"}, {"viewer"}, id="a named viewer"),
        pytest.param(person("UCY"), {"AIKEYS_VIEWERS": "SVIEW"}, set(), id="viewers narrowed to others"),
        pytest.param(
            person("UBEN"), SETTINGS | {"AIKEYS_VIEWERS": "SVIEW"}, {"viewer", "approver"}, id="approvers look"
        ),
        pytest.param(
            person("UZOE"), {"AIKEYS_VIEWERS": "SGONE"}, set(), id="a group that cannot be read lets nobody in"
        ),
        pytest.param(person("UANA", guest=True), SETTINGS, set(), id="a guest, though an operator by group"),
        pytest.param(person("UBEN", stranger=True), SETTINGS, set(), id="an outsider, though named"),
        pytest.param(person("UBEN", bot=True), SETTINGS, set(), id="a bot"),
        pytest.param(person("UBEN", deleted=True), SETTINGS, set(), id="somebody who left"),
        pytest.param(Person("UBEN", frozenset({"T2"})), SETTINGS, set(), id="another workspace's"),
        pytest.param(Person("UBEN", frozenset()), SETTINGS, set(), id="of no workspace at all"),
        pytest.param(Person("UBEN", frozenset({"E1", TEAM})), SETTINGS, {"viewer", "approver"}, id="in a grid"),
    ],
)
def test_who_may_what(told, who, settings, roles):
    """Roles are what the settings name, for full members of this workspace and nobody else."""
    grant = decide(who, TEAM, told(**settings), MEMBERS)
    assert grant.roles == roles
    assert bool(grant.why) == (not roles)


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({"id": "U1", "team_id": "T1"}, Person("U1", frozenset({"T1"}))),
        ({"id": "U1", "team_id": "T1", "is_ultra_restricted": True}, Person("U1", frozenset({"T1"}), guest=True)),
        ({"id": "U1", "team_id": "E1", "enterprise_user": {"teams": ["T1"]}}, Person("U1", frozenset({"E1", "T1"}))),
        ({"id": "USLACKBOT", "team_id": "T1"}, Person("USLACKBOT", frozenset({"T1"}), bot=True)),
        ({"id": "U1", "team_id": "T1", "is_workflow_bot": True}, Person("U1", frozenset({"T1"}), bot=True)),
        ({}, Person("", frozenset())),
    ],
)
def test_read_what_slack_says(user, expected):
    """A user object of users.info as a person."""
    assert read(user) == expected


def test_groups_are_asked_once_each(told):
    """A group that has two roles is one question."""
    assert groups(told(AIKEYS_OPERATORS="S1AA U1A S2BB", AIKEYS_APPROVERS="S2BB S1AA")) == ("S1AA", "S2BB")
