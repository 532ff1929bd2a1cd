"""A P0's own channel: made once, by whatever name is free, with its topic, its people and its pin."""

from functools import partial

import pytest

from playground.slack.channels import Channel
from tests.incidents.errands import ENVIRONMENT, INCIDENTS, done, passing, room, state
from tests.wait import eventually


@pytest.fixture
def environment(environment):
    return environment | ENVIRONMENT


async def test_a_room_has_its_topic_and_its_people_without_a_pause(watching, chat):
    """What follows an errand begins when it is done, not at the next look: here the clock stands still by then."""
    watching.bot._answering._ctx.alerts.open("P0", "Down", "U0ANA", "")
    await watching.clock.passes(seconds=1)
    for name in ("room", "room/topic", "room/invite/U0CY"):
        await eventually(partial(done, watching, name))
    assert "U0CY" in room(chat).members


@pytest.mark.parametrize(
    ("scope", "lost", "said"),
    [
        ("channels:manage", "room", "*No channel of its own*: Slack did not grant channels:manage"),
        ("pins:write", "room/pin", "its pin: Slack did not grant pins:write"),
        ("usergroups:read", "room/invite/S0APPR", "asking somebody in: Slack did not grant usergroups:read"),
    ],
)
async def test_a_scope_that_is_missing_is_said_and_the_rest_goes_on(watching, chat, town, scope, lost, said):
    town.slack.app.scopes.discard(scope)
    await watching.switch("database_outage")
    await watching.looks(4)
    await passing(watching, lambda: state(watching, lost) == "lost" and state(watching, "lead") == "done")
    await chat.until(said, channel=INCIDENTS)
    assert (room(chat) is None) == (lost == "room")


async def test_security_is_talked_of_in_private(watching, chat):
    await chat.says("ana", '/aikeys incident open "Key leaked on a public page" P0')
    await passing(watching, lambda: state(watching, "room/pin") == "done")
    own = room(chat)
    assert own.is_private
    assert own.name.endswith("-key-leaked-on-a-public-page")
    assert {"U0ANA", "U0CY", "U0BEN", "U0BOT"} == set(own.members), "who opened it is there too"


async def test_a_channel_whose_making_was_not_confirmed_is_found(watching, chat):
    """Slack has no idempotency key: the name is taken, by us."""
    await watching.switch("slack_store_then_drop")
    chat.slack.faults._only["slack_store_then_drop"] = "conversations.create"
    await watching.switch("database_outage")
    await watching.looks(4)
    await passing(watching, lambda: watching.bot.store.errands.get("incident/1", "room").state == "trying")
    await watching.switch("slack_store_then_drop", on=False)
    await passing(watching, lambda: state(watching, "room/pin") == "done")
    assert [one.name for one in chat.slack.state.channels.values() if one.name.startswith("inc-")] == [room(chat).name]


async def test_a_name_that_somebody_else_has_is_left_alone(watching, chat, clock):
    theirs = Channel("C0THEIRS", f"inc-{clock.now():%Y%m%d}-database-outage", ["U0ZOE"], creator="U0ZOE")
    chat.slack.state.add_channel(theirs)
    await watching.switch("database_outage")
    await watching.looks(4)
    await passing(watching, lambda: state(watching, "room/pin") == "done")
    names = sorted(one.name for one in chat.slack.state.channels.values() if one.name.startswith("inc-"))
    assert names == [theirs.name, f"{theirs.name}-2"]
    assert theirs.topic == ""
