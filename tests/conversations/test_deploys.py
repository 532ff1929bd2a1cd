"""/aikeys deploys: who put what live, from which commit, approved by whom; and what was changed without the bot."""

import pytest

from playground.source import CY
from tests.chat import words
from tests.deploys import WEBHOOK


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def test_nothing_yet(chat):
    await chat.says("zoe", "/aikeys deploys")
    assert "Nothing was deployed through me yet" in words(await chat.until("Deploys", "zoe"))


async def test_who_what_when_from_which_commit_approved_by_whom(deploying, chat, project, repository):
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Done.")
    version = project.state.functions[WEBHOOK].version

    await chat.says("zoe", f"/aikeys deploys {WEBHOOK}")

    told = words(await chat.until(f"Deploys of {WEBHOOK}", "zoe"))
    for word in (f"version {version}", repository.head[:10], "by <@U0ANA>", "approved by <@U0BEN>", "✅"):
        assert word in told
    assert "changed without me" not in told

    repository.commit(CY, "Older events too", {f"supabase/functions/{WEBHOOK}/age.ts": "export const tooOld = 1;\n"})
    shown = words(await deploying.asks(f"deploy {WEBHOOK} main"))
    for word in ("Older events too", CY.name, "1 commit ahead of what is live"):
        assert word in shown


async def test_a_change_that_did_not_go_through_the_bot_is_noticed(deploying, chat, project):
    """In the list, and on the next card."""
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Done.")
    project.state.functions[WEBHOOK].version += 1
    project.state.functions[WEBHOOK].files[f"supabase/functions/{WEBHOOK}/age.ts"] = b"// somebody else\n"

    await chat.says("ana", "/aikeys deploys")
    assert "changed without me" in words(await chat.until(lambda one: "Deploys" in one["text"]))
    again = words(await deploying.asks())
    assert "changed without me" in again
    assert "what is live" not in again, "nobody knows which commit that is from"
