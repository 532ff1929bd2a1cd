"""A change asked for where the bot has no seat: nobody waits for a card that never comes."""

import pytest

from playground.slack.people import BOT_USER
from tests.chat import words
from tests.deploys import has_button
from tests.wait import eventually


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.mark.parametrize(
    ("where", "why"),
    [("#war-room", "`/invite @aikeys` gives me one"), ("@ana", "nobody else could see it here")],
)
async def test_the_card_is_in_the_ops_channel_and_the_asker_is_told(chat, where, why):
    await chat.says("ana", "/aikeys deploy health", channel=where)

    told = words(await chat.until("Asked:", channel=where))

    assert "in the thread of its message in <#C0OPS>" in told
    assert why in told
    card = await chat.until(has_button("Approve"))
    assert "Deploy health" in words(card)
    assert not [one for one in chat.sees("ben", "#war-room") if one.get("bot_id")]


async def test_in_a_public_channel_without_it_the_card_is_there(chat, town):
    """chat:write.public: no seat is needed."""
    town.slack.state.channel("#general").members.remove(BOT_USER)

    await chat.says("ana", "/aikeys deploy health", channel="#general")

    await chat.until(has_button("Approve"), channel="#general")
    assert not [one for one in chat.sees("ana", "#general") if "Asked:" in words(one)]


async def test_where_only_some_may_post_the_asker_hears_where_it_is(chat, town):
    """The bot can see the channel, and Slack turns its headline away all the same."""
    town.slack.state.channel("#general").restriction = "restricted_action_read_only_channel"

    await chat.says("ana", "/aikeys deploy health", channel="#general")

    told = await chat.until("I may not post in <#C0GEN>", "ana", "@ana")
    assert "is in <#C0OPS>" in words(told)
    assert "Deploy health" in words(await chat.until(has_button("Approve")))


class TestWithoutAnOpsChannel:
    @pytest.fixture
    def environment(self, environment):
        return {name: value for name, value in environment.items() if name != "AIKEYS_OPS_CHANNEL"}

    async def test_it_is_refused_with_the_way_out(self, chat, bot):
        await chat.says("ana", "/aikeys deploy health", channel="#war-room")

        told = words(await chat.until("I have no seat in this channel", channel="#war-room"))

        assert "/invite @aikeys" in told
        await eventually(lambda: bot.store.approvals.recent() == [])
