"""/aikeys approvals; and what becomes of a request when time passes or the bot goes away."""

from contextlib import AsyncExitStack

import pytest

from bot.clock import SystemClock
from tests.chat import words
from tests.clocks import Moved
from tests.deploys import buttons, has_button
from tests.running import unwatched


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
def moved() -> Moved:
    """The bot's own clock; Slack and the project keep the machine's."""
    return Moved()


class Coming:
    """A bot that comes and goes, over one database."""

    def __init__(self, settings, clock) -> None:
        self._settings = settings
        self._clock = clock
        self._open = AsyncExitStack()

    async def comes(self) -> None:
        await self._open.enter_async_context(unwatched(self._settings, self._clock))

    async def goes(self) -> None:
        await self._open.aclose()


@pytest.fixture
async def coming(settings, moved):
    coming = Coming(settings, moved)
    await coming.comes()
    yield coming
    await coming.goes()


@pytest.fixture
def bot(coming):
    """The same, for the chat."""
    return coming


async def test_it_expires_after_half_an_hour(deploying, chat, moved):
    """The card says so, and how to ask again; its buttons go; nothing is done."""
    card = await deploying.asks()

    await moved.passes(minutes=31)

    told = await deploying.headline("Expired: nobody approved it")
    assert "/aikeys deploy" in words(told)
    settled = await deploying.card("Expired")
    assert settled["ts"] == card["ts"]
    assert not buttons(settled)
    assert deploying.effects == []


async def test_it_expires_while_the_bot_is_away(deploying, coming, moved):
    await deploying.asks()
    await coming.goes()
    await moved.passes(hours=2)

    await coming.comes()
    await moved.passes(seconds=2)

    await deploying.headline("Expired")


class TestSlackCannotBeAskedForRoles:
    @pytest.fixture
    def environment(self, environment):
        return environment | {"AIKEYS_OPERATORS": "S0OPERS", "AIKEYS_APPROVERS": "S0APPR"}

    async def test_the_card_says_whose_role_rests_on_what_was_said_before(self, deploying, chat, moved, town):
        """For a day the last known members count; who reads the card has to know."""
        for who in ("ana", "ben"):
            await chat.says(who, "/aikeys approvals")
            assert "Nothing waits for approval." in words(await chat.until(f"<@U0{who.upper()}> asked"))
        await moved.passes(hours=2)
        town.slack.app.scopes.discard("usergroups:read")

        card = await deploying.asks()
        assert "counts for a day: of <@U0ANA> 2 h before." in words(card)
        await deploying.click("ben", card, "Approve")

        settled = await deploying.card("Approved by <@U0BEN>")
        assert "of <@U0ANA> 2 h before, of <@U0BEN> 2 h before." in words(settled)


class TestOnTheMachinesClock:
    @pytest.fixture
    def moved(self):
        return SystemClock()

    async def test_a_pending_one_survives_a_restart(self, deploying, coming):
        """Nobody has to ask again: the old card's button works for the new process."""
        card = await deploying.asks()
        await coming.goes()
        await coming.comes()

        await deploying.click("ben", card, "Approve")

        await deploying.headline("Done.")
        assert len(deploying.effects) == 1


async def test_what_waits_and_what_became_of_the_last(deploying, chat, moved):
    await deploying.asks()
    await moved.passes(minutes=31)
    await deploying.headline("Expired")
    await chat.says("ana", "/aikeys deploy health")
    await chat.until(lambda one: has_button("Approve")(one) and "health" in words(one))

    await chat.says("zoe", "/aikeys approvals")

    told = words(await chat.until("Approvals: 1 waits", "zoe"))
    assert "*Deploy health*" in told
    assert "|open the card>" in told
    assert "Expired" in told
