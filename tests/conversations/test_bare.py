"""The four settings that are needed and nothing else: everybody may look, nobody may change anything."""

import pytest

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.registry import load
from bot.views.blocks import Message
from tests.chat import verdict, words
from tests.running import running

NEEDED = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SUPABASE_ACCESS_TOKEN", "SUPABASE_PROJECT_REF")
WHERE = ("SLACK_API_URL", "SUPABASE_API_URL", "AIKEYS_FUNCTIONS_URL", "AIKEYS_DATA", "AIKEYS_HTTP")


@pytest.fixture
def environment(environment):
    """The addresses are the playground's; at home they have defaults."""
    return {name: environment[name] for name in (*NEEDED, *WHERE)}


class Nothing(Args):
    """No arguments."""


@pytest.fixture
def poked() -> list[str]:
    return []


@pytest.fixture
async def bot(town, settings, poked):
    """The product's commands, and one that operators may ask: none of the product's changes anything yet."""

    @command(role=Role.OPERATOR, risk=Risk.CHANGE, examples=["poke"])
    async def poke(ctx: Context, args: Nothing) -> str:
        """Poke it."""
        poked.append(ctx.caller.user)
        return "It was poked."

    poke.view(Message)
    async with running(settings, town.clock, load() | {"poke": poke}) as bot:
        yield bot


@pytest.mark.parametrize("who", ["ana", "ben", "zoe"])
async def test_every_member_may_look(chat, who):
    await chat.says(who, "/aikeys health")
    await chat.until(verdict, who=who)


@pytest.mark.parametrize("who", ["ana", "ben", "zoe"])
async def test_nobody_may_change_anything(chat, who, poked):
    await chat.says(who, "/aikeys poke")
    refusal = await chat.until("is not for you", who=who)
    assert refusal["ephemeral"]
    assert "operator" in words(refusal)
    assert poked == []


async def test_guests_and_outsiders_may_not_even_look(chat):
    for who, channel in (("gus", "#ops"), ("sam", "#partners")):
        await chat.says(who, "/aikeys health", channel=channel)
        assert (await chat.until("members of this workspace only", who=who, channel=channel))["ephemeral"]


class TestRolesOfAGroup:
    """The same bot with one user group named: its members may, the others may not."""

    @pytest.fixture
    def environment(self, environment):
        return environment | {"AIKEYS_OPERATORS": "S0OPERS"}

    async def test_a_member_of_the_group_may_and_others_may_not(self, chat, poked):
        await chat.says("ana", "/aikeys poke")
        await chat.until("It was poked")
        await chat.says("ben", "/aikeys poke")
        await chat.until("is not for you", who="ben")
        assert poked == ["U0ANA"]
