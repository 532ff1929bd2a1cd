"""Roles as Slack's answers give them: remembered, survived, refused."""

import asyncio

import pytest

TEAM = "T0AIKEYS"
GROUPS = {"AIKEYS_OPERATORS": "S0OPERS", "AIKEYS_APPROVERS": "S0APPR"}


@pytest.mark.parametrize(
    ("who", "may", "why"),
    [
        ("U0ANA", {"viewer", "operator"}, ""),
        ("U0BEN", {"viewer", "approver"}, ""),
        ("U0ZOE", {"viewer"}, ""),
        ("U0GUS", set(), "guest"),
        ("U0SAM", set(), "another workspace"),
        ("U0BOT", set(), "bots"),
        ("U0NOBODY", set(), "does not know you"),
        ("", set(), "Nobody is named"),
    ],
)
async def test_the_cast(roles, who, may, why):
    """Members look, groups give roles, guests and outsiders may do nothing."""
    grant = await roles(**GROUPS).of(who, TEAM)
    assert grant.roles == may
    assert why in grant.why


async def test_another_workspace_is_not_even_asked_about(roles, calls):
    """A payload that names another workspace is enough."""
    assert "another workspace" in (await roles().of("U0ANA", "T0PARTNER")).why
    assert calls("users.info") == 0


async def test_asked_once_for_all_who_wait_and_again_after_five_minutes(roles, calls, clock):
    """200 commands at once are one question to Slack, and so is the next five minutes."""
    those = roles(**GROUPS)
    await asyncio.gather(*(those.of("U0ANA", TEAM) for _ in range(200)))
    assert (calls("users.info"), calls("usergroups.users.list")) == (1, 2)
    await clock.passes(seconds=299)
    await those.of("U0ANA", TEAM)
    assert calls("users.info") == 1
    await clock.passes(seconds=2)
    await those.of("U0ANA", TEAM)
    assert (calls("users.info"), calls("usergroups.users.list")) == (2, 4)


async def test_who_leaves_a_group_loses_the_role_within_five_minutes(roles, workspace, clock):
    """The group in Slack is the truth."""
    those = roles(**GROUPS)
    assert "operator" in (await those.of("U0ANA", TEAM)).roles
    workspace.state.groups["S0OPERS"] = ("operators", [])
    await clock.passes(minutes=6)
    assert (await those.of("U0ANA", TEAM)).roles == {"viewer"}


async def test_the_last_known_count_for_a_day_when_slack_cannot_be_asked(roles, workspace, clock):
    """An outage of Slack's API does not lock the team out; after a day it does."""
    those = roles(**GROUPS)
    await those.of("U0ANA", TEAM)
    await workspace.faults.set("slack_5xx", True)
    await clock.passes(hours=23)
    grant = await those.of("U0ANA", TEAM)
    assert grant.roles == {"viewer", "operator"}
    assert "it said 23 h ago" in grant.note
    assert grant.age == "23 h"
    await clock.passes(hours=2)
    grant = await those.of("U0ANA", TEAM)
    assert grant.roles == set()
    assert "could not ask Slack" in grant.why


async def test_nobody_is_let_in_unseen(roles, workspace):
    """Where nothing is known and Slack cannot be asked, nothing is allowed, and the sentence says so."""
    await workspace.faults.set("slack_5xx", True)
    grant = await roles().of("U0ANA", TEAM)
    assert grant.roles == set()
    assert (
        grant.why == "I could not ask Slack who you are (Slack did not answer), so nothing is allowed. Try again soon."
    )
    await workspace.faults.set("slack_5xx", False)
    those = roles()
    assert (await those.of("U0ANA", TEAM)).roles == {"viewer"}


async def test_a_slow_slack_is_not_waited_for(roles, workspace, clock):
    """Three seconds, then what is known counts; a question does not hang on a question."""
    await workspace.faults.set("slack_latency", True)
    asking = asyncio.create_task(roles().of("U0ANA", TEAM))
    await clock.passes(seconds=3.1)
    assert "could not ask Slack" in (await asking).why


async def test_a_scope_that_is_missing_is_named(roles, workspace):
    """What an administrator can mend is said in words they can search for."""
    workspace.app.scopes.discard("users:read")
    grant = await roles().of("U0ANA", TEAM)
    assert grant.roles == set()
    assert "missing_scope" in grant.why


async def test_a_group_that_cannot_be_read_gives_no_role_and_says_so(roles, workspace):
    """Without usergroups:read people still look; nobody becomes an operator by a group nobody can read."""
    workspace.app.scopes.discard("usergroups:read")
    grant = await roles(**GROUPS).of("U0ANA", TEAM)
    assert grant.roles == {"viewer"}
    assert "group could not be read" in grant.note


async def test_a_group_that_is_gone_has_no_members(roles):
    """Deleted in Slack, still in the settings."""
    grant = await roles(AIKEYS_OPERATORS="S0GONE").of("U0ANA", TEAM)
    assert grant.roles == {"viewer"}
    assert grant.note == ""


async def test_an_impatient_asker_takes_nothing_from_the_others(roles, calls):
    """One of two who wait is cancelled; the other is answered by the same question."""
    those = roles()
    first = asyncio.create_task(those.of("U0ZOE", TEAM))
    second = asyncio.create_task(those.of("U0ZOE", TEAM))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).roles == {"viewer"}
    assert calls("users.info") == 1
