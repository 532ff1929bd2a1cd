"""/aikeys deploys: who put what live, from which commit, approved by whom; and what was changed without the bot."""

import pytest

from bot.clients.supabase import Function
from bot.deploys.record import foreign
from bot.detectors import Known
from playground.source import CY
from tests.chat import words
from tests.deploys import WEBHOOK


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def test_nothing_yet(chat):
    await chat.says("zoe", "/aikeys deploys")
    assert "Nothing was deployed through me yet" in words(await chat.until("Deploys", "zoe"))
    await chat.says("zoe", "/aikeys deploys paymets-circle-webhook")
    told = words(await chat.until("There is no function `paymets-circle-webhook`", "zoe"))
    assert f"Did you mean `{WEBHOOK}`?" in told
    await chat.says("zoe", "/aikeys deploys health")
    await chat.until("`health` was not deployed through me yet", "zoe")


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


@pytest.mark.parametrize(
    ("live", "said"),
    [
        pytest.param({}, "", id="as I made it"),
        pytest.param({"version": 8, "ezbr_sha256": "b"}, "version 8 is live, I made version 7", id="version"),
        pytest.param({"ezbr_sha256": "b"}, "version 7 holds other code than I sent", id="sha"),
        pytest.param({"verify_jwt": True}, "verify_jwt is on, I left it off", id="flag alone"),
        pytest.param({"verify_jwt": None, "ezbr_sha256": None}, "", id="not told"),
    ],
)
def test_the_one_comparison(live, said):
    """For the list, the card, `functions` and the detectors."""
    made = Known(7, "a", verify_jwt=False)
    as_made = {"id": "f", "slug": "f", "status": "ACTIVE", "version": 7, "ezbr_sha256": "a", "verify_jwt": False}
    assert foreign(made, Function(**as_made | live)) == said


async def test_a_change_that_did_not_go_through_the_bot_is_noticed(deploying, chat, project):
    """In the list, and on the next card; also of the flag alone, which moves no version."""
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Done.")
    project.state.functions[WEBHOOK].verify_jwt = True
    project.state.functions[WEBHOOK].files[f"supabase/functions/{WEBHOOK}/age.ts"] = b"// somebody else\n"

    await chat.says("ana", "/aikeys deploys")
    told = "changed without me: verify_jwt is on, I left it off"
    assert told in words(await chat.until(lambda one: "Deploys" in one["text"])).replace("*", "")
    again = await deploying.asks()
    assert told in words(again).replace("*", "")
    assert "what is live" not in words(again), "nobody knows which commit that is from"
