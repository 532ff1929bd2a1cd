"""A deploy that fails: refused, its answer lost, another one in between, code that does not start; what is said."""

import asyncio
import math
from typing import Any

import pytest

from bot.clients.supabase import DEPLOY_PATIENCE
from bot.clock import SystemClock
from bot.deploys.steps import SETTLES
from playground.source import CY
from tests.chat import words
from tests.deploys import WEBHOOK, buttons
from tests.wait import eventually

pytestmark = pytest.mark.usefixtures("deploying")


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.mark.parametrize(
    ("status", "message", "told"),
    [
        (400, "Failed to bundle the function (reason: The module's source code could not be parsed)", "bundle"),
        (402, "Maximum number of functions reached", "402"),
        (409, "Deployment already exists", "409"),
        (429, "Too many requests", "429"),
        (403, "Forbidden", "403"),
    ],
)
async def test_supabase_says_no(deploying, project, status, message, told):
    """Certainly nothing was done, and that is said."""
    card = await deploying.asks()
    async with project.answers("POST", "/functions/deploy", status=status, body={"message": message}):
        await deploying.click("ben", card, "Approve")
        failed = await deploying.headline("*Failed*")
    assert told in words(failed).lower() or told in words(failed)
    assert deploying.effects == []
    assert not buttons(await deploying.ended("✗ Deploy"))


class Hasty(SystemClock):
    """The two minutes that a deploy may take are over once a test says so; what then settles has settled."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        if seconds == DEPLOY_PATIENCE:
            await self.over.wait()
        else:
            await super().sleep(0.2 if seconds == SETTLES else seconds)


LOST: dict[str, dict[str, Any]] = {
    "500": {"status": 500, "body": {"message": "x"}},
    "dropped": {"drop": True},
    "hangs": {"delay": math.inf},
}


class TestTheAnswerIsLost:
    @pytest.fixture
    def clock(self):
        return Hasty()

    @pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
    async def test_after_the_effect(self, deploying, project, clock, fault):
        """It is asked whether it is there, and it is: proved and done, once."""
        card = await deploying.asks()
        async with project.answers("POST", "/functions/deploy", after=True, **fault):
            await deploying.click("ben", card, "Approve")
            await eventually(lambda: deploying.effects, within=20)
            clock.over.set()
            await deploying.headline("Done.")
        assert len(deploying.effects) == 1

    @pytest.mark.parametrize("fault", ["500", "dropped"])
    async def test_before_the_effect(self, deploying, project, fault):
        """It is asked whether it is there, and it is not: failed, nothing changed, never sent again by itself."""
        card = await deploying.asks()
        async with project.answers("POST", "/functions/deploy", **LOST[fault]):
            await deploying.click("ben", card, "Approve")
            failed = await deploying.headline("*Failed*")
        assert "nothing was changed" in words(failed)
        assert deploying.effects == []


async def test_somebody_else_deploys_in_the_same_moment(deploying, chat, project):
    """The version moved and holds other code: nobody guesses; a human is asked, and says what became of it."""
    card = await deploying.asks()
    function = project.state.functions[WEBHOOK]
    async with project.answers("POST", "/functions/deploy", status=500, body={"message": "x"}):
        await deploying.click("ben", card, "Approve")
        await deploying.card("Step 2 of 4")
        function.version += 1
        await deploying.headline("Needs a human")
    stuck = await deploying.card("does not hold what was sent")

    await deploying.asks_in_vain("health")
    await deploying.click("zoe", stuck, "Give up")
    assert (await chat.until("is not for you", "zoe"))["ephemeral"]
    await deploying.click("ana", stuck, "Give up")

    await deploying.headline("*Failed*")
    assert not buttons(await deploying.ended("Given up by <@U0ANA>"))


async def test_all_stops_at_the_first_failure(deploying, repository, project):
    """What was done stays done and is said; what comes after was not touched."""
    repository.commit(CY, "Broken", {"supabase/functions/health/index.ts": "// playground: bundle broken\n"})
    card = await deploying.asks("deploy all")
    await deploying.click("ben", card, "Approve")

    told = await deploying.headline("*Failed*")

    assert "health" not in [slug for slug, _ in deploying.effects]
    assert f"`{WEBHOOK}` was not touched" in words(told)


@pytest.mark.parametrize("outage", [False, True])
async def test_new_code_that_does_not_start(deploying, project, repository, bot, outage):
    """It went live and does not answer: said so, with the way back. An outage explains it, whatever the code."""
    if outage:
        bot.store.incidents.open("P0", "Database outage", "database_outage", bot.clock.now())
    path = f"supabase/functions/{WEBHOOK}/index.ts"
    repository.commit(CY, "Broken", {path: 'throw new Error("boot");\n' + repository.text(path)})
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")

    told = words(await deploying.headline("*Failed*"))
    assert ("incident/1 “Database outage” (P0) is open, since before this deploy" in told) is outage
    assert ("a roll back will not end them" in told) is outage
    assert ("roll the last deploy back" in told) is not outage
    assert len(deploying.effects) == 1
    assert [one["text"]["text"] for one in buttons(await deploying.ended("✗ Call it"))] == ["Roll back"]
