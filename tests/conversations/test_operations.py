"""/aikeys operations: who holds the project, and stopping what runs."""

import pytest

from tests.chat import words
from tests.deploys import WEBHOOK, buttons, has_button


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def test_none_runs(chat):
    await chat.says("zoe", "/aikeys operations")
    assert "No operation holds the project" in words(await chat.until("Operations", "zoe"))


async def test_who_holds_the_project_and_what_was_done(deploying, chat, project):
    """While it runs the holder is named; afterwards it stands among what was done."""
    card = await deploying.asks()
    async with project.answers("POST", "/functions/deploy", delay=1.5):
        await deploying.click("ben", card, "Approve")
        await deploying.card("Step 2 of 4")
        await chat.says("zoe", "/aikeys operations")
        told = words(await chat.until("holds the project", "zoe"))
        assert has_button("Cancel")(await deploying.card("Step 2 of 4"))
        async with project.answers("GET", f"/functions/{WEBHOOK}", delay=1.5):
            assert not buttons(await deploying.card("Step 3 of 4"))  # its change is made: a Cancel would be refused
    assert f"*Deploy {WEBHOOK}* of <@U0ANA>" in told
    await deploying.headline("Done.")

    await chat.says("zoe", "/aikeys operations")
    assert "is live" in words(await chat.until("No operation holds the project", "zoe"))


async def test_cancelled_between_steps(deploying, chat, project):
    """The step under way ends; the next one is not begun; what is live stays."""
    card = await deploying.asks()
    async with project.answers("GET", f"/functions/{WEBHOOK}/body", delay=1.5):
        await deploying.click("ben", card, "Approve")
        running = await chat.until(has_button("Cancel"))
        await deploying.click("zoe", running, "Cancel")
        assert (await chat.until("is not for you", "zoe"))["ephemeral"]
        await deploying.click("ana", running, "Cancel")
        await deploying.headline("<@U0ANA> stops it before its next change; what is under way is finished first.")
        told = await deploying.headline("Cancelled by <@U0ANA>")
    assert "was not touched" in words(told)
    assert not buttons(await deploying.ended("Stopped before “Deploy”"))
    assert deploying.effects == []
